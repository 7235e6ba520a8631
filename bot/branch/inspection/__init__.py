"""What an inspection asks for: a year's papers, what lacks, what does not agree."""
