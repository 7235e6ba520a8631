"""What came in: answered once, questions left open, replies that lie sealed."""
