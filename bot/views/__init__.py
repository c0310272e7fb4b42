"""A decision told: entries, owners, checklists and refusals as blocks that a channel draws."""
