"""Letters leave: claimed, sent, settled; and what wakes who sends them."""
