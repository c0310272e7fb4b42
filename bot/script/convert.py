"""An outcome as it was drawn -> the same in the script that the conversation is held in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from bot.model import Chat, Outcome
from bot.script.detect import HONG_KONG, SIMPLIFIED, TAIWAN, is_traditional, script_of
from knowledge.engine import source

WORDS = Path(__file__).parent / "words.yaml"
CONVERSIONS = {TAIWAN: "s2tw", HONG_KONG: "s2hk"}
"""Script -> the conversion of OpenCC."""
WITHIN = "blocks actions items heads rows card boxes submit message"
DRAWN = frozenset(f"text note title label prompt why notice subtitle summary {WITHIN}".split())
"""The fields of a reply and its parts that people read; ids, keys and files are never changed."""
QUOTED = "\u201c[^\u201c\u201d]*\u201d"
ADDRESS = r"https?://[^\s\u3000-\u303f\uff00-\uffef]+"
_Drawn = TypeVar("_Drawn")


def in_script(
    outcome: Outcome, text: str, before: Chat, names: tuple[str, ...] = (), sent: str = ""
) -> Outcome:
    """The outcome of a message, told in its script; the chat remembers that.

    *text*: the message, empty where something was pressed; *before*: the chat as it was. *names*
    of people and files stay as they are, and so does what is quoted from the messages and from
    what else was *sent*, such as the posting in a file.
    """
    script = script_of(text, before.script)
    if script not in CONVERSIONS:
        script = SIMPLIFIED
    if outcome.chat.script != script:
        outcome = replace(outcome, chat=replace(outcome.chat, script=script))
    if script == SIMPLIFIED or outcome.reply.language != "zh":
        return outcome
    own = [
        text,
        sent,
        *(e.text for last in (before.last, outcome.answer) if last for e in last.evidence),
    ]
    reply = convert_part(outcome.reply, script, "\n".join(own), names)
    exchanged = outcome.exchanged
    if exchanged is not None:
        exchanged = (exchanged[0], convert_part(exchanged[1], script, "\n".join(own), names))
    return replace(outcome, reply=reply, exchanged=exchanged)


def convert_part(part: _Drawn, script: str, own: str = "", names: tuple[str, ...] = ()) -> _Drawn:
    """A reply or a part of one in that script, ids left alone.

    *own*: what the person wrote, kept where it is quoted.
    """
    if script not in CONVERSIONS:
        return part
    literal = [re.escape(name) for name in names if name]
    kept = re.compile("|".join([QUOTED, ADDRESS, *literal]))

    def convert_text(text: str) -> str:
        if text.isascii() or is_traditional(text):
            return text
        result, at = [], 0
        for match in kept.finditer(text):
            if match[0].startswith("\u201c") and match[0][1:-1] not in own:
                continue
            result += [_convert(text[at : match.start()], script), match[0]]
            at = match.end()
        return "".join([*result, _convert(text[at:], script)])

    converted: _Drawn = _map_texts(part, convert_text)
    return converted


def _map_texts(value: _Drawn, told: Callable[[str], str]) -> _Drawn:
    """The same shape with every text that people read told anew."""
    if isinstance(value, str):
        return told(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_map_texts(one, told) for one in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in fields(value) if one.name in DRAWN]
        return replace(value, **{name: _map_texts(getattr(value, name), told) for name in names})
    return value


def _convert(text: str, script: str) -> str:
    pattern, words = _words(script)
    return pattern.sub(lambda match: words[match[0]], _converter(script)(text))


@cache
def _converter(script: str) -> Callable[[str], str]:
    import opencc  # not needed by a conversation in Simplified script

    convert: Callable[[str], str] = opencc.OpenCC(CONVERSIONS[script]).convert
    return convert


@cache
def _words(script: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds the words that differ there, the longest first, and the word for each."""
    document = source.read(WORDS, WORDS.name)
    if document.problems:
        raise source.ContentError(document.problems)
    words: dict[str, str] = document.value[script]
    longest = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))), words
