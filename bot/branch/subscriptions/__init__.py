"""A member's own calendar: its secret address, and what stands in it."""
