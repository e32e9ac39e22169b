"""Samples between markers are what samplegen renders now."""
