"""The database looked after: made, upgraded, copied, kept, rekeyed, verified."""
