"""The robot's long connection: kept by one process of all, and what is said over it."""
