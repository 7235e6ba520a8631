"""What is said to something open: yes, no, a change, and how it changes a text."""
