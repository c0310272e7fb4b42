"""The Feishu channel: sealed and signed callbacks, cards with buttons, files; a strict stand-in."""

from __future__ import annotations

import json
import logging

import pytest
from feishu_platform import APP, KEY, SECRET, TOKEN, running, sealed
from store_help import at_once
from web_server import serving

from bot.channels.feishu import channel as feishu
from bot.channels.feishu import crypto
from bot.channels.feishu.settings import Settings
from bot.channels.tencent.errors import Malformed
from bot.errors import BadInput

QUESTION = "内容运营做什么"
TABLE = "标题,描述\n内容运营,负责公众号内容策划和发布\n司机,开车送货\n".encode()


def section(folder, url, **more):
    """The configuration of the app, its secrets in files."""
    names = {"secret_file": SECRET, "encrypt_key_file": KEY, "token_file": TOKEN}
    for name, value in names.items():
        (folder / name).write_text(value)
    more.setdefault("allow", ("ou_ann", "ou_bob", "ou_hal"))
    return Settings(APP, **{name: str(folder / name) for name in names}, api=url, **more)


@pytest.fixture
def platform(live, tmp_path, monkeypatch):
    """The platform before a server that soon looks for what was not sent."""
    monkeypatch.setattr("web_server.attach", lambda web, app: [feishu.attach(web, app, 0.1)])
    with running() as found:
        with serving(tmp_path, live, feishu=section(tmp_path, found.url)) as server:
            found.hook, found.server = f"{server.url}/hooks/feishu", server
            yield found
        assert found.violations == []


def test_the_published_vector_opens():
    """What the documentation gives as an example of the envelope."""
    vector = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="
    assert crypto.decrypt(vector, "test key") == "hello world"
    assert crypto.decrypt(sealed("职问 {}"), KEY) == "职问 {}"


@pytest.mark.parametrize(
    "broken",
    ["", "!", "AAAA", sealed("x")[:-8], sealed("x", "other"), "é"],
    ids=["empty", "mark", "short", "cut", "other key", "letter"],
)
def test_an_envelope_that_is_none_is_refused(broken):
    """Cut off, of another key, not base64: never a text."""
    with pytest.raises(Malformed):
        crypto.decrypt(broken, KEY)


def test_the_address_is_proved(platform):
    """The check of the address is answered with its challenge, without a signature."""
    challenge = {"challenge": "abc-1", "token": TOKEN, "type": "url_verification"}
    answer = platform.call(challenge, sign=False)
    assert (answer.status_code, answer.json()) == (200, {"challenge": "abc-1"})


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({"x-lark-signature": "0" * 64}, 403, id="signature"),
        pytest.param({"x-lark-request-timestamp": "1409659813"}, 403, id="time"),
        pytest.param({"x-lark-request-nonce": "other"}, 403, id="nonce"),
    ],
)
def test_a_forged_callback_is_refused(platform, change, status):
    """Whoever does not know the key gets nothing, and nobody is answered."""
    event = platform.message("ou_ann", "text", {"text": QUESTION})
    assert platform.call(event, **change).status_code == status
    assert not platform.shown


def test_a_callback_must_be_sealed_signed_and_ours(platform):
    """Plain, unsigned, of another key, another app, another token, too long, no JSON."""
    event = platform.message("ou_ann", "text", {"text": QUESTION})
    statuses = [
        platform.post(json.dumps(event).encode(), {}).status_code,
        platform.call(event, sign=False).status_code,
        platform.call(event, key="another").status_code,
        platform.call(event | {"header": event["header"] | {"app_id": "cli_b"}}).status_code,
        platform.call(event | {"header": event["header"] | {"token": "other"}}).status_code,
        platform.post(b"x" * 300_000, {}).status_code,
        platform.post(b"{", {}).status_code,
        platform.post(b"[]", {}).status_code,
    ]
    assert statuses == [400, 403, 403, 400, 403, 413, 400, 400]
    assert not platform.shown


@pytest.mark.parametrize(
    "event",
    [
        {}, {"event": []}, {"event": {"message": []}}, {"event": {"sender": 5, "message": {}}},
        {"event": {"operator": {"open_id": "ou_ann"}, "action": {"value": "x"}}},
    ],
    ids=["nothing", "list", "message", "sender", "press"],
)  # fmt: skip
def test_an_event_of_another_shape_is_passed_over(platform, event):
    """It is acknowledged, so that it does not come again; the next one is answered."""
    for kind in ("im.message.receive_v1", "card.action.trigger", "contact.user.updated_v3"):
        header = {"event_type": kind, "event_id": "x", "app_id": APP, "token": TOKEN}
        assert platform.call({"schema": "2.0", "header": header} | event).status_code == 200
    assert "来源" in platform.asked("ou_ann", QUESTION)


