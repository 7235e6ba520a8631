"""Typed parts of a sentence: who, how much, when, yes or no."""
