"""What a member's words mean: a text becomes a command and its particulars."""
