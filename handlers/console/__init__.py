"""The console, from the chat."""
