"""A WeChat Official Account: settings, checks, texts, and the channel itself."""
