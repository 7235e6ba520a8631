"""The rule book: dated, cited rules as data, and the questions they answer."""
