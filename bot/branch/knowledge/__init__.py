"""What the branch itself taught the assistant, and what it could not answer."""