def test_a_question_is_answered_and_a_button_goes_on(platform):
    """The answer is a card; what can be picked stands below it as buttons."""
    told = platform.asked("ou_ann", QUESTION)
    assert "来源" in told and platform.labels("oc_ou_ann")
    before = len(platform.shown["oc_ou_ann"])
    label = platform.labels("oc_ou_ann")[0]
    assert platform.press("ou_ann", label).status_code == 200
    platform.wait(lambda: len(platform.shown["oc_ou_ann"]) > before, "nothing came")
    assert platform.text("oc_ou_ann") != told


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        pytest.param("post", {"title": "", "content": [[{"tag": "text", "text": QUESTION}]]},
                     "来源", id="post"),
        pytest.param("image", {"image_key": "x"}, "文字", id="image"),
        pytest.param("audio", {"file_key": "x"}, "文字", id="audio"),
        pytest.param("text", {"text": "  "}, "文字", id="blank"),
        pytest.param("text", ["odd"], "文字", id="odd"),
    ],
)  # fmt: skip
def test_every_kind_of_message_is_read(platform, kind, content, told):
    """What has words is answered; for the rest there is a sentence that says what to do."""
    assert platform.call(platform.message("ou_ann", kind, content)).status_code == 200
    platform.wait(lambda: platform.shown["oc_ou_ann"], "no reply came")
    assert told in platform.text("oc_ou_ann")


def test_a_callback_that_comes_again_is_answered_once(platform):
    """The same message three times, two of them at once: one card."""
    event = platform.message("ou_ann", "text", {"text": QUESTION}, number="om_same")
    answers = at_once([lambda: platform.call(event)] * 2)
    assert {one.status_code for one in answers} <= {200, 503}
    platform.wait(lambda: platform.shown["oc_ou_ann"], "no reply came")
    assert platform.call(event).status_code == 200
    platform.asked("ou_ann", "谢谢")
    assert len(platform.shown["oc_ou_ann"]) == 2


def test_a_checklist_is_worked_through_on_one_card(platform):
    """Begun, ticked by its button: the card in its place changes, the run too."""
    platform.asked("ou_ann", "清单")
    platform.press("ou_ann", platform.labels("oc_ou_ann")[0])
    platform.wait(lambda: any(one.startswith("☐") for one in platform.labels("oc_ou_ann")), "none")
    count = len(platform.shown["oc_ou_ann"])
    assert platform.press("ou_ann", "☐").status_code == 200
    platform.wait(lambda: any(one.startswith("☑") for one in platform.labels("oc_ou_ann")), "none")
    assert len(platform.shown["oc_ou_ann"]) == count
    run = platform.server.app.store.runs.all("open")[0]
    assert [mark.state for mark in run.marks.values()] == ["done"]


def test_a_group_hears_only_what_is_said_by_name(platform):
    """Without a mention nothing is said; two people have conversations of their own."""
    chat = "oc_group"
    unnamed = platform.message("ou_ann", "text", {"text": QUESTION}, chat, True, named=False)
    assert platform.call(unnamed).status_code == 200
    assert "内容运营" in platform.asked("ou_ann", QUESTION, chat=chat, group=True)
    assert "私域流量" in platform.asked("ou_bob", "什么是私域流量", chat=chat, group=True)
    assert len(platform.shown[chat]) == 2
    first = platform.shown[chat][0]
    label = next(row["actions"][0]["text"]["content"] for row in first["card"]["elements"]
                 if row["tag"] == "action")  # fmt: skip
    pressed = platform.press("ou_bob", label, chat, first)
    assert pressed.status_code == 200 and "toast" in pressed.json()


def test_strangers_are_told_how_to_be_let_in(platform):
    """Somebody who is on no list is told what to do, and nothing else."""
    told = platform.asked("ou_eve", QUESTION)
    assert "ou_eve" in told and "来源" not in told


