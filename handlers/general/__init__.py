"""Help, and choosing from what was offered."""
