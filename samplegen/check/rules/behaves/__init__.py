"""Whether a sample behaves as a program should, above all where the call fails."""
