"""A local page that shows samples as they are written, and the same as static files."""
