"""Words that say which function is right ("change to sales, because ..."), read as an action."""

from __future__ import annotations

from functools import cache

from bot.model import Action, Chat
from bot.texts import say
from knowledge.engine.model import LANGUAGES

LONGEST = 500
STOPS = ",.;:!\uff0c\u3002\uff1b\uff1a\u3001\uff01 \n\t\u201c\u201d\"'\u300c\u300d"


def parse_correction(text: str, chat: Chat) -> Action | None:
    """The action, where a posting was classified and the words correct it or take that back.

    Its arguments are the name of the function (none for a reason alone), the reason, and the text.
    """
    if chat.judged is None or not text or len(text) > LONGEST:
        return None
    small = text.casefold()
    if small.strip(STOPS) in _words("back"):
        return Action("", "uncorrect", (chat.judged.input,))
    found = _name_after_verb(small, text) or _name_before_verb(small, text)
    return Action("", "correct_is", (*found, text)) if found else None


def _name_after_verb(small: str, text: str) -> tuple[str, str] | None:
    """(name, reason) behind words such as "change to"; a reason alone begins with "because"."""
    for word in (*_words("before"), *_words("because")):
        if small.startswith(word):
            if word in _words("because"):
                return "", text[len(word) :].strip(STOPS)
            return _split(text[len(word) :])
    return None


def _name_before_verb(small: str, text: str) -> tuple[str, str] | None:
    """(name, reason) where the words stand behind the name, as in Japanese and Korean."""
    for word in _words("after"):
        at = small.find(word)
        if at > 0:
            return text[:at].strip(STOPS), _split(f"_{text[at + len(word) :]}")[1]
    return None


def _split(rest: str) -> tuple[str, str]:
    """(name, reason): the reason begins with "because", or behind the first comma."""
    small = rest.casefold()
    starts = [(small.find(word), len(word)) for word in _words("because") if word in small]
    if starts:
        at, size = min(starts)
        return rest[:at].strip(STOPS), rest[at + size :].strip(STOPS)
    commas = [at for at, char in enumerate(rest) if char in ",\uff0c;\uff1b\u3002\n"]
    at = commas[0] if commas else len(rest)
    return rest[:at].strip(STOPS), rest[at:].strip(STOPS)


@cache
def _words(kind: str) -> tuple[str, ...]:
    """The words of every language, the longest first."""
    told = (say(language, f"talk.correct.{kind}").split("|") for language in LANGUAGES)
    return tuple(sorted({word.casefold() for some in told for word in some}, key=lambda w: -len(w)))
