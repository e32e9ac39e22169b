"""One file for each language: how its programs are read."""
