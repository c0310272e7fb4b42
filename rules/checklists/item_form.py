"""A line of a list -> a DraftItem, with what stands about it at its ends: brackets, @, offsets."""

from __future__ import annotations

import re

from rules.checklists import owners
from rules.checklists.draft import DraftItem, at_name, fill, is_word, offset_of, offsets, take

_GROUP = re.compile(
    r"\s*(?:\*\*([^*]+)\*\*|[\[(（【]([^\[\]()（）【】]*)[\])）】])[.。;；,，]?\s*$"
)
_FIRST = re.compile(r"^\s*(?:\*\*([^*]+)\*\*|[\[(（【]([^\[\]()（）【】]*)[\])）】])[\s:：,，]*")
_PARTS = re.compile(r"[·,，、;；/|]")
_AT_END = re.compile(r"(?<![A-Za-z0-9._%+-])([@＠][^@＠]{1,40})$")
_AT_START = re.compile(r"^([@＠]\S{1,40})[\s:：,，]+")
_EDGE = " \t,，;；:：·|/–—-"
"""What may stand between the words of an item and what is said about it."""


def item_of(line: int, text: str) -> DraftItem:
    """An item; nothing that was written is dropped."""
    item = DraftItem(line, text.strip())
    while _group_behind(item) or _take_from_end(item):
        pass
    while _group_before(item) or _take_from_start(item):
        pass
    item.text = item.text.strip().strip("*").strip()
    return item


def _group_behind(item: DraftItem) -> bool:
    """Take what is said in brackets or in bold at the end."""
    group = _GROUP.search(item.text)
    if group is None:
        return False
    parts = [part.strip() for part in _PARTS.split(group[1] or group[2] or "")]
    known = [part for part in parts if take(item, part)]
    if not known:
        return False
    item.text = item.text[: group.start()]
    # Beside a date a bare name is whose it is; nothing that was written is dropped.
    rest = [part for part in parts if part and part not in known]
    if rest and not item.owner:
        fill(item, "owner", rest.pop(0))
    item.text = " ".join((item.text.rstrip(), *rest))
    return True


def _group_before(item: DraftItem) -> bool:
    """The same before the words of the item, where all in the brackets is understood."""
    group = _FIRST.search(item.text)
    if group is None or group.end() == len(item.text):
        return False
    parts = [part.strip() for part in _PARTS.split(group[1] or group[2] or "")]
    if not all(take(DraftItem(0, ""), part) for part in parts):
        return False
    for part in parts:
        take(item, part)
    item.text = item.text[group.end() :]
    return True


def _take_from_end(item: DraftItem) -> bool:
    """Take an offset or an @ with a name that ends the line without brackets."""
    text = item.text.rstrip()
    for found in offsets().finditer(text):
        rest = text[: found.start()].rstrip(_EDGE)
        if found.end() == len(text) and rest and not item.due:
            item.due, item.text = offset_of(found), rest
            return True
    found_at = _AT_END.search(text)
    if found_at and (name := at_name(found_at[1])) and owners.is_address(name) is False:
        rest = text[: found_at.start()].rstrip(_EDGE)
        if rest and not owners.leads_to_name(rest):
            item.owner = f"{name}, {item.owner}" if item.owner else name
            item.text = rest
            return True
    return False


def _take_from_start(item: DraftItem) -> bool:
    """The same at the beginning of the line."""
    if not item.due and (due := offsets().match(item.text)):
        rest = item.text[due.end() :].lstrip(_EDGE)
        if rest:
            item.due, item.text = offset_of(due), rest
            return True
    at = _AT_START.match(item.text)
    if at and not item.owner and (name := at_name(at[1].rstrip(":：,，"))):
        rest = item.text[at.end() :].strip()
        if rest and not owners.is_address(name) and not is_word(rest, "killer"):
            fill(item, "owner", name)
            item.text = rest
            return True
    return False
