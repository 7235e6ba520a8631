"""Pictures: the political-birthday card and the collective card, as Typst templates."""
