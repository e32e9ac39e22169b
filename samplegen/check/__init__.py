"""Finds what is wrong with the samples of published pages, and mends it."""
