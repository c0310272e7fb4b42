"""Changing the organization's own content in the browser: made, tried, applied, taken back."""
