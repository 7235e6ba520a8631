"""The settings: read, checked, typed."""