def test_a_table_of_postings_comes_back_as_a_workbook(platform):
    """HR sends a file and gets it back with our columns."""
    store = platform.server.app.store
    store.people.link(store.people.add("Hal", ("hr",)).id, "feishu", "ou_hal")
    platform.files["file_1"] = TABLE
    content = {"file_key": "file_1", "file_name": "七月.csv"}
    assert platform.call(platform.message("ou_hal", "file", content)).status_code == 200
    chat = platform.shown["oc_ou_hal"]
    platform.wait(lambda: any("file" in one for one in chat), "no file came")
    name, data = next(one["file"] for one in chat if "file" in one)
    assert name == "七月-classified.xlsx" and data[:2] == b"PK"
    gone = {"file_key": "file_2", "file_name": "x.csv"}
    platform.call(platform.message("ou_hal", "file", gone))
    platform.wait(lambda: len(chat) == 3, "nothing is told")


@pytest.mark.parametrize("trouble", [99991400, 500, 429, "mute"])
def test_a_reply_that_was_not_taken_comes_later_and_once(platform, trouble, monkeypatch):
    """Too many, out of order, taken without an answer: it arrives, and not twice."""
    monkeypatch.setattr("bot.store.outbox.CLAIM_SECONDS", 0.2)
    platform.trouble["/open-apis/im/v1/messages"] = [trouble]
    platform.asked("ou_ann", QUESTION)
    platform.wait(lambda: not platform.trouble["/open-apis/im/v1/messages"], "no attempt")
    platform.asked("ou_ann", "谢谢")
    assert len(platform.shown["oc_ou_ann"]) == 2


def test_a_reply_waits_for_the_right_secret(platform, monkeypatch, caplog):
    """Where Feishu does not know the secret, nothing is lost: it arrives once that is mended."""
    monkeypatch.setattr("bot.store.outbox.CLAIM_SECONDS", 0.2)
    path = "/open-apis/auth/v3/tenant_access_token/internal"
    platform.trouble[path] = [10014]
    platform.say("ou_ann", QUESTION)
    platform.wait(lambda: not platform.trouble[path], "no attempt")
    platform.wait(lambda: platform.shown.get("oc_ou_ann"), "the reply is lost")
    assert "copy App ID and App Secret anew" in caplog.text


@pytest.mark.parametrize("api", ["http://open.feishu.cn", "ftp://127.0.0.1", "open.feishu.cn"])
def test_the_secret_goes_out_over_https_alone(tmp_path, live, api):
    """Another address stops the start, with the remedy."""
    with (
        pytest.raises(BadInput, match="https://"),
        serving(tmp_path, live, feishu=section(tmp_path, api)),
    ):
        pass


def test_the_token_is_shared_and_taken_anew_when_refused(platform):
    """One token for many messages; one that Feishu takes back is replaced."""
    platform.asked("ou_ann", QUESTION)
    platform.asked("ou_bob", QUESTION)
    assert len(platform.tokens) == 1
    platform.tokens.append("t-of-somebody-else")
    platform.asked("ou_ann", "谢谢")
    assert len(platform.tokens) == 3


def test_what_is_refused_for_good_is_said_in_the_log(platform, caplog):
    """The log says what to do, and holds neither secret nor message."""
    caplog.set_level(logging.DEBUG)
    platform.trouble["/open-apis/im/v1/messages"] = [99991672]
    platform.say("ou_ann", QUESTION)
    platform.asked("ou_ann", "谢谢")
    assert "permission" in caplog.text
    assert SECRET not in caplog.text and QUESTION not in caplog.text


@pytest.mark.parametrize("missing", ["secret_file", "encrypt_key_file"])
def test_a_missing_secret_stops_the_start(tmp_path, live, missing):
    """The sentence says what to set."""
    config = section(tmp_path, "http://127.0.0.1:9")
    (tmp_path / missing).write_text("")
    with pytest.raises(BadInput, match=missing), serving(tmp_path, live, feishu=config):
        pass


def test_the_doctor_looks_at_it(tmp_path):
    """A secret that Feishu takes, one that it does not, a platform that is out of reach."""
    from bot.channels.feishu import doctor
    from bot.config import Config
    from bot.doctor import Place

    def found(url, **files):
        config = section(tmp_path, url)
        for name, value in files.items():
            (tmp_path / name).write_text(value)
        whole = Config(platforms={"feishu": config}, database=str(tmp_path / "x.db"))
        return {one.key: one.level for one in doctor.look(Place(whole, tmp_path))}

    with running() as platform:
        assert found(platform.url)["feishu_secret"] == "ok"
        assert found(platform.url, secret_file="wrong")["feishu_secret_wrong"] == "fail"
        assert found(platform.url, encrypt_key_file="")["feishu_key_none"] == "fail"
    assert found("http://127.0.0.1:9")["feishu_unreachable"] == "warn"
