"""A message and the conversation so far -> an Answer, with everything that led to it."""
