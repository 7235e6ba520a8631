"""Who is signed in to the console, and what was sent from its forms."""
