"""Every option has a documented default, and a wrong one is named with its file and line."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest

from bot import config
from bot.channels.telegram.settings import Settings as Telegram
from bot.channels.wechat.settings import Settings as WeChat
from bot.channels.wecom.settings import Settings as WeCom
from bot.config import Config
from bot.reminders.settings import Smtp
from knowledge.engine.source import ContentError

EXAMPLE = Path(__file__).parent.parent / "config.example.yaml"
OPTIONS = [
    *(field.name for field in dataclasses.fields(config.Options)),
    *(name for name, _ in config.settings_of_platforms()),
]
BAD = [
    ("unknown value", "language: klingon", 1, "language"),
    ("unknown key", "language: en\n\ncolor: never", 3, "colour"),
    ("wrong type", "# a note\norganization: 7", 2, "organization"),
    ("a list", "colour: [auto]", 1, "colour"),
    ("same key twice", "colour: auto\ncolour: never", 2, "colour"),
    ("not a mapping", "- language", 1, ""),
    ("broken yaml", "language: 'zh", None, ""),
]


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """A folder without a config.yaml and an environment that names none."""
    monkeypatch.delenv("ZHIWEN_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_load_without_a_file_gives_the_defaults():
    """No file is fine."""
    assert config.load() == Config()


def test_example_equals_the_defaults():
    """Whoever copies the example changes nothing by that."""
    assert config.load(str(EXAMPLE)) == Config()


@pytest.mark.parametrize("option", OPTIONS)
def test_example_documents_every_option(option):
    """Each option stands in the example, below a comment that explains it."""
    lines = EXAMPLE.read_text("utf-8").splitlines()
    (at,) = [i for i, line in enumerate(lines) if re.match(rf"(# )?{option}:", line)]
    assert re.match(r"# \w", lines[at - 1])


def test_load_reads_every_option(alone):
    """A file named, found by the environment or lying there is read alike."""
    wanted = Config(
        "ko", "company-b", "never", "h.txt", "o", "d.db", "::1", 81, 2, "header", "X-User",
        "X-Roles", ("10.0.0.0/8", "::1"), True,
        Smtp("mail.example.com", "z@example.com", "https://z", 465, "tls", "z", "p"), {
            "telegram": Telegram(
                "t", "webhook", "https://bot.example.com", "s", ("1",), "http://127.0.0.1:1"
            ),
            "wechat": WeChat("wx1", "t", "a", ("o1",)),
            "wecom": WeCom("ww1", "7", "t", "a", "s", ("*",), ("3",), "http://127.0.0.1:2"),
        },
    )  # fmt: skip
    given = dataclasses.asdict(wanted)
    given |= given.pop("platforms")
    pairs = "\n".join(f"{k}: {json.dumps(v)}" for k, v in given.items())
    (alone / "config.yaml").write_text(pairs, "utf-8")
    assert config.load() == config.load(str(alone / "config.yaml")) == wanted


def test_load_prefers_the_named_file_to_the_environment(alone, monkeypatch):
    """--config beats ZHIWEN_CONFIG beats config.yaml."""
    for name, language in (("config.yaml", "zh"), ("env.yaml", "en"), ("named.yaml", "ja")):
        (alone / name).write_text(f"language: {language}\n", "utf-8")
    assert config.load().language == "zh"
    monkeypatch.setenv("ZHIWEN_CONFIG", "env.yaml")
    assert config.load().language == "en"
    assert config.load("named.yaml").language == "ja"


@pytest.mark.parametrize(
    ("content", "line", "word"), [row[1:] for row in BAD], ids=[row[0] for row in BAD]
)
def test_load_names_the_file_and_line_of_a_bad_value(alone, content, line, word):
    """The place and the option are named, and nothing is loaded."""
    (alone / "mine.yaml").write_text(content + "\n", "utf-8")
    with pytest.raises(ContentError) as caught:
        config.load("mine.yaml")
    (problem,) = caught.value.problems
    assert problem.file == "mine.yaml"
    assert line in (None, problem.line)
    assert word in problem.message
    assert f"mine.yaml:{problem.line}: " in str(caught.value)


def test_load_names_all_bad_values_at_once(alone):
    """Two mistakes, two problems."""
    (alone / "mine.yaml").write_text("language: xx\ncolour: yy\n", "utf-8")
    with pytest.raises(ContentError) as caught:
        config.load("mine.yaml")
    assert [problem.line for problem in caught.value.problems] == [1, 2]


def test_load_names_a_file_that_is_missing(monkeypatch):
    """A file that was named must be there, however it was named."""
    with pytest.raises(ContentError, match=r"nowhere\.yaml"):
        config.load("nowhere.yaml")
    monkeypatch.setenv("ZHIWEN_CONFIG", "nowhere.yaml")
    with pytest.raises(ContentError, match=r"nowhere\.yaml"):
        config.load()
