"""What WeChat and WeCom have in common: envelopes, callbacks, and the way to an answer in time."""
