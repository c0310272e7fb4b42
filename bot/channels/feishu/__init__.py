"""Feishu by HTTP callbacks: settings, checks, texts, and the channel itself."""
