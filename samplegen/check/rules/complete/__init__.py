"""Whether a page shows the call in every language, SDK and region, as whole programs."""
