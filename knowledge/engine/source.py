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
    """One YAML file as plain values, with the line of each of them."""

    file: str
    value: Any
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

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
        deep = _too_deep(text)
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
    _Walk(document).visit(node, ())
    return document


_COLLECTIONS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_NUMBER = re.compile(rf"0|-?[1-9][0-9]{{0,{MAX_DIGITS - 1}}}")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    """Turns composed nodes into plain values, noting lines and refusing what is ambiguous."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: set[int] = set()

    def visit(self, node: yaml.Node, place: Place) -> None:
        self.document.value = self._value(node, place)

    def _say(self, node: yaml.Node, message: str) -> None:
        line = node.start_mark.line + 1
        self.document.problems.append(Problem(self.document.file, line, "error", message))

    def _value(self, node: yaml.Node, place: Place) -> Any:
        self.document.lines[place] = node.start_mark.line + 1
        if self._is_alias(node):
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if node.tag not in _COLLECTIONS:
            self._say(node, f"YAML tag {node.tag} is not allowed")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        return [self._value(child, (*place, i)) for i, child in enumerate(node.value)]

    def _is_alias(self, node: yaml.Node) -> bool:
        """Whether *node* was met before; if so, that is a problem."""
        if id(node) in self.seen:
            self._say(node, "YAML anchors and aliases are not used here; write the value out")
            return True
        self.seen.add(id(node))
        return False

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if self._is_alias(key_node):
                continue
            key = key_node.value
            if not isinstance(key, str):
                self._say(key_node, "a key must be a plain word")
                continue
            if key in result:
                self._say(key_node, f"duplicate key '{key}'")
                continue
            result[key] = self._value(value_node, (*place, key))
            self.document.lines[(*place, key)] = key_node.start_mark.line + 1
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
