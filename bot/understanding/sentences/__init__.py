"""Sentences read whole: the form of a template, and the one matcher."""
