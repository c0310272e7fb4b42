"""What a column's name says it holds, whatever stands around the name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from knowledge.engine import source
from knowledge.engine.normal import question_key
from knowledge.engine.source import ContentError

HEADERS = Path(__file__).with_name("headers.yaml")
ROLES = ("description", "duties", "requirements", "title", "id", "lang")
TEXTS = ("description", "duties", "requirements")
LONGEST = 60
"""Characters of a header; what is longer is a text and no name."""
_BRACKETS = re.compile(
    r"[(\uff08\[\u3010\u3014<\uff1c\u300c{][^()\uff08\uff09\[\]\u3010\u3011<>\uff1e\u300d{}]*"
    r"[)\uff09\]\u3011\u3015>\uff1e\u300d}]"
)
_MARKS = re.compile(
    r"[*\uff0a\u203b\u25cf\u25a0#:\uff1a]|\u5fc5\u586b\u9879?|\u9009\u586b|\u5fc5\u9808$|\uff08?\ud544\uc218\uff09?$"
    r"|\brequired\b|\boptional\b|\bmandatory\b",
    re.IGNORECASE,
)
_APART = re.compile(
    r"[/\uff0f|\uff5c\\&\u3001,\uff0c;+\u30fb\u00b7\n]|\band\b|(?<=[\u4e00-\u9fff])[\u548c\u53ca\u4e0e](?=[\u4e00-\u9fff])",
    re.IGNORECASE,
)


@cache
def _roles_by_name() -> dict[str, str]:
    document = source.read(HEADERS, f"bot/postings/{HEADERS.name}")
    if document.problems:
        raise ContentError(document.problems)
    return {_key(name): role for role in ROLES for name in document.value[role]}


def _key(name: str) -> str:
    return question_key(name.replace("_", " ").replace("-", " "))


def strip_marks(name: str) -> str:
    """A column's name without brackets and marks of what must be filled in."""
    told = _MARKS.sub(" ", _BRACKETS.sub(" ", name)).strip()
    return told or name.strip("()[]\u3010\u3011\uff08\uff09 ")


@cache
def role_of(name: str) -> str | None:
    """What a column of that name holds; None for an unknown name.

    Brackets, marks of what must be filled in, and numbers before the name do not matter; of two
    names beside a slash both count, and two texts together are a description.
    """
    if not name or len(name) > LONGEST:
        return None
    plain = strip_marks(name)
    for told in (name, plain, re.sub(r"^[\d.\s]+", "", plain), plain.rpartition(".")[2]):
        role = _roles_by_name().get(_key(told))
        if role:
            return role
    parts = [_roles_by_name().get(_key(part)) for part in _APART.split(plain) if part.strip()]
    roles = [role for role in parts if role]
    if len(roles) > 1 and set(roles) <= set(TEXTS):
        return "description" if set(roles) != {"requirements"} else "requirements"
    return roles[0] if roles else None
