"""Adds one item to a list of a YAML file as text: comments, order and layout stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.engine import source
from knowledge.engine.source import Document

BLOCK_INDENT = "  "
_BLANK = re.compile(r"\s*(#.*)?\s*")
_OPENING, _CLOSING = "[{", "]}"


class CannotInsert(Exception):
    """The file is laid out in a way that this module does not write."""


Item = str | dict[str, str]
"""What a list may be given: a text, or texts under keys in one pair of braces."""


def add_item(text: str, key: str, item: Item, order: Sequence[str], flow: bool = False) -> str:
    """*text* with *item* as the last of the list under the top-level *key*.

    *order*: the keys in the order in which the file lists them, for a key that is not there yet;
    *flow* writes such a new list in brackets. The outcome is read back: if it says anything but
    the old values with the item added, CannotInsert is raised.
    """
    document = _read(text)
    lines = text.splitlines(keepends=True)
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    if key not in document.value:
        new = _with_key(lines, document, key, item, order, flow, ending)
    elif _shape(lines, document, key) == "[":
        new = _in_brackets(text, lines, document, key, item)
    else:
        new = _line_below(lines, document, key, item, ending)
    wanted = dict(document.value)
    wanted[key] = [*(document.value.get(key) or []), item]
    if _read(new).value != wanted:
        raise CannotInsert(f"the list '{key}' is laid out in an unusual way")
    return new


def scalar(text: str, in_brackets: bool = False) -> str:
    """*text* as YAML: plain where that reads back as the same text, else in quotes."""
    told = f"[{text}, x]" if in_brackets else f"- {text}\n- x"
    if "\n" not in text:
        document = source.parse(told.encode("utf-8"), "")
        if not document.problems and document.value == [text, "x"]:
            return text
    return json.dumps(text, ensure_ascii=False)


def yaml_item(item: Item, in_brackets: bool = False) -> str:
    """An item of a list as YAML on one line."""
    if isinstance(item, str):
        return scalar(item, in_brackets)
    return f"{{{', '.join(f'{key}: {scalar(value, True)}' for key, value in item.items())}}}"


def _read(text: str) -> Document:
    document = source.parse(text.encode("utf-8"), "")
    if document.problems or not isinstance(document.value, dict):
        raise CannotInsert("the file cannot be read")
    return document


def _shape(lines: list[str], document: Document, key: str) -> str:
    """The first character of the value: a bracket for a list on its line, a dash for one below."""
    at = document.lines[(key,)] - 1
    first = lines[at].partition(":")[2]
    for line in (first, *lines[at + 1 :]):
        if not _BLANK.fullmatch(line):
            return line.strip()[0]
    return ""


def _end(lines: list[str], document: Document, key: str) -> int:
    """The index of the line after the last one of the value under *key*."""
    at = document.lines[(key,)]
    later = [document.lines[(other,)] - 1 for other in document.value]
    end = min((line for line in later if line >= at), default=len(lines))
    while end > at and _BLANK.fullmatch(lines[end - 1]):
        end -= 1
    return end


def _line_below(lines: list[str], document: Document, key: str, item: Item, ending: str) -> str:
    """One more line, indented like the items before it."""
    first = document.lines.get((key, 0))
    dash = re.match(r"([ \t]*)-", lines[first - 1]) if first else None
    if dash is None:
        raise CannotInsert(f"the list '{key}' is laid out in an unusual way")
    end = _end(lines, document, key)
    return _put(lines, end, f"{dash[1]}- {yaml_item(item)}", ending)


def _with_key(
    lines: list[str],
    document: Document,
    key: str,
    item: Item,
    order: Sequence[str],
    flow: bool,
    ending: str,
) -> str:
    """The key itself, after the last of those that go before it."""
    before = [k for k in document.value if k in order and order.index(k) < order.index(key)]
    last = max(before, key=lambda k: document.lines[(k,)], default=None)
    end = _end(lines, document, last) if last else 0
    if flow:
        return _put(lines, end, f"{key}: [{yaml_item(item, True)}]", ending)
    return _put(lines, end, f"{key}:{ending}{BLOCK_INDENT}- {yaml_item(item)}", ending)


def _put(lines: list[str], at: int, line: str, ending: str) -> str:
    """*line* at that index; the text ends in a line break only if it did so before."""
    before, after = "".join(lines[:at]), "".join(lines[at:])
    if before and not before.endswith("\n"):
        return f"{before}{ending}{line}"
    return f"{before}{line}{ending}{after}"


def _in_brackets(text: str, lines: list[str], document: Document, key: str, item: Item) -> str:
    """The item before the closing bracket."""
    at = document.lines[(key,)] - 1
    start = sum(map(len, lines[:at])) + lines[at].index(":") + 1
    end, last = _last_of_list(text, start)
    told = yaml_item(item, True)
    comma = "" if last in "[" else " " if last == "," else ", "
    return text[:end] + comma + told + text[end:]


@dataclass(slots=True)
class _Scan:
    """Where a scan of a list in brackets stands."""

    depth: int = 0
    quote: str = ""
    fresh: bool = True
    """At the beginning of a value, where a quotation mark opens a quoted text."""
    end: int = 0
    """After the last character that is neither space nor comment."""


def _last_of_list(text: str, start: int) -> tuple[int, str]:
    """(index after the last character inside the brackets that open at *start*, that character)."""
    scan, i = _Scan(), start
    while i < len(text):
        char = text[i]
        if scan.quote:
            i += _inside_quotes(text, i, scan)
            continue
        if char == "#" and text[i - 1].isspace():
            i = text.find("\n", i)
            if i < 0:
                break
            continue
        if not char.isspace():
            if char in _CLOSING and scan.depth == 1:
                return scan.end, text[scan.end - 1]
            scan.depth += (char in _OPENING) - (char in _CLOSING)
            if char in "\"'" and scan.fresh:
                scan.quote = char
            scan.fresh = char in "[{,:"
            scan.end = i + 1
        i += 1
    raise CannotInsert("a bracket is never closed")


def _inside_quotes(text: str, i: int, scan: _Scan) -> int:
    """Characters to go on by, inside a quoted text."""
    scan.end = i + 1
    if scan.quote == '"' and text[i] == "\\":
        return 2
    if text[i] == scan.quote:
        if scan.quote == "'" and text[i + 1 : i + 2] == "'":
            return 2
        scan.quote = ""
    return 1
