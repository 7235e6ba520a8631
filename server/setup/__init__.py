"""From the settings to an assistant that runs."""
