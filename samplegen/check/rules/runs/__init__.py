"""Whether a sample can run at all."""
