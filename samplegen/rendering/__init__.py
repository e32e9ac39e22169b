"""A call becomes samples."""
