"""Postings on Apache Spark: classified where the data lies, by the batches of `mapInArrow`.

    import zhiwen.spark

    classified = zhiwen.spark.classify(df, description="text", title="name")

Needs the extra ``spark``, ``pip install zhiwen[spark]``, on the driver and on every executor. Each
Python worker opens the rules once; nothing is collected on the driver. See docs/pipelines.md.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from zhiwen import arrow

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def classify(
    df: DataFrame,
    *,
    description: str,
    title: str | None = None,
    prefix: str = "",
    overlay: str | None = None,
) -> DataFrame:
    """*df* with all its columns and those of `zhiwen.arrow.ADDED`; lazy, as Spark is.

    A row that cannot be used says so in *problem* and stops nothing. *overlay*: a folder that is
    there on every executor. Raises BadInput as `zhiwen.arrow.classify` does, before anything runs.
    """
    import pyarrow as pa
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
    from pyspark.sql.types import StructType

    added = arrow.fields(to_arrow_schema(df.schema), description, title, prefix)
    schema = StructType([*df.schema.fields, *from_arrow_schema(pa.schema(added)).fields])
    work = functools.partial(
        _work, description=description, title=title, prefix=prefix, overlay=overlay
    )
    return df.mapInArrow(work, schema)


def _work(batches: Iterable[Any], **options: Any) -> Iterator[Any]:
    """What a Python worker does with the batches it is given."""
    return arrow.classify_batches(batches, **options)
