"""Is the twin a WeCom? Each rule it keeps, kept by a test."""
