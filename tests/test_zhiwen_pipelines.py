"""Postings in columns: Arrow, and the engines that speak it, Spark among them.

What is not installed is skipped with the reason, in continuous integration too: these engines are
extras, and Spark needs Java.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

import zhiwen

pa = pytest.importorskip("pyarrow", reason="needs zhiwen[arrow]")

from zhiwen import arrow  # noqa: E402 - needs pyarrow

PAGE = (Path(__file__).parent.parent / "docs/pipelines.md").read_text("utf-8")
SALES = "Call prospects, run product demos and close deals. 2+ years of experience"
ROWS = {
    "nr": [1, 2, 3, 4],
    "text": [SALES, "负责公众号选题、撰写与排版；分析阅读数据。限女性", None, " "],
    "name": ["Sales", None, "x", ""],
}


@pytest.fixture
def table():
    """Four postings, two of which cannot be used."""
    return pa.table(ROWS)


def test_arrow_keeps_every_column_and_adds_typed_ones(table):
    """The same verdicts as one by one, beside the columns as they were; bad rows in their place."""
    found = arrow.classify(table, description="text", title="name")
    assert found.column_names == [*ROWS, *arrow.ADDED.names]
    assert found.select(list(ROWS)).equals(table)
    first, second, third, fourth = found.to_pylist()
    alone = zhiwen.classify(SALES, "Sales")
    assert first["function"] == alone.function == "sales"
    assert first["decision"] == alone.decision
    assert dict(first["shares"]) == dict(alone.shares)
    assert [one["text"] for one in first["evidence"]] == [one.text for one in alone.evidence]
    assert first["stamp"] == {"version": alone.version, "input": alone.input}
    assert second["function"] == "content_operations"
    assert {flag["kind"] for flag in second["flags"]} >= {"sex"}
    for bad in (third, fourth):
        assert bad["function"] is None
        assert bad["problem"]
    assert first["problem"] is None


def test_arrow_reads_a_stream_without_keeping_it(table):
    """Batch for batch, with the schema told before the first."""
    stream = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=1))
    found = arrow.reader(stream, description="text")
    assert found.schema.names == [*ROWS, *arrow.ADDED.names]
    assert [batch.num_rows for batch in found] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"description": "body"}, "no column 'body'"),
        ({"description": "nr"}, "not texts"),
        ({"description": "text", "title": "nr"}, "not texts"),
    ],
)
def test_arrow_says_which_column_is_wrong(table, options, said):
    """Before anything is classified."""
    with pytest.raises(zhiwen.BadInput, match=said):
        arrow.classify(table, **options)


def test_arrow_overwrites_no_column(table):
    """A name that is there already is refused, and a prefix helps."""
    there = table.append_column("function", pa.array(["a"] * 4))
    with pytest.raises(zhiwen.BadInput, match="prefix"):
        arrow.classify(there, description="text")
    found = arrow.classify(there, description="text", prefix="zhiwen_")
    assert found.column("function").to_pylist() == ["a"] * 4
    assert found.column("zhiwen_function")[0].as_py() == "sales"


def blocks():
    """(library, code) of the examples on the page about pipelines."""
    for code in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        library = re.search(r"^import (duckdb|polars|dask|pyspark)", code, re.MULTILINE)
        yield pytest.param(library[1] if library else "pyarrow", code, id=library and library[1])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("library", "code"), list(blocks()))
def test_pipelines_page_shows_what_runs(library, code, tmp_path, monkeypatch):
    """Each example, in a folder with the file it reads."""
    pytest.importorskip(library, reason=f"needs {library}")
    if library == "pyspark":
        needs_java()
    pq = pytest.importorskip("pyarrow.parquet")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    pq.write_table(pa.table(ROWS), "postings.parquet")
    exec(compile(code, "docs/pipelines.md", "exec"), {"__name__": "example"})
    found = pq.read_table("classified.parquet").to_pylist()
    assert [row["function"] for row in sorted(found, key=lambda row: row["nr"])] == [
        "sales", "content_operations", None, None,
    ]  # fmt: skip


def needs_java():
    """Skip where Spark cannot run."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java: apt-get install default-jre-headless")


@pytest.fixture(scope="module")
def spark():
    """A local Spark with two Python workers at a time."""
    pyspark = pytest.importorskip("pyspark.sql", reason="needs zhiwen[spark]")
    needs_java()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = pyspark.SparkSession.builder.master("local[2]").appName("zhiwen tests")
    session = (
        builder.config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.mark.filterwarnings("ignore")
def test_spark_classifies_where_the_data_lies(spark):
    """Two processes, the same verdicts as Arrow's, every column kept, bad rows in their place."""
    from zhiwen.spark import classify

    rows = list(zip(*ROWS.values(), strict=True))
    df = spark.createDataFrame(rows * 5, "nr long, text string, name string").repartition(2)
    found = classify(df, description="text", title="name")
    assert found.columns == [*ROWS, *arrow.ADDED.names]
    expected = arrow.classify(pa.table(ROWS), description="text", title="name").to_pylist()
    told = found.collect()
    assert len(told) == 20
    for row in told:
        wanted = expected[row["nr"] - 1]
        assert (row["function"], row["decision"]) == (wanted["function"], wanted["decision"])
        assert row["problem"] == wanted["problem"]
        if wanted["shares"] is not None:
            assert row["shares"] == dict(wanted["shares"])
            assert [flag["kind"] for flag in row["flags"]] == [
                flag["kind"] for flag in wanted["flags"]
            ]


@pytest.mark.filterwarnings("ignore")
def test_spark_says_which_column_is_wrong_before_anything_runs(spark):
    """On the driver, and in words."""
    from zhiwen.spark import classify

    df = spark.createDataFrame([(1, "x")], "nr long, text string")
    with pytest.raises(zhiwen.BadInput, match="no column 'body'"):
        classify(df, description="body")
