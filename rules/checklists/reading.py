"""A checklist in any form that people write -> a Draft; what stands before it is read too."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.checklists import owners
from rules.checklists.draft import Draft, Finding, day_in, is_word, split_label
from rules.checklists.markdown_form import from_markdown
from rules.checklists.table_form import from_rows, rows_of
from rules.checklists.yaml_form import from_yaml

_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?\r?\n)?---[ \t]*(\r?\n|$)", re.DOTALL)

_COMMA = re.compile("[,;\uff0c\u3001\uff1b]")


def is_yaml(text: str) -> bool:
    """Whether a text looks like our YAML rather than Markdown."""
    return re.search(r"^(pause_points|items):", text, re.MULTILINE) is not None


def read(text: str, people: Iterable[str] = ()) -> Draft:
    """The draft in *text*, whichever of the forms it has; *people*: names that are known."""
    if is_yaml(text):
        return from_yaml(text)
    front = _FRONT.match(text)
    body = text[front.end() :] if front else text
    first = text[: front.end()].count("\n") + 1 if front else 1
    rows = rows_of(body.removeprefix("\ufeff"), first)
    draft = from_rows(rows) if rows else from_markdown(body, first)
    if front and front[1]:
        _front(front[1], draft)
    owners.settle(draft, people)
    return draft


def _front(text: str, draft: Draft) -> None:
    """Title, order and date T as they stand between two lines of dashes, one a line."""
    for number, line in enumerate(text.splitlines(), 2):
        key, value = split_label(line)
        if line.strip() and not (key != line and _take_field(key.strip(), value, draft)):
            values = {"key": key.strip()}
            draft.findings.append(Finding(number, "warning", "unknown_key", values))


def _take_field(key: str, value: str, draft: Draft) -> bool:
    bare = value
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        bare = value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if is_word(key, "title"):
        draft.title = bare
    elif is_word(key, "order"):
        draft.ordered = is_word(bare, "ordered")
    elif is_word(key, "owners"):
        draft.owners += _split_names(bare)
    elif is_word(key, "not_owners"):
        draft.not_owners += _split_names(bare)
    elif is_word(key, "anchor") or is_word(key, "due"):
        draft.anchor = day_in(bare)
    else:
        return False
    return True


def _split_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in _COMMA.split(text) if name.strip())


def with_owner_choice(text: str, words: str, is_owner: bool, labels: dict[str, str]) -> str:
    """The text, before which it now says whether *words* in brackets are an owner.

    *labels*: what the lines for owners and for not_owners begin with.
    """
    front = _FRONT.match(text)
    told: dict[str, list[str]] = {"owners": [], "not_owners": []}
    others = []
    for line in (front[1] or "").splitlines() if front else []:
        key, value = split_label(line)
        kind = next((name for name in told if is_word(key, name)), None)
        if kind:
            told[kind] += [one for one in _split_names(value) if one.casefold() != words.casefold()]
        else:
            others.append(line)
    told["owners" if is_owner else "not_owners"].append(words)
    lines = [f"{labels[kind]}: {', '.join(names)}" for kind, names in told.items() if names]
    body = text[front.end() :] if front else text.removeprefix("\ufeff")
    return "\n".join(["---", *others, *lines, "---", body])
