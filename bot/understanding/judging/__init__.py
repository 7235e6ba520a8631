"""What forbids to act on a text, and what is offered instead."""
