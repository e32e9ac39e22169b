"""Whether the words around the code are in the page's language, and always the same words."""
