"""Adding a chat platform touches its folder and one line of a table, as tiny_platform does."""

from __future__ import annotations

import httpx
import pytest
from web_server import serving

from bot import config, doctor, texts
from bot.channels.table import PLATFORMS
from bot.channels.wechat.settings import Settings as WeChat
from bot.doctor import Place
from knowledge.engine.model import LANGUAGES
from knowledge.engine.source import ContentError

YAML = """
tiny:
  path: /hooks/tiny
  allow: ["ann"]
"""


@pytest.fixture
def tiny(monkeypatch):
    """The table with one line more."""
    monkeypatch.setitem(PLATFORMS, "tiny", "tiny_platform")
    texts._locale.cache_clear()
    yield
    texts._locale.cache_clear()


def loaded(folder, text=YAML):
    """The configuration in a file of that text."""
    (folder / "config.yaml").write_text(text, "utf-8")
    return config.load(str(folder / "config.yaml"))


def test_platform_has_settings_that_are_checked(tiny, tmp_path):
    """Its section is read like every other, and what is wrong in it is told with its line."""
    assert loaded(tmp_path).platform("tiny").allow == ("ann",)
    for wrong, told in (("tiny:\n  pth: /x", "pth"), ("tiny: []", "keys"), ("tin: {}", "tiny")):
        with pytest.raises(ContentError, match=told):
            loaded(tmp_path, wrong)


def test_platform_without_its_line_is_unknown(tmp_path):
    """Without the line there is no such section."""
    with pytest.raises(ContentError, match="tiny"):
        loaded(tmp_path)


def test_platform_answers(tiny, tmp_path, live):
    """A message goes through the corridor: once, with its choices as numbers, for those let in."""
    section = loaded(tmp_path).platform("tiny")
    with serving(tmp_path, live, tiny=section) as server:
        with httpx.Client(base_url=server.url, timeout=30) as client:

            def say(who, text, id_):
                sent = {"id": id_, "from": who, "text": text}
                return client.post("/hooks/tiny", json=sent).text

            told = say("ann", "内容运营做什么", "1")
            assert "内容运营" in told and len(told.encode()) <= 1500
            assert say("ann", "内容运营做什么", "1") == told
            assert "选一份" in say("ann", "/checklists", "2")
            assert "bob" in say("bob", "内容运营做什么", "3")
            assert client.post("/hooks/tiny", json={"ping": True}).text == "here"
        asked = [one.asked for one in server.app.store.chats.exchanges("tiny:ann")]
        assert asked == ["内容运营做什么", "/checklists"]


def test_platform_is_looked_at_by_the_doctor(tiny, tmp_path):
    """Its own checks, and those that all platforms share, in words of its own."""
    wrong = loaded(tmp_path, YAML.replace("/hooks/tiny", "hooks"))
    found = {one.key: one for one in doctor.examine(Place(wrong, tmp_path))}
    assert found["tiny_path"].level == "fail" and "chat_people" in found
    for language in LANGUAGES:
        assert "hooks" in texts.say(language, "doctor.tiny_path", path="hooks")


@pytest.mark.parametrize("name", PLATFORMS)
def test_platforms_of_ours_are_folders_of_that_kind(name):
    """Each has the four things that the table names."""
    from importlib import import_module

    module = PLATFORMS[name]
    assert callable(import_module(f"{module}.channel").attach)
    assert callable(import_module(f"{module}.doctor").look)
    assert import_module(f"{module}.settings").Settings.__dataclass_params__.frozen
    files = {path.parent.parent.name for path in texts.paths("zh") if path.stem == "zh"}
    assert name in files


def test_platforms_are_sections_of_the_configuration():
    """The names of the table and of the sections are the same."""
    assert [name for name, _ in config.settings_of_platforms()] == list(PLATFORMS)
    assert dict(config.settings_of_platforms())["wechat"] is WeChat
