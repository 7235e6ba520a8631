"""The pages of the console, a noun each."""
