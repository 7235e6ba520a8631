"""Reminders that people set themselves or each other."""
