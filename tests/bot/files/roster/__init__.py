"""Rosters: sample files of invented people, made here, read back."""
