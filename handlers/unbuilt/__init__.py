"""What is understood and not built yet: said so, nothing pretended."""
