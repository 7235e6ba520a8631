"""Political birthdays: greetings, cards, who writes them, and the collective ones."""
