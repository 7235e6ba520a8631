"""Words that mean the same, or nothing, or a person."""
