"""Votes by chat that stay secret: 测评, 推优, 征求意见; no elections, no admissions."""
