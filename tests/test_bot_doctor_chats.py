"""The doctor on chat platforms: each step of setting one up, told in one line with what to do."""

from __future__ import annotations

import base64
import socket
import time

import pytest
from platform_answers import answering

from bot import cli, doctor
from bot.channels.telegram import doctor as telegram
from bot.channels.telegram.settings import Settings as Telegram
from bot.channels.wechat import doctor as wechat
from bot.channels.wechat.settings import Settings as WeChat
from bot.channels.wecom import doctor as wecom
from bot.channels.wecom.settings import Settings as WeCom
from bot.config import Config
from bot.store import open_store
from bot.texts import say
from knowledge.engine.base import ROOT
from knowledge.engine.model import LANGUAGES

TOKEN = "7123456789:AAH-secretsecretsecretsecretsecret1"
KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
SECRET = "wecom-app-secret-abcdefghijklmnopqrstuvw1"
ME = {"ok": True, "result": {"username": "zhiwen_bot", "supports_inline_queries": True,
                             "can_join_groups": True}}  # fmt: skip
NO_HOOK = {"ok": True, "result": {"url": "", "pending_update_count": 3}}
GOT = {"errcode": 0, "errmsg": "ok", "access_token": "at-1234567890abcdef", "expires_in": 7200}
APP = {"errcode": 0, "name": "Zhiwen", "close": 0, "allow_userinfos": {"user": [{"userid": "li"}]},
       "allow_partys": {"partyid": [1, 2]}, "allow_tags": {"tagid": []}}  # fmt: skip
CHAT = WeChat("wx0123456789abcdef", allow=("o1",))
WORK = WeCom("ww0123456789abcdef", "1000002", allow=("*",))
SECRETS = {
    "TELEGRAM_TOKEN": TOKEN, "WECHAT_TOKEN": "wechattoken12345", "WECHAT_AES_KEY": KEY,
    "WECOM_TOKEN": "wecomtoken123456", "WECOM_AES_KEY": KEY, "WECOM_SECRET": SECRET,
}  # fmt: skip


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """An empty folder, no server, no proxy, and every secret set rightly."""
    for name in ("ZHIWEN_CONFIG", "ZHIWEN_DATABASE", "ZHIWEN_TELEGRAM_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"ZHIWEN_{name}", value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def free_port():
    """A port that nothing listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def name_of(look):
    """The platform that a module checks."""
    return look.__name__.split(".")[-2]


def found(look, section, language="en", **settings):
    """Key -> (level, sentence) of what the checks of one section find."""
    settings.setdefault("port", free_port())
    config = Config(platforms={name_of(look): section}, **settings)
    return {
        one.key: (one.level, say(language, f"doctor.{one.key}", **one.values))
        for one in look.look(doctor.Place(config, ROOT))
    }


def test_doctor_knows_a_good_telegram_bot():
    """A right token, an allow-list and polling: nothing but ok, with the bot's name."""
    with answering(getMe=ME, getWebhookInfo=NO_HOOK) as api:
        told = found(telegram, Telegram(allow=("12345",), api=api.url))
    assert {level for level, _ in told.values()} == {"ok"}
    assert "@zhiwen_bot" in told["telegram_bot"][1]
    assert "3" in told["telegram_polling"][1]
    assert told.keys() >= {"telegram_groups_private", "telegram_inline_on", "chat_people"}


@pytest.mark.parametrize(
    ("token", "answer", "key", "level"),
    [
        pytest.param("", ME, "telegram_token_none", "fail", id="none"),
        pytest.param("AAH-abc", ME, "telegram_token_form", "fail", id="half of one"),
        pytest.param(TOKEN + "/../x", ME, "telegram_token_form", "fail", id="more than one"),
        pytest.param(TOKEN, (401, {"ok": False}), "telegram_token_wrong", "fail", id="revoked"),
        pytest.param(TOKEN, (404, {"ok": False}), "telegram_token_wrong", "fail", id="unknown"),
        pytest.param(TOKEN, (502, {"ok": False}), "telegram_odd", "warn", id="their trouble"),
        pytest.param(TOKEN, {"ok": True}, "telegram_odd", "warn", id="no bot in it"),
        pytest.param(TOKEN, b"<html>", "telegram_unreachable", "warn", id="another page"),
    ],
)
def test_doctor_tells_what_is_wrong_with_a_token(monkeypatch, token, answer, key, level):
    """Missing, cut off, revoked; and at most its last four characters are shown."""
    monkeypatch.setenv("ZHIWEN_TELEGRAM_TOKEN", token)
    with answering(getMe=answer, getWebhookInfo=NO_HOOK) as api:
        told = found(telegram, Telegram(allow=("12345",), api=api.url))
    assert told[key][0] == level
    assert "telegram_bot" not in told
    assert "secretsecret" not in str(told)


def test_doctor_asks_telegram_nothing_with_a_token_that_is_none(monkeypatch):
    """What is no token would only make a wrong address."""
    monkeypatch.setenv("ZHIWEN_TELEGRAM_TOKEN", "no token at all")
    with answering() as api:
        found(telegram, Telegram(api=api.url))
        assert api.asked == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_doctor_makes_one_warning_of_no_network(language):
    """Offline, the rest is checked all the same; the address that was called stays hidden."""
    api = f"http://127.0.0.1:{free_port()}"
    told = found(telegram, Telegram(allow=("12345",), api=api), language)
    assert [key for key, (level, _) in told.items() if level != "ok"] == ["telegram_unreachable"]
    assert TOKEN not in str(told)
    told = found(wecom, WeCom("ww0123456789abcdef", "1000002", allow=("*",), api=api), language)
    assert [key for key, (level, _) in told.items() if level != "ok"] == ["wecom_unreachable"]
    assert SECRET not in str(told)


def test_doctor_survives_a_proxy_that_cannot_be(monkeypatch):
    """A proxy in the environment that is written wrongly is a reason like any other."""
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://nowhere:1")
    told = found(telegram, Telegram(allow=("12345",)))
    assert told["telegram_unreachable"][0] == "warn"


@pytest.mark.parametrize(
    ("bot", "key"),
    [
        ({"can_read_all_group_messages": True}, "telegram_groups_all"),
        ({"can_join_groups": False}, "telegram_groups_none"),
        ({"supports_inline_queries": False}, "telegram_inline_off"),
    ],
    ids=["no privacy mode", "no groups", "no inline mode"],
)
def test_doctor_tells_what_botfather_was_told(bot, key):
    """Privacy mode, groups and inline mode are read from Telegram."""
    me = {"ok": True, "result": ME["result"] | bot}
    with answering(getMe=me, getWebhookInfo=NO_HOOK) as api:
        told = found(telegram, Telegram(allow=("12345",), api=api.url))
    assert key in told


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (None, "telegram_url_none"),
        ("http://bot.example.com", "telegram_url"),
        ("https://bot.example.com:8080", "telegram_url"),
        ("https://bot.example.com:99999", "telegram_url"),
        ("https://localhost", "telegram_url"),
        ("https://192.168.1.5", "telegram_url"),
        ("https://[::1]:443", "telegram_url"),
        ("https://user@bot.example.com", "telegram_url"),
        ("https://bot.example.com/?x=1", "telegram_url"),
        ("https://bot.example.com", None),
        ("https://bot.example.com:8443/", None),
    ],
)
def test_doctor_knows_where_telegram_can_bring_updates(url, key):
    """Only public https addresses on the four ports that Telegram takes."""
    with answering(getMe=ME, getWebhookInfo=NO_HOOK) as api:
        told = found(telegram, Telegram(mode="webhook", url=url, allow=("1",), api=api.url))
    failed = [name for name, (level, _) in told.items() if level == "fail"]
    assert failed == ([key] if key else [])


