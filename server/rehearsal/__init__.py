"""What would be sent, by day, without sending."""
