"""The demo: a branch that is invented, lived through two weeks."""
