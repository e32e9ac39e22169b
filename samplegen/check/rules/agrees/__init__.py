"""Whether the samples of one call on a page agree with each other."""
