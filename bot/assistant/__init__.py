"""One text in, one answer out: who asks, which command, may they, and what is said."""
