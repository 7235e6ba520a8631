"""What must happen by when: steps, deadlines, warnings, days to observe."""
