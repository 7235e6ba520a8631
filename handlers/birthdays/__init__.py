"""One's own birthday, greetings and cards, collective birthdays."""
