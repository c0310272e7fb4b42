"""WeCom, an app of one's own: settings, checks, texts, and the channel itself."""
