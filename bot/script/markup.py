"""A page of ours in the script of its reader: what people read of it, and nothing else."""

from __future__ import annotations

import re

from bot.script.convert import CONVERSIONS, convert_part

READ = frozenset({
    "title", "alt", "aria-label", "placeholder", "data-offline", "data-unplugged", "data-retry",
    "hx-confirm", "label",
})  # fmt: skip
"""The attributes that hold sentences; every other one is an id, an address or a person's word."""
LITERAL = frozenset({"script", "style", "textarea", "code", "pre"})
"""Elements whose text is not ours."""
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
_PIECE = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_NAME = re.compile(r"</?([a-zA-Z][\w-]*)")
_ATTRIBUTE = re.compile(r"([\w:-]+)=(\"[^\"]*\"|'[^']*')")


def in_script(markup: str, script: str) -> str:
    """The page with its text told in that script, a key of `CONVERSIONS`; another one leaves it.

    What stands in an element with ``translate="no"`` stays, such as names and what people wrote.
    """
    if script not in CONVERSIONS:
        return markup
    result: list[str] = []
    kept: list[str] = []  # the element that is left alone, and those of its name inside it
    at = 0
    for piece in _PIECE.finditer(markup):
        text = markup[at : piece.start()]
        result.append(text if kept else convert_part(text, script))
        result.append(piece[0] if kept else _tag(piece[0], script))
        kept = _protected_elements(piece[0], kept)
        at = piece.end()
    return "".join([*result, convert_part(markup[at:], script)])


def _protected_elements(tag: str, kept: list[str]) -> list[str]:
    """The elements around what follows *tag* that are left alone."""
    found = _NAME.match(tag)
    if found is None:
        return kept
    name = found[1].lower()
    if kept:
        if name != kept[0] or tag.endswith("/>"):
            return kept
        return kept[:-1] if tag.startswith("</") else [*kept, name]
    opens = not tag.startswith("</") and not tag.endswith("/>") and name not in VOID
    return [name] if opens and (name in LITERAL or 'translate="no"' in tag) else []


def _tag(tag: str, script: str) -> str:
    def convert_attribute(found: re.Match[str]) -> str:
        return f"{found[1]}={convert_part(found[2], script)}" if found[1] in READ else found[0]

    return (
        tag if tag.isascii() or 'translate="no"' in tag else _ATTRIBUTE.sub(convert_attribute, tag)
    )
