"""What the knowledge means for one message: intents, bands, answers."""
