"""Pictures: the political-birthday card and the collective card. Pillow lives here."""
