"""Entries -> YAML files of an overlay: written all or none, each whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bot.exchange.entries import Taken
from knowledge.engine import shape, source
from knowledge.engine.asking import Example
from knowledge.engine.insert import scalar
from knowledge.engine.load import PRIMARY
from knowledge.engine.marks import PerLanguage
from knowledge.engine.model import KINDS, Entry

FOLDER = KINDS["faq"][1]
_TRANSLATED = ("title", "summary", "not_covered")


class Staging:
    """Entries on their way into an overlay: beside their places until all of them are written.

    Whoever is interrupted before `commit` has written nothing.
    """

    def __init__(self, overlay: Path) -> None:
        self._knowledge = overlay / "knowledge"
        self._staged: Path | None = None
        self._paths: list[str] = []

    def add(self, taken: Taken) -> None:
        """Write one entry beside its place, if it is new or changed. Raises OSError."""
        for path, text in files(taken).items():
            if self._staged is None:
                self._knowledge.mkdir(parents=True, exist_ok=True)
                self._staged = Path(tempfile.mkdtemp(prefix=".import-", dir=self._knowledge))
            (self._staged / path).parent.mkdir(parents=True, exist_ok=True)
            (self._staged / path).write_text(text, encoding="utf-8")
            self._paths.append(path)

    def commit(self) -> list[Path]:
        """Move all of them to their places; returns the files. Raises OSError."""
        paths = dict.fromkeys(self._paths)
        for parent in {(self._knowledge / path).parent for path in paths}:
            parent.mkdir(parents=True, exist_ok=True)
        for path in paths:
            os.replace(self._staged / path, self._knowledge / path)  # type: ignore[operator]
        return [self._knowledge / path for path in paths]

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *_: object) -> None:
        if self._staged is not None:
            shutil.rmtree(self._staged, ignore_errors=True)


def write(taken: Iterable[Taken], overlay: Path) -> list[Path]:
    """Write new and changed entries below *overlay*; returns the files. Raises OSError."""
    with Staging(overlay) as staging:
        for one in taken:
            staging.add(one)
        return staging.commit()


def files(taken: Taken) -> dict[str, str]:
    """Path below ``knowledge`` -> text, for one entry that is new or changed."""
    if taken.state not in ("new", "changed"):
        return {}
    name = f"{FOLDER}/{taken.entry.id.partition('.')[2]}.yaml"
    told = {name: text_of(taken.entry)}
    if taken.language != PRIMARY:
        told[f"translations/{taken.language}/{name}"] = text_of(taken.told, translation=True)
    return told


def text_of(entry: Entry, translation: bool = False) -> str:
    """The YAML of an entry, or of one language of it; keys in their order, defaults left out."""
    lines: list[str] = []
    for known in shape.fields_of(type(entry)):
        value = getattr(entry, known.name)
        own = PerLanguage() in shape.unwrap(known.hint)[1]
        if translation and not own and known.key not in _TRANSLATED:
            continue
        if not known.required and value == known.default:
            continue
        if isinstance(value, str):
            lines.append(f"{known.key}: {_text(value)}")
        else:
            lines += [f"{known.key}:", *(f"  - {_item(item)}" for item in value)]
    return "\n".join(lines) + "\n"


def _item(item: object) -> str:
    if isinstance(item, Example):
        if item.section is None:
            return scalar(item.ask)
        return f"{{ask: {scalar(item.ask, in_brackets=True)}, section: {item.section}}}"
    return scalar(str(item))


def _text(text: str) -> str:
    """*text* in one line, or line by line below each other where that reads back the same."""
    if "\n" not in text:
        return scalar(text)
    block = "|-\n" + "\n".join(f"  {line}" if line else "" for line in text.split("\n"))
    document = source.parse(f"x: {block}\ny: z\n".encode(), "")
    if not document.problems and document.value == {"x": text, "y": "z"}:
        return block
    return scalar(text)
