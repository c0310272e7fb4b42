"""Postings in Arrow's columns: what every engine that speaks Arrow hands over in batches.

    import zhiwen.arrow

    table = zhiwen.arrow.classify(table, description="text", title="name")

Needs the extra ``arrow``, ``pip install zhiwen[arrow]``. How DuckDB, Polars, Dask and Spark use it:
docs/pipelines.md.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from bot.errors import BadInput
from zhiwen.door import Assistant, open
from zhiwen.verdicts import Posting, Unusable, Verdict

_EVIDENCE = pa.struct(
    [
        ("function", pa.string()), ("text", pa.string()), ("start", pa.int32()),
        ("end", pa.int32()), ("where", pa.string()), ("weight", pa.float64()),
        ("signal", pa.string()),
    ]
)  # fmt: skip
_FLAG = pa.struct(
    [
        ("kind", pa.string()), ("text", pa.string()), ("where", pa.string()),
        ("start", pa.int32()), ("end", pa.int32()),
    ]
)  # fmt: skip
ADDED = pa.schema(
    [
        pa.field("function", pa.string()),
        pa.field("family", pa.string()),
        pa.field("decision", pa.string()),
        pa.field("shares", pa.map_(pa.string(), pa.float64())),
        pa.field("evidence", pa.list_(_EVIDENCE)),
        pa.field("flags", pa.list_(_FLAG)),
        pa.field("stamp", pa.struct([("version", pa.string()), ("input", pa.string())])),
        pa.field("problem", pa.string()),
    ]
)
"""The columns that are added; all but *problem* are null in a row that cannot be used."""
TEXT = (pa.types.is_string, pa.types.is_large_string, pa.types.is_null)


def classify(
    data: Any,
    *,
    description: str,
    title: str | None = None,
    prefix: str = "",
    overlay: str | None = None,
) -> Any:
    """*data*, a RecordBatch or Table, with all its columns and those of `ADDED`.

    *description*, *title*: the columns that hold the texts. *prefix*: put before the names of what
    is added. *overlay*: a folder with rules of your own, opened once in each process. Raises
    BadInput for a column that is not there, is no text, or is there already.
    """
    added = fields(data.schema, description, title, prefix)
    assistant, texts = process_assistant(overlay), data.column(description).to_pylist()
    titles = data.column(title).to_pylist() if title else [""] * len(texts)
    verdicts = assistant.classify_batch(map(_posting, texts, titles))
    rows = [_row(one) for one in verdicts]
    columns = [
        pa.array([row[plain.name] for row in rows], type=plain.type) for plain in ADDED
    ]  # fmt: skip
    if isinstance(data, pa.RecordBatch):
        schema = pa.schema([*data.schema, *added], metadata=data.schema.metadata)
        return pa.RecordBatch.from_arrays([*data.columns, *columns], schema=schema)
    for field, column in zip(added, columns, strict=True):
        data = data.append_column(field, column)
    return data


def classify_batches(batches: Iterable[Any], **options: Any) -> Iterator[Any]:
    """`classify` for one RecordBatch after the other, as a stream brings them."""
    for batch in batches:
        yield classify(batch, **options)


def reader(batches: Any, **options: Any) -> Any:
    """A RecordBatchReader over another one, classified as it is read; takes no more memory."""
    added = fields(
        batches.schema, options["description"], options.get("title"), options.get("prefix", "")
    )
    schema = pa.schema([*batches.schema, *added], metadata=batches.schema.metadata)
    return pa.RecordBatchReader.from_batches(schema, classify_batches(batches, **options))


def fields(schema: Any, description: str, title: str | None = None, prefix: str = "") -> list[Any]:
    """The fields that are added to *schema*. Raises BadInput."""
    for name in filter(None, (description, title)):
        if schema.names.count(name) != 1:
            raise BadInput(f"there is no column '{name}'; there are: {', '.join(schema.names)}")
        if not any(is_text(schema.field(name).type) for is_text in TEXT):
            raise BadInput(f"the column '{name}' holds {schema.field(name).type}, not texts")
    added = [field.with_name(f"{prefix}{field.name}") for field in ADDED]
    for field in added:
        if field.name in schema.names:
            raise BadInput(
                f"there is a column '{field.name}' already; give another name to what is added,"
                " with prefix='zhiwen_'"
            )
    return added


@functools.cache
def process_assistant(overlay: str | None = None) -> Assistant:
    """The assistant of this process."""
    return open(overlay=overlay)


def _posting(description: str | None, title: str | None) -> Any:
    return Posting(description, title or "") if description is not None else None


def _row(found: Verdict | Unusable) -> dict[str, Any]:
    if isinstance(found, Unusable):
        return dict.fromkeys(ADDED.names) | {"problem": found.error}
    return {
        "function": found.function,
        "family": found.family,
        "decision": found.decision,
        "shares": list(found.shares),
        "evidence": [signal._asdict() for signal in found.evidence],
        "flags": [
            {name: getattr(odd, name) for name in ("kind", "text", "where", "start", "end")}
            for odd in found.oddities
        ],
        "stamp": {"version": found.version, "input": found.input},
        "problem": None,
    }