@pytest.mark.parametrize(
    ("secret", "key", "level"),
    [
        ("", "telegram_secret_own", "ok"),
        ("a-good_secret-0123", "telegram_secret_given", "ok"),
        ("short", "telegram_secret", "fail"),
        ("not allowed here!", "telegram_secret", "fail"),
        ("\u5bc6" * 20, "telegram_secret", "fail"),
    ],
    ids=["none", "good", "short", "signs", "han"],
)
def test_doctor_checks_the_webhook_secret(monkeypatch, secret, key, level):
    """Telegram would refuse other characters, and a short one can be guessed."""
    monkeypatch.setenv("ZHIWEN_TELEGRAM_SECRET", secret)
    with answering(getMe=ME, getWebhookInfo=NO_HOOK) as api:
        told = found(
            telegram, Telegram(mode="webhook", url="https://a.example", allow=("1",), api=api.url)
        )
    assert told[key][0] == level
    assert not secret or secret not in str(told)


HOOK = "https://bot.example.com/hooks/telegram"


@pytest.mark.parametrize(
    ("mode", "info", "key", "level", "word"),
    [
        ("webhook", {"url": HOOK}, "telegram_webhook", "ok", "0"),
        ("webhook", {"url": ""}, "telegram_webhook_later", "ok", "starts"),
        ("webhook", {"url": f"https://old.example/{TOKEN}"}, "telegram_webhook_other", "warn",
         "old.example"),
        ("polling", {"url": f"https://old.example/{TOKEN}"}, "telegram_polling_hook", "warn",
         "old.example"),
        ("webhook",
         {"url": HOOK, "last_error_date": int(time.time()) - 60,
          "last_error_message": "Wrong response from the webhook: 502 Bad Gateway"},
         "telegram_webhook_error", "warn", "502 Bad Gateway"),
    ],
    ids=["ours", "none yet", "another's", "in the way of polling", "did not arrive"],
)  # fmt: skip
def test_doctor_reads_what_telegram_knows_of_the_webhook(mode, info, key, level, word):
    """Where updates go now, and why the last one did not arrive."""
    info = {"pending_update_count": 0} | info
    section = {"mode": mode, "url": "https://bot.example.com/" if mode == "webhook" else None}
    with answering(getMe=ME, getWebhookInfo={"ok": True, "result": info}) as api:
        told = found(telegram, Telegram(allow=("1",), api=api.url, **section))
    assert told[key][0] == level
    assert word in told[key][1]
    assert TOKEN not in str(told)


