"""A WeCom of our own, both sides, with faults on demand; it imports nothing of us."""
