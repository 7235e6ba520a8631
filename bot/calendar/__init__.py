"""Days and times: workdays, yearly days, quiet hours, what repeats."""