def test_doctor_leaves_old_trouble_alone():
    """A delivery that failed days ago is no news."""
    info = {"url": HOOK, "last_error_date": 1_700_000_000, "last_error_message": "x"}
    with answering(getMe=ME, getWebhookInfo={"ok": True, "result": info}) as api:
        told = found(
            telegram,
            Telegram(mode="webhook", url="https://bot.example.com", allow=("1",), api=api.url),
        )
    assert "telegram_webhook_error" not in told


@pytest.mark.parametrize("look", [telegram, wechat, wecom])
def test_doctor_tells_when_nobody_may_ask(look):
    """An empty allow-list and nobody linked: a warning; a person with a code is enough."""
    name = name_of(look)
    port = free_port()
    sections = {
        "telegram": Telegram(api=f"http://127.0.0.1:{port}"),
        "wechat": WeChat("wx0123456789abcdef"), "wecom": WeCom("ww0123456789abcdef", "1", api=f"http://127.0.0.1:{port}"),
    }  # fmt: skip
    level, told = found(look, sections[name])["chat_nobody"]
    assert level == "warn"
    assert "zhiwen user link" in told
    store = open_store(Config().database)
    person = store.people.add("li", ("staff",))
    store.people.link(person.id, name, "777")
    key = "chat_people_departments" if name == "wecom" else "chat_people"
    assert found(look, sections[name])[key][0] == "ok"
    store.people.change("li", disabled=True)
    store.close()
    assert "chat_nobody" in found(look, sections[name])


def test_doctor_warns_of_a_bot_for_everybody():
    """A star lets in the world on a public platform; within a company it may be right."""
    offline = f"http://127.0.0.1:{free_port()}"
    assert found(telegram, Telegram(allow=("*",), api=offline))["chat_everyone"][0] == "warn"
    assert found(wechat, WeChat("wx0123456789abcdef", allow=("*",)))["chat_everyone"][0] == "warn"
    work = WeCom("ww0123456789abcdef", "1", allow=("*",), api=offline)
    assert found(wecom, work)["chat_company"][0] == "ok"


def test_doctor_knows_names_from_numbers():
    """A name of Telegram under allow would let nobody in."""
    told = found(telegram, Telegram(allow=("@anna", "123"), api=f"http://127.0.0.1:{free_port()}"))
    assert told["telegram_allow"][0] == "warn"
    assert "@anna" in told["telegram_allow"][1]


@pytest.mark.parametrize(
    ("look", "section"), [(wechat, CHAT), (wecom, WORK)], ids=["wechat", "wecom"]
)
@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("TOKEN", "", "callback_token_none"),
        ("TOKEN", "no-signs-allowed", "callback_token"),
        ("TOKEN", "x" * 33, "callback_token"),
        ("AES_KEY", KEY[:-1], "callback_key"),
        ("AES_KEY", KEY + "=", "callback_key"),
        ("AES_KEY", "!" + KEY[1:], "callback_key"),
    ],
)
def test_doctor_checks_the_secrets_of_a_callback(monkeypatch, look, section, name, value, key):
    """Token and EncodingAESKey have a form by which a cut-off copy is seen."""
    where = name_of(look).upper()
    monkeypatch.setenv(f"ZHIWEN_{where}_{name}", value)
    with answering(gettoken=GOT, get=APP) as api:
        if look is wecom:
            section = WeCom("ww0123456789abcdef", "1000002", allow=("*",), api=api.url)
        told = found(look, section)
    assert told[key][0] == "fail"
    assert "callback_secrets" not in told
    assert KEY[4:-4] not in str(told)


