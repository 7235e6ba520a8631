"""The database itself: sessions, dialects, what is encrypted, what must be true."""
