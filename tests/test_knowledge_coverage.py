"""What is told and tried in each language is counted, and what is missing is named."""

from __future__ import annotations

import small_content

from knowledge.engine.coverage import coverage, gaps
from knowledge.engine.load import load


def test_coverage_counts_each_language(tmp_path):
    """All in the primary language, all in English, one title in Japanese, nothing in Korean."""
    rows = {
        row.language: row for row in coverage(load(small_content.write(tmp_path / "knowledge")))
    }
    counts = {
        lang: (r.entries, r.told, r.whole, r.examples, r.near_misses) for lang, r in rows.items()
    }
    assert counts == {
        "zh": (3, 3, 3, 6, 3),
        "en": (3, 3, 3, 6, 3),
        "ja": (3, 1, 0, 0, 0),
        "ko": (3, 0, 0, 0, 0),
    }


def test_gaps_name_what_is_missing_where(tmp_path):
    """An entry with a title alone lacks its prose and its trials; one not told lacks its title."""
    found = {row[:2]: row[2] for row in gaps(load(small_content.write(tmp_path / "knowledge")))}
    assert found["concept.coupon", "ko"] == ("title",)
    lacks = set(found["concept.coupon", "ja"])
    assert {"summary", "definition", "examples", "near_misses"} <= lacks
    assert not [key for key in found if key[1] in ("zh", "en")]
