"""Reminders by chat."""
