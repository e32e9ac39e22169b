"""The OpenAI-compatible protocol."""
