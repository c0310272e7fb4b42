"""The table of phrases stays readable as long as anybody has it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from knowledge.engine import compiled
from rules import table
from rules.table import PhraseTable


def build(folder):
    """Write a table of one phrase."""
    folder.mkdir()
    table.write(folder / "phrases.db", {"brand": [["name", "role.brand"]]})


def test_table_keeps_its_folder():
    """However much is compiled after it: each thread opens the file when it first reads."""
    folder = compiled.folder("table-held", build)
    held = PhraseTable(folder / "phrases.db")
    os.utime(folder, (1, 1))
    for number in range(6):
        compiled.folder(f"table-other{number}", build)
    with ThreadPoolExecutor() as pool:
        (phrase,) = pool.submit(held.phrases, "brand").result()
    assert phrase.value == "role.brand"
    assert [end for _, end, _ in held.find("a brand")] == [7]
    del held
    for number in range(6, 12):
        compiled.folder(f"table-other{number}", build)
    assert not folder.is_dir()
