"""How the index is written: the fields of each text, one for each stream of tokens (tantivy)."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from knowledge.engine.tokens import Streams

FIELDS = tuple(field.name for field in fields(Streams))


class Writer:
    """Writes one level of the index."""

    def __init__(self, path: Path | None) -> None:
        import tantivy

        if path is not None:
            path.mkdir(parents=True)
        self._document = tantivy.Document
        self._index = tantivy.Index(
            _schema(), path=None if path is None else str(path), reuse=False
        )
        self._writer = self._index.writer(heap_size=64_000_000, num_threads=1)

    def add(self, key: str, name: str, tokens: Streams) -> None:
        """Add one text or line."""
        fields = {field: " ".join(getattr(tokens, field)) for field in FIELDS}
        self._writer.add_document(self._document(key=key, name=name, **fields))

    def finish(self) -> Any:
        """What was written, ready to be read."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()
        return self._index


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("name", stored=True, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
