"""The searched form of content, made in pieces that are kept: what did not change is not cut again.

A piece is named by all that it is made of, so it is never wrong, only of no more use. Which entries
stand in one piece goes by the content alone: whatever was compiled before, the same content gives
the same index and the same counts.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.engine import compiled, counting, index
from knowledge.engine.index import Text
from knowledge.engine.likelihood import Example
from knowledge.engine.tokens import Streams
from knowledge.engine.words import Words

SIZE, MOST = 1_000, 16
"""Own entries in a piece, and pieces: each more is a little work for every question."""
KEPT = 60
"""Pieces that stay although nobody has them open."""
SAID, COUNTED, META = "said.json", "counted", "meta.json"
"""Words and counts of a piece; tantivy's list of segments."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one piece is made of."""

    texts: list[Text]
    examples: list[Example]


def groups(ids: Iterable[str], own: Collection[str]) -> list[list[str]]:
    """The *ids* in groups: what is not the organization's own, then its own, by their names."""
    shipped = [id_ for id_ in ids if id_ not in own]
    many = min(MOST, 1 << max(0, (len(own) // SIZE).bit_length() - 1))
    apart: list[list[str]] = [[] for _ in range(many)]
    for id_ in ids:
        if id_ in own:
            apart[_number(id_) % many].append(id_)
    return [group for group in (shipped, *apart) if group]


def _number(id_: str) -> int:
    return int.from_bytes(hashlib.sha256(id_.encode()).digest()[:4])


def write(
    parts: Iterable[Part],
    refused: Iterable[Example],
    words: Words,
    own: Mapping[str, int],
    target: Path,
) -> dict[str, list[str]]:
    """Write the index and the counts of all *parts* into *target*, cut with *words*, whose *own*
    words these are; what is *refused* is counted and not searched. Returns the words of each entry,
    in all its languages.
    """
    cutting = hashlib.sha256(compiled.stamp(()).encode())
    cutting.update(json.dumps(sorted(own.items()), ensure_ascii=False).encode())
    held: list[compiled.Hold] = []
    counts = counting.Counts()
    said: dict[str, list[str]] = {}
    for part in parts:
        folder = compiled.folder(
            f"piece-{_name(part, cutting.hexdigest())}",
            lambda new, part=part: _write(part, words, new),  # type: ignore[misc]
            keep=KEPT,
        )
        held.append(compiled.Hold(folder))  # until the index is joined, nobody forgets it
        said |= json.loads((folder / SAID).read_text("utf-8"))
        counts.add(counting.Told.read(folder / COUNTED))
    counts.add(counting.count(refused, words))
    _join([hold.folder for hold in held], target / "index")
    counts.write(target / "likelihood.db")
    return said


def _name(part: Part, cutting: str) -> str:
    """All that goes into a piece, in short."""
    digest = hashlib.sha256(cutting.encode())
    for text in part.texts:
        rows = (text.key, *(piece for line in text.lines for piece in line))
        digest.update("\0".join(rows).encode("utf-8", "surrogatepass") + b"\1")
    for example in part.examples:
        row = f"{example.entry}\0{example.text}\1"
        digest.update(row.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:20]


def _write(part: Part, words: Words, folder: Path) -> None:
    folder.mkdir()
    said: dict[str, set[str]] = {}

    def note_words(key: str, tokens: Streams) -> None:
        said.setdefault(key.partition("|")[0], set()).update(tokens.word)

    index.build(part.texts, words, folder, heard=note_words)
    spoken = {id_: sorted(words) for id_, words in said.items()}
    (folder / SAID).write_text(json.dumps(spoken, ensure_ascii=False), "utf-8")
    counting.count(part.examples, words).write(folder / COUNTED)


def _join(folders: Sequence[Path], target: Path) -> None:
    """Make one index of those in *folders*, without writing them again.

    tantivy keeps an index as segments, each in files of its own that never change, and a list of
    them; BM25 weighs a word by all segments together.
    """
    for level in ("wholes", "lines"):
        (target / level).mkdir(parents=True)
        metas = [json.loads((one / level / META).read_text("utf-8")) for one in folders]
        segments = [segment for meta in metas for segment in meta["segments"]]
        files = [file for one in folders for file in sorted((one / level).glob("[!.]*.*"))]
        names = [file.name for file in files if file.name != META]
        for file in files:
            if file.name != META:
                _link(file, target / level / file.name)
        meta = metas[0] | {"segments": segments, "opstamp": max(m["opstamp"] for m in metas)}
        (target / level / META).write_text(json.dumps(meta), "utf-8")
        (target / level / ".managed.json").write_text(json.dumps([*names, META]), "utf-8")


def _link(file: Path, target: Path) -> None:
    try:
        target.hardlink_to(file)
    except (OSError, NotImplementedError):  # a file system without them
        shutil.copyfile(file, target)
