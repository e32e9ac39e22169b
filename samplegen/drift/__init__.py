"""Whether samples still work with the newest SDKs: asked of the registries, tried by running."""
