"""Where people meet the assistant; each channel is one file with one function ``run``."""
