"""Metrics, logs, the watchdog, the file's guard."""
