"""The web assistant: pages, the JSON API, and who may do what."""
