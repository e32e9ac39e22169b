"""One module for each language, named by its id."""

# The order in which the docs show them; a language that is not named comes after these.
ORDER = ("python", "java", "nodejs", "go", "csharp", "php", "curl")
