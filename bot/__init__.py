"""Who carries answers to people: commands, channels, skills and texts."""
