"""What the branch and its members did, as records: each kind is one declaration."""
