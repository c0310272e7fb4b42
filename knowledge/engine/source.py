"""Reads YAML strictly and remembers the line of every value; also Problem and ContentError.

PyYAML by itself keeps the last of duplicate keys and reads ``no``, ``12:30`` and ``1.10`` as
something other than text. Content editors are not to know that, so such scalars are refused here
with the advice to quote them.
"""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
"""Lists and mappings inside each other; far more would exhaust the stack of the composer."""
MAX_DIGITS = 15
Level = Literal["error", "warning"]
Place = tuple[str | int, ...]
"""Where a value sits in its document: keys and list positions from the top."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A finding about content, printed as ``file:line: level: message``."""

    file: str
    line: int
    level: Level
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level}: {self.message}"


class ContentError(Exception):
    """Content that cannot be used; carries every problem found, sorted."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ContentError], tuple[tuple[Problem, ...]]]:
        """So that another process can raise it here."""
        return ContentError, (self.problems,)


@dataclass(slots=True)
class Document:
    """One YAML file as plain values; the line of each of them can be told."""

    file: str
    value: Any
    problems: list[Problem] = field(default_factory=list)
    text: str = ""
    """What the file holds, if it could be read at all."""
    _lines: dict[Place, int] | None = None

    @property
    def lines(self) -> dict[Place, int]:
        """The line of every value; of most files nobody asks for one."""
        if self._lines is None:
            self._lines = _lines_of(self.text)
        return self._lines

    def line(self, place: Place) -> int:
        """The line of the value at *place*, or of its nearest parent that has one."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(self, place: Place, message: str, level: Level = "error") -> Problem:
        """A problem at *place* of this document."""
        return Problem(self.file, self.line(place), level, message)


def read(path: Path, file: str) -> Document:
    """Read one YAML file; whatever is wrong with it is in ``.problems`` of the result.

    *file* is the name shown to people. Raises nothing for bad content, FileNotFoundError for a
    path where there is nothing.
    """
    try:
        raw = _read_regular(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        problem = Problem(file, 1, "error", f"cannot be read: {error.strerror}")
        return Document(file, None, problems=[problem])
    return parse(raw, file)


def _read_regular(path: Path) -> bytes:
    """What the file holds. Raises OSError, also for what would be waited for for ever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no plain file")
    return path.read_bytes()


def parse(raw: bytes, file: str) -> Document:
    """The same for what a file holds."""
    document = Document(file, None)
    if len(raw) > MAX_BYTES:
        document.problems.append(
            document.problem((), f"file is larger than {MAX_BYTES:,} bytes; split it")
        )
        return document
    try:
        text = raw.decode("utf-8-sig")
        deep = _too_deep(text) if _may_be_deep(text) else None
        node = None if deep else yaml.compose(text, Loader=_Loader)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        document.problems.append(Problem(file, line, "error", "not UTF-8 text; save it as UTF-8"))
        return document
    except yaml.YAMLError as error:
        document.problems.append(_broken_problem(file, error))
        return document
    if deep:
        message = f"nested more than {MAX_DEPTH} levels deep"
        document.problems.append(Problem(file, deep, "error", message))
        return document
    if node is None:
        document.problems.append(document.problem((), "the file is empty"))
        return document
    document.text = text
    document.value = _Walk(document).value(node)
    return document


_COLLECTIONS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_NUMBER = re.compile(rf"0|-?[1-9][0-9]{{0,{MAX_DIGITS - 1}}}")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_INDENTED = re.compile(r"^[ \t?:-]+", re.MULTILINE)


def _may_be_deep(text: str) -> bool:
    """Whether *text* could nest deeper than allowed, at a glance.

    A block stands further in than the one around it, but for a list in a mapping; in brackets each
    level has one of its own.
    """
    brackets = text.count("[") + text.count("{")
    if brackets > MAX_DEPTH:
        return True
    indent = max(map(len, _INDENTED.findall(text)), default=0)
    return brackets + 2 * (indent + 1) > MAX_DEPTH


def _too_deep(text: str) -> int | None:
    """The line on which *text* nests deeper than allowed, or None. Raises YAMLError."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return event.start_mark.line + 1 if event.start_mark else 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _broken_problem(file: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "cannot be read"
    return Problem(file, mark.line + 1 if mark else 1, "error", f"not valid YAML: {what}")


class _Walk:
    """Turns composed nodes into plain values, refusing what is ambiguous."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: set[int] | None = set() if "&" in document.text else None
        """The nodes that were met, where there may be one that stands in two places."""

    def _say(self, node: yaml.Node, message: str) -> None:
        line = node.start_mark.line + 1
        self.document.problems.append(Problem(self.document.file, line, "error", message))

    def value(self, node: yaml.Node) -> Any:
        """What a node stands for, None where that is a problem."""
        if self.seen is not None and self._is_alias(node, self.seen):
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if node.tag not in _COLLECTIONS:
            self._say(node, f"YAML tag {node.tag} is not allowed")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        return [self.value(child) for child in node.value]

    def _is_alias(self, node: yaml.Node, seen: set[int]) -> bool:
        """Whether *node* was met before; if so, that is a problem."""
        if id(node) in seen:
            self._say(node, "YAML anchors and aliases are not used here; write the value out")
            return True
        seen.add(id(node))
        return False

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if self.seen is not None and self._is_alias(key_node, self.seen):
                continue
            key = key_node.value
            if not isinstance(key, str):
                self._say(key_node, "a key must be a plain word")
                continue
            if key in result:
                self._say(key_node, f"duplicate key '{key}'")
                continue
            result[key] = self.value(value_node)
        return result

    def _scalar(self, node: yaml.Node) -> Any:
        text, tag = node.value, node.tag
        if tag == "tag:yaml.org,2002:str":
            return text
        if tag == "tag:yaml.org,2002:bool" and text in ("true", "false"):
            return text == "true"
        if tag == "tag:yaml.org,2002:int" and _NUMBER.fullmatch(text):
            return int(text)
        if tag.startswith("tag:yaml.org,2002:"):
            self._say(node, f"ambiguous value {text[:60]!r}: put it in quotes if it is text")
        else:
            self._say(node, f"YAML tag {tag} is not allowed")
        return None


def _lines_of(text: str) -> dict[Place, int]:
    """The line of every value of a document that could be read."""
    lines: dict[Place, int] = {}
    seen: set[int] = set()

    def note(node: yaml.Node, place: Place) -> None:
        lines[place] = node.start_mark.line + 1
        if id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            for i, child in enumerate(node.value):
                note(child, (*place, i))
        elif isinstance(node, yaml.MappingNode):
            for key_node, value_node in node.value:
                key = key_node.value
                if isinstance(key, str) and (*place, key) not in lines:
                    note(value_node, (*place, key))
                    lines[*place, key] = key_node.start_mark.line + 1

    node = yaml.compose(text, Loader=_Loader)
    if node is not None:
        note(node, ())
    return lines
