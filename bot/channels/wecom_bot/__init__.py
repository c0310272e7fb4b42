"""WeCom's AI bot over a long connection: settings, checks, texts, and the channel itself."""
