"""A chat platform as small as one can be: a POST of JSON, answered in plain text."""
