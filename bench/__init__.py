"""What `make bench` runs: this machine's figures beside the bars to clear."""
