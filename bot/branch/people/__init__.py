"""Members, their branches and roles, who is meant by an audience, what was done."""
