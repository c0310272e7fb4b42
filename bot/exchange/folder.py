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


def write(taken: Iterable[Taken], overlay: Path) -> list[Path]:
    """Write new and changed entries below *overlay*; returns the files. Raises OSError.

    They are written beside their places first, and moved there when all of them could be written.
    """
    texts = {path: text for one in taken for path, text in files(one).items()}
    if not texts:
        return []
    knowledge = overlay / "knowledge"
    knowledge.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".import-", dir=knowledge))
    try:
        for path, text in texts.items():
            (staged / path).parent.mkdir(parents=True, exist_ok=True)
            (staged / path).write_text(text, encoding="utf-8")
        for path in texts:
            (knowledge / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged / path, knowledge / path)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return [knowledge / path for path in texts]


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
