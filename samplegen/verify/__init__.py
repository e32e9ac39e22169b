"""Running samples against a local server, to see what they really send."""
