"""What was learnt from thousands of sentences: intents, replies, parts of orders."""
