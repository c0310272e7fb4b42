"""Telegram: settings, checks, texts, and the channel itself."""
