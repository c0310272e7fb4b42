"""The lexicon is read strictly: a broken list is a problem with a line, not a crash."""

from __future__ import annotations

import pytest

from knowledge.engine.lexicon import Lexicon, load


@pytest.fixture
def reading(tmp_path):
    """Reads the text as the English lexicon; gives it and what is wrong with it."""

    def read(text: str) -> tuple[Lexicon, list[str]]:
        path = tmp_path / "knowledge" / "lexicon" / "en.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        problems = []
        return load(tmp_path / "knowledge", problems), [str(problem) for problem in problems]

    return read


def test_lexicon_load_normalises_words(reading):
    """Words come back as they are compared; a synonym leads to the first of its group."""
    lexicon, problems = reading("stop: [The]\nsubject: [ＫＯＬ]\nsynonyms:\n- [Ads, Ad-verts]\n")
    assert problems == []
    assert lexicon == Lexicon(frozenset({"the"}), frozenset({"kol"}), (("ad verts", "ads"),))


@pytest.mark.parametrize(
    ("synonyms", "message"),
    [
        pytest.param("[[]]", "at least two words", id="empty-group"),
        pytest.param("[[alone]]", "at least two words", id="one-word"),
        pytest.param("[[a, b], [a, 12]]", "expected text, found a whole number", id="number"),
        pytest.param("[[a, {b: c}]]", "expected text, found keys and values", id="mapping"),
        pytest.param("[a, b]", "expected a list, found text", id="no-group"),
        pytest.param("x", "expected a list, found text", id="no-list"),
        pytest.param("[[a, ~]]", "ambiguous value", id="nothing"),
    ],
)
def test_lexicon_load_names_a_broken_group(reading, synonyms, message):
    """What is no group of words is named at its line, and nothing of the file is used."""
    lexicon, problems = reading(f"stop: [a]\nsubject: [b]\nsynonyms: {synonyms}\n")
    assert lexicon == Lexicon()
    assert problems[0].startswith("knowledge/lexicon/en.yaml:3: error: ")
    assert message in problems[0]


@pytest.mark.parametrize("text", ["", "- a\n", "words\n", "stop: []\n"])
def test_lexicon_load_refuses_another_shape(reading, text):
    """A file that is no lexicon is a problem."""
    assert reading(text)[1]
