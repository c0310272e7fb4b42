"""What was told -> drawn: as text for a terminal or a chat, in pieces that fit."""
