"""Meetings: planned, called, signed into, recorded once; every paper from that."""
