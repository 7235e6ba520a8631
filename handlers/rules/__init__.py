"""Questions about the rules, and the branch's own knowledge."""
