"""The processes of `serve`, and their parts."""
