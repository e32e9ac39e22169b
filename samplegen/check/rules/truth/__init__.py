"""Whether what a sample says of the service and its SDKs is so."""
