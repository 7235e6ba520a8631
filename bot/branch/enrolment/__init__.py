"""A roster or an address book comes in: who is who, what changes."""
