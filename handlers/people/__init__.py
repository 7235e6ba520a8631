"""People: the roster, oneself, phone numbers, one's own data."""
