"""Whether a sample keeps keys secret and runs nothing that it is given."""
