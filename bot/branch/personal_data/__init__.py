"""What is kept of somebody, and how it goes."""
