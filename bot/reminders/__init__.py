"""Telling people what is late or due: a digest once a day, a badge, a calendar to subscribe to."""
