"""A spreadsheet as a secretary keeps it: clean rows, or every fault at once."""
