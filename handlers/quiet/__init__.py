"""Being left in peace."""
