"""The script of a Chinese conversation: which one is written, and replies drawn in it."""
