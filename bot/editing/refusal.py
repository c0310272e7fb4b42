"""Why an edit cannot be made, tried, applied or taken back."""

from __future__ import annotations

from bot.texts import say


class EditRefused(Exception):
    """``edit.refused.<reason>`` is the sentence.

    *reason*: no_overlay, not_writable, not_readable, layout, changed or changed_by_hand (since),
    not_tried, not_fine, not_applied, nothing (would be changed).
    """

    def __init__(self, reason: str, *about: str) -> None:
        super().__init__(reason, *about)
        self.reason, self.about = reason, about

    def message(self, language: str) -> str:
        """The sentence, naming what it is about."""
        named = dict(zip(("what", "why"), (*self.about, "", ""), strict=False))
        return say(language, f"edit.refused.{self.reason}", **named)
