"""Notices: drafted, sent, answered, corrected, withdrawn, chased, counted."""
