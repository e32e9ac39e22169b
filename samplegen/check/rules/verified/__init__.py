"""Whether a sample does what it should when it is run."""
