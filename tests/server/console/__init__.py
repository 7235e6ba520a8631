"""The console, as its secretary's browser sees it."""
