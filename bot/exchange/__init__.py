"""Tables of questions and answers that people already have, and an organization's own entries."""
