"""Postings a second on a local Spark, beside a plain loop and Arrow's batches in one process.

python benchmarks/spark.py [--rows 20000] [--workers 2]

Needs zhiwen[spark] and Java. Prints rates, how long a process takes until its first verdict, and
what memory it takes.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from itertools import cycle, islice

import pyarrow as pa

from zhiwen import arrow, classify_batch

TEXTS = (
    "Call prospects, run product demos and close deals. 2+ years of experience",
    "Responsibilities: plan the content calendar, write and edit articles, grow the newsletter.",
    "Negotiate with advertising networks, buy traffic, watch the cost of acquisition each day.",
    "Maintain servers and deploy the backend in Go; on call once a month.",
)


def rate(rows: int, seconds: float) -> str:
    """Rows a second."""
    return f"{rows / seconds:8.0f} a second ({seconds:.1f} s)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    rows = [f"{text} {i}" for i, text in enumerate(islice(cycle(TEXTS), options.rows))]
    start = time.perf_counter()
    arrow.process_assistant()
    next(iter(classify_batch(rows[:1])))
    print(f"first verdict of a process after {time.perf_counter() - start:.1f} s")
    few = rows[: options.rows // 4]
    start = time.perf_counter()
    for _ in classify_batch(few):
        pass
    print("plain loop    ", rate(len(few), time.perf_counter() - start))
    start = time.perf_counter()
    arrow.classify(pa.table({"text": few}), description="text")
    print("Arrow         ", rate(len(few), time.perf_counter() - start))
    print(f"memory of it: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    spark(rows, options.workers)


def spark(rows: list[str], workers: int) -> None:
    """The same on Spark: once to begin, once to measure."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    from zhiwen.spark import classify

    builder = SparkSession.builder.master(f"local[{workers}]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    for name, some in (("Spark, cold   ", rows[:workers]), ("Spark, warm   ", rows)):
        df = session.createDataFrame([(text,) for text in some], "text string")
        start = time.perf_counter()
        found = classify(df.repartition(workers), description="text").groupBy("function").count()
        told = {row["function"]: row["count"] for row in found.collect()}
        print(name, rate(len(some), time.perf_counter() - start), told, flush=True)
    session.stop()


if __name__ == "__main__":
    main()