def test_doctor_tells_plain_mode_and_odd_ids(monkeypatch):
    """Without a key WeChat's messages are readable on their way; WeCom does not work at all."""
    monkeypatch.delenv("ZHIWEN_WECHAT_AES_KEY")
    monkeypatch.delenv("ZHIWEN_WECOM_AES_KEY")
    told = found(wechat, WeChat("gh_1234", allow=("o1",)))
    assert (told["wechat_plain"][0], told["wechat_app_id"][0]) == ("warn", "warn")
    api = f"http://127.0.0.1:{free_port()}"
    told = found(wecom, WeCom("corp", "app", departments=("sales",), api=api))
    levels = {key: told[key][0] for key in told}
    assert levels["wecom_key_none"] == levels["wecom_agent_id"] == "fail"
    assert levels["wecom_corp_id"] == levels["wecom_department"] == "warn"


def test_doctor_knows_a_good_wecom_app():
    """Secret, address and app are right: nothing but ok, and who sees the app."""
    with answering(gettoken=GOT, get=APP) as api:
        told = found(wecom, WeCom("ww0123456789abcdef", "1000002", allow=("*",), api=api.url))
        assert [params.get("agentid") for _, params in api.asked] == [None, "1000002"]
    assert {level for level, _ in told.values()} == {"ok"}
    assert "Zhiwen" in told["wecom_app"][1]
    assert SECRET[:-4] not in str(told)


@pytest.mark.parametrize(
    ("got", "app", "key", "level", "word"),
    [
        ({"errcode": 40001}, APP, "wecom_secret_wrong", "fail", "40001"),
        ({"errcode": 40013}, APP, "wecom_corp_wrong", "fail", "ww0123456789abcdef"),
        (GOT, {"errcode": 60020, "errmsg": "not allow to access from your ip, hint: [1], from ip:"
               " 203.0.113.7, more info at x"}, "wecom_ip", "fail", "203.0.113.7"),
        (GOT, {"errcode": 60020}, "wecom_ip", "fail", "60020"),
        (GOT, {"errcode": 301002}, "wecom_agent_wrong", "fail", "1000002"),
        (GOT, {"errcode": 45009}, "wecom_code", "warn", "45009"),
        (GOT, APP | {"close": 1}, "wecom_closed", "fail", "Zhiwen"),
        (GOT, {"errcode": 0, "name": "Zhiwen"}, "wecom_app_unseen", "warn", "Zhiwen"),
        (GOT, {"errcode": 0, "name": "Z", "allow_partys": []}, "wecom_app_unseen", "warn", "Z"),
        ({"errcode": 0}, APP, "wecom_odd", "warn", "200"),
        (b"busy", APP, "wecom_unreachable", "warn", "HTTP 200"),
    ],
    ids=["secret", "company", "address", "address untold", "app", "other", "off", "unseen",
         "another shape", "no token", "no JSON"],
)  # fmt: skip
def test_doctor_puts_the_codes_of_wecom_into_words(got, app, key, level, word):
    """Each refusal says what to change in the console."""
    with answering(gettoken=got, get=app) as api:
        told = found(wecom, WeCom("ww0123456789abcdef", "1000002", allow=("*",), api=api.url))
    assert told[key][0] == level
    assert word in told[key][1]
    assert SECRET not in str(told)


@pytest.mark.parametrize(("departments", "key", "level"),
                         [((), "wecom_secret_none", "warn"),
                          (("2",), "wecom_secret_departments", "fail")])  # fmt: skip
def test_doctor_says_what_a_secret_of_wecom_is_for(monkeypatch, departments, key, level):
    """Without it the app only answers; with departments it is needed."""
    monkeypatch.delenv("ZHIWEN_WECOM_SECRET")
    work = WeCom("ww0123456789abcdef", "1", allow=("li",), departments=departments)
    assert found(wecom, work)[key][0] == level


def test_doctor_looks_for_the_callback_on_the_running_server(server):
    """A server that was started before the section was written has no callback yet."""
    told = found(wechat, CHAT, port=server.port)
    assert told["hook_missing"][0] == "warn"
    assert "404" in told["hook_missing"][1]
    assert "/hooks/wechat" in told["hook_outside"][1]
    assert "hook_later" in found(wechat, CHAT)


def test_doctor_tells_of_a_secret_that_cannot_be_read(alone, monkeypatch, capsys):
    """A wrong path ends the checks of that platform, not those of the next; exit code 1."""
    monkeypatch.setattr(doctor.server, "CHECKS", ())  # they have tests of their own, and take long
    monkeypatch.delenv("ZHIWEN_TELEGRAM_TOKEN")
    text = "telegram:\n  token_file: nowhere\nwechat:\n  app_id: wx0123456789abcdef\n"
    (alone / "config.yaml").write_text(f"port: {free_port()}\n{text}", "utf-8")
    assert cli.main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("fail") and "nowhere" in line for line in lines)
    assert any("wechat: token ***2345" in line for line in lines)
