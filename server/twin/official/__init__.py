"""A WeChat official account of our own, both sides, with faults on demand."""
