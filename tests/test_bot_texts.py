"""The bot says the same things in all four languages."""

from __future__ import annotations

import string

import pytest
import yaml

from bot import texts
from knowledge.engine import shape
from knowledge.engine.model import KINDS, LANGUAGES
from knowledge.engine.search_texts import UNTOLD

SAID = {
    language: {
        key: text
        for path in texts.paths(language)
        for key, text in yaml.safe_load(path.read_text("utf-8")).items()
    }
    for language in LANGUAGES
}
KEYS = sorted(set().union(*SAID.values()))
SECTIONS = sorted(
    {field.key for cls, _ in KINDS.values() for field in shape.fields_of(cls)}
    - UNTOLD
    - {"title", "aliases", "examples"}
)


def placeholders(text):
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_locale_has_every_key(language):
    """No language lacks a sentence, and none has one of its own."""
    assert sorted(SAID[language]) == KEYS


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_locale_fills_in_the_same_values(language):
    """Each sentence takes the same placeholders everywhere."""
    theirs = {key: placeholders(text) for key, text in SAID[language].items()}
    assert theirs == {key: placeholders(text) for key, text in SAID["zh"].items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_locale_says_something_under_every_key(language):
    """Every sentence is text, none is empty."""
    assert [k for k, text in SAID[language].items() if not str(text).strip()] == []
    assert {type(text) for text in SAID[language].values()} == {str}


@pytest.mark.parametrize("section", SECTIONS)
def test_locale_names_every_section(section):
    """A section that can be shown has a heading."""
    assert texts.has("zh", f"section.{section}")


@pytest.mark.parametrize("kind", KINDS)
def test_locale_names_every_kind(kind):
    """A kind that can be listed has a name."""
    assert texts.has("zh", f"kind.{kind}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_say_fills_the_placeholders(language):
    """The values given appear in the sentence."""
    told = texts.say(language, "choice.none", number=7, count=3)
    assert "7" in told
    assert "3" in told


def test_say_refuses_an_unknown_key():
    """A sentence that is not there is a mistake of ours, not an empty text."""
    with pytest.raises(KeyError):
        texts.say("zh", "no.such.key")
