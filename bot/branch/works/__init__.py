"""Works that are called for: handed in, looked through, judged blind, shown."""
