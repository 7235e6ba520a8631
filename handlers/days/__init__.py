"""The calendar and days to observe."""
