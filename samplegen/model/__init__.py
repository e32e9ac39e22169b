"""The call, the catalog, and reading their files."""
