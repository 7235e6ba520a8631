"""Notices by chat: composing, status, chasing, recalling, answering."""
