"""What comes over HTTP: callbacks, pages, health; read, rationed, answered."""
