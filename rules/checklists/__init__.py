"""A checklist and its marks: progress, a draft of one's own, the linter."""
