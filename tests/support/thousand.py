"""A thousand questions in four languages, none of them settled as written, and their answers.

Run as a program (``python tests/support/thousand.py QUESTIONS.jsonl``) it opens the shipped content
and prints the answers, so that another process can be compared with this one.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.ask import batch
from knowledge.engine.base import KnowledgeBase, open_base
from knowledge.engine.model import LANGUAGES
from rules.book import RuleBook, open_book

MANY = 1_000


def questions(base: KnowledgeBase) -> list[dict[str, str]]:
    """Examples and near misses, evenly from all there are, each with a letter too few."""
    found: list[dict[str, str]] = []
    for language in LANGUAGES:
        asked = sorted(set(_asked(base, language)))
        many = MANY // len(LANGUAGES)
        chosen = [asked[i * len(asked) // many] for i in range(many)]
        found += (
            {"id": f"{language}{i}", "question": _altered(text, i), "lang": language}
            for i, text in enumerate(chosen)
        )
    return found


def _asked(base: KnowledgeBase, language: str) -> Iterator[str]:
    for id_ in base.ids():
        entry = base.entry(id_, language)
        yield from (example.ask for example in entry.examples)
        yield from entry.near_misses


def _altered(text: str, i: int) -> str:
    """Without its last letter, its first, or one in the middle: a settled example tells nothing."""
    text = text.rstrip("?？。 ")
    at = (len(text) - 1, 0, len(text) // 2)[i % 3]
    return text[:at] + text[at + 1 :]


def write(path: Path, base: KnowledgeBase) -> Path:
    """Write the questions as `zhiwen ask --batch` takes them."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in questions(base))
    path.write_text("".join(lines), encoding="utf-8")
    return path


def answers(path: Path, book: RuleBook) -> list[str]:
    """What `zhiwen ask --batch` writes, without the time it took."""
    out = io.StringIO()
    assert batch(str(path), book, None, out) == 0
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    for row in rows:
        del row["elapsed_ms"]
    return [json.dumps(row, ensure_ascii=False) for row in rows]


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    print("\n".join(answers(Path(sys.argv[1]), open_book(open_base()))))
