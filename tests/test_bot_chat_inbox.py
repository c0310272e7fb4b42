"""The core of all chat platforms: who may talk, what comes of a message, and everything once."""

from __future__ import annotations

import pytest
from chat_help import PLENTY, PRESSED, TYPED, Phone, app_on
from store_help import at_once

from bot import serialize
from bot.chat import identity, inbox, outbox
from bot.chat.model import File
from bot.model import Chat
from bot.rate_limits import RateLimiter
from bot.runs import own_templates
from bot.store import StoreUnavailable
from bot.store.outbox import CLAIM_SECONDS
from knowledge.engine.model import LANGUAGES
from rules.questions.state import Conversation

POSTING = """内容运营专员
岗位职责：
1、负责公众号、小红书的内容策划、撰写和发布；
2、跟进内容数据，分析阅读量和涨粉情况；
3、策划选题，维护作者关系。
任职要求：
1、一年以上新媒体内容运营经验；
2、文字功底好。"""


@pytest.fixture
def app(store, live):
    """A app where numbers 1 to 9 are let in."""
    return app_on(store, live, allow=tuple("123456789"))


@pytest.fixture
def ann(app):
    """One of the staff on a phone with buttons."""
    return Phone(app, "1")


@pytest.fixture
def hal(app):
    """Somebody from HR on a phone with buttons."""
    return known(app, "Hal", "hr", "9")


def known(app, name, role, sender, can=PRESSED, **fields):
    """Somebody with a role, and linked."""
    person = app.store.people.add(name, (role,))
    app.store.people.link(person.id, can.channel, sender)
    return Phone(app, sender, can, **fields)


def test_inbox_answers_a_question(ann):
    """A question gets its answer with the source, choices and thumbs below."""
    told = ann.say("内容运营做什么")
    assert "内容" in told and "来源" in told
    assert ann.labels[-2:] == ["👍", "👎"]
    assert all(len(b.data.encode()) <= 64 for row in ann.last.buttons for b in row)


def test_inbox_takes_what_is_pressed(ann):
    """A choice is answered like a question, and so are the choices of an older answer."""
    ann.say("内容运营做什么")
    first = ann.last
    label = ann.labels[0]
    ann.press(label)
    assert ann.text.startswith(label.partition(" ")[0][:2])
    ann.last = first
    ann.press(ann.labels[1])
    assert ann.text


@pytest.mark.parametrize("can", [PRESSED, TYPED], ids=["pressed", "typed"])
def test_inbox_takes_a_number(app, can):
    """Where nothing can be pressed choices are numbered, and elsewhere a number works too."""
    phone = Phone(app, "2", can)
    phone.say("内容运营做什么")
    told = phone.say("1")
    assert "内容运营" in told
    assert "99" not in told


def test_inbox_numbers_what_may_be_typed(app):
    """The lines below a plain text are the choices, without thumbs."""
    phone = Phone(app, "2", TYPED)
    told = phone.say("内容运营做什么")
    assert "\n1. " in told and "👍" not in told
    assert "没有编号 77" in phone.say("77")


@pytest.mark.parametrize("language", LANGUAGES)
def test_inbox_tells_strangers_how_to_be_let_in(app, language):
    """A stranger is told the number to pass on, in the language of their phone, and no more."""
    stranger = Phone(app, "666", language=language)
    assert "666" in stranger.say("内容运营做什么")
    assert stranger.last.buttons == ()
    assert app.store.chats.exchanges("telegram:666") == []
    assert [line["action"] for line in app.store.audit.list_recent()] == ["denied"]


def test_inbox_says_nothing_to_strangers_in_a_group(app):
    """Nobody in a group is bothered because somebody else may not ask."""
    assert Phone(app, "666", chat="-100", group=True).say("你好") == ""


def test_inbox_notes_a_denial_once_a_day(app):
    """A stranger cannot fill the audit table."""
    stranger = Phone(app, "666")
    for _ in range(3):
        stranger.say("你好")
    assert len(app.store.audit.list_recent()) == 1


@pytest.mark.parametrize("spelled", ["{}", "  {} ", "绑定 {}", "{lower}"])
def test_inbox_links_whoever_sends_a_code(app, spelled):
    """The code makes the sender that person, with their roles; the next one gets nothing by it."""
    person = app.store.people.add("Meg", ("manager",))
    code = identity.new_code(app.store, person)
    phone = Phone(app, "o-meg", TYPED)
    assert "Meg" in phone.say(spelled.format(code, lower=code.lower()))
    assert "manager" in phone.say("我是谁")
    thief = Phone(app, "o-thief", TYPED)
    assert "Meg" not in thief.say(code)
    assert "绑定码" in thief.text


def test_inbox_bounds_the_guessing_of_codes(app):
    """After a few wrong codes even the right one is of no use for a while."""
    person = app.store.people.add("Meg", ("manager",))
    phone = Phone(app, "guesser", TYPED)
    for _ in range(5):
        phone.say("ZW-AAAAA-AAAAA")
    assert "Meg" not in phone.say(identity.new_code(app.store, person))


def test_inbox_keeps_out_who_was_disabled(app):
    """Being on the allow-list does not help somebody who was kept out."""
    phone = Phone(app, "3")
    assert phone.say("内容运营做什么")
    app.store.people.change("telegram 3", disabled=True)
    assert "3" in phone.say("内容运营做什么") and "来源" not in phone.text


def test_inbox_lets_a_person_ask_only_so_often(store, live):
    """A flood is answered with a request to wait."""
    app = app_on(store, live, RateLimiter(lambda: 0.0, rate=1, burst=2), allow=("1",))
    phone = Phone(app, "1")
    phone.say("你好")
    phone.say("你好")
    assert "太多" in phone.say("你好") or "稍" in phone.text


def test_inbox_classifies_a_pasted_posting_for_hr_alone(hal, ann):
    """HR gets the verdict; staff are told whom it is for; the text is kept for neither."""
    assert "内容运营" in hal.say(POSTING)
    assert "HR" in ann.say(POSTING)
    for phone in (hal, ann):
        said = phone.app.store.chats.exchanges(f"telegram:{phone.sender}")
        assert all("小红书" not in one.asked for one in said if one.reply["about"])


def test_inbox_reads_a_file_of_postings(hal):
    """A table comes back with a verdict for each row; one posting is told like a pasted one."""
    table = "标题,描述\n内容运营,负责公众号内容策划和发布\n司机,开车送货\n".encode()
    hal.take(hal.incoming(file=File("岗位.csv", len(table), lambda: table)))
    (result,) = hal.last.files
    assert result.name == "岗位-classified.xlsx" and result.data.startswith(b"PK")
    text = POSTING.encode()
    hal.take(hal.incoming(file=File("jd.txt", len(text), lambda: text)))
    assert hal.last.files == () and "内容运营" in hal.text


def test_inbox_refuses_files_it_cannot_use(hal, ann):
    """Too large, lost on the way, empty, or not for this person: each is told in words."""

    def lost():
        raise OSError

    def never():
        raise AssertionError("it is fetched only if it may be read")

    hal.take(hal.incoming(file=File("x.csv", 6_000_000, never)))
    assert "5 MB" in hal.text
    hal.take(hal.incoming(file=File("x.csv", 10, lost)))
    assert "再发一次" in hal.text
    hal.take(hal.incoming(file=File("x.pdf", 10, lambda: b"%PDF-1.7 ?")))
    assert hal.text and hal.last.files == ()
    ann.take(ann.incoming(file=File("x.csv", 10, never)))
    assert "HR" in ann.text


def test_inbox_answers_with_the_head_of_a_checklist(ann):
    """The head and the button that starts it come first; the items when they are asked for."""
    told = ann.say("大促前要检查什么")
    assert "共 25 项，分 3 个检查时刻；必过 9 项" in told and "☐" not in told
    assert ann.labels[:2] == ["开始这份清单", "看检查项"]
    ann.press("看检查项")
    assert ann.text.count("☐") == 25
    ann.press("开始这份清单")
    assert "0/25" in ann.text


def test_inbox_numbers_the_items_of_a_checklist(app):
    """Where nothing can be pressed both are numbers."""
    phone = Phone(app, "2", TYPED)
    told = phone.say("大促前要检查什么")
    assert "\n1. 开始这份清单\n2. 看检查项" in told and "☐" not in told
    assert "☐" in phone.say("2")


@pytest.mark.parametrize("can", [PRESSED, TYPED], ids=["pressed", "typed"])
def test_inbox_help_lists_what_there_is_here(app, can):
    """Asked in any words, help has the commands of this channel and none of the terminal."""
    told = Phone(app, "2", can).say("你能做什么")
    assert "/my_data" in told and "/quit" not in told


def test_inbox_answers_a_bare_name_in_the_language_of_the_app(app):
    """SEO is SEO in every language; once something was said, the conversation decides."""
    assert "出典" in Phone(app, "2", language="ja").say("SEO")
    phone = Phone(app, "3", language="ja")
    phone.say("公关看哪些指标")
    assert "来源" in phone.say("SEO")


def test_inbox_works_through_a_checklist(app, ann):
    """Find a list by a need, start it, tick in place, and see the other's tick."""
    ann.say("/lists 促销活动上线前")
    ann.press(ann.labels[0])
    assert "0/" in ann.text
    run = app.store.runs.all()[0].id
    box = ann.data("☐ 1.")
    ann.press("☐ 1.")
    assert ann.last.edits and ann.last.notice == "已勾选" and "☑ 1." in ann.text
    ann.take(ann.incoming(press=box))
    assert ann.last.notice == "已经是这样了"
    bob = Phone(app, "2")
    bob.say("我的清单")
    bob.press(bob.labels[0])
    assert "☑ 1." in bob.text
    assert [m.by for m in app.store.runs.get(run).marks.values()] == ["telegram 1"]


def test_inbox_lets_everyone_in_a_group_tick(app):
    """The boxes below a list in a group are for all; the choices below an answer for the asker."""
    ann, bob = (Phone(app, who_, chat="-100", group=True) for who_ in "12")
    ann.say("/lists 促销活动上线前")
    start = ann.data(ann.labels[0])
    bob.take(bob.incoming(press=start))
    assert bob.last.notice and not bob.app.store.runs.all()
    ann.press(ann.labels[0])
    bob.last = ann.last
    bob.press("☐ 1.")
    assert bob.last.edits and "☑" in bob.text
    stranger = Phone(app, "666", chat="-100", group=True)
    stranger.last = ann.last
    stranger.press("☐ 2.")
    assert len(app.store.runs.all()[0].marks) == 1


def test_inbox_asks_for_the_reason_of_an_exception(app, ann):
    """An item that does not apply needs a reason, which the next message brings, or not."""
    ann.say("/lists 促销活动上线前")
    ann.press(ann.labels[0])
    card = ann.last
    ann.press("不适用")
    ann.press("1.")
    assert "➖ 1." in ann.say("今年没有线下活动")
    mark = next(iter(app.store.runs.all()[0].marks.values()))
    assert (mark.state, mark.note) == ("na", "今年没有线下活动")
    ann.last = card
    ann.press("不适用")
    ann.press("2.")
    assert "取消" in ann.say("取消")
    assert len(app.store.runs.all()[0].marks) == 1


def test_inbox_sets_the_date_and_closes(app):
    """Who began a run sets its date and closes it, once the must-pass items are done."""
    ann = Phone(app, "1")
    ann.say("/lists")
    ann.press(ann.labels[0])
    card = ann.last
    ann.press("设日期")
    assert "2026-06-18" in ann.say("明天")
    ann.say("2026-12-24")
    run = app.store.runs.all()[0]
    assert run.anchor == "2026-12-24"
    bob = Phone(app, "2")
    bob.say("我的清单")
    bob.press(bob.labels[0])
    assert not any(label.startswith("设日期") for label in bob.labels)
    ann.last = card
    assert not any(label.startswith("关闭") for label in ann.labels)


def test_inbox_ticks_by_number_where_nothing_can_be_pressed(app):
    """On a platform without buttons every item has a number, and the number turns it."""
    phone = Phone(app, "1", TYPED)
    phone.say("清单")
    phone.say("1")
    assert "1. ☐" in phone.text
    assert "1. ☑" in phone.say("1")
    assert "已勾选" in phone.text
    assert all(len(text.encode()) <= 2048 for text in phone.last.texts)


def test_inbox_fits_the_bytes_of_a_message(app):
    """A long answer is cut where it reads well, and "continue" brings the rest, all of it."""
    phone = Phone(app, "1", TYPED)
    phone.say("内容运营做什么")
    phone.say("/more")
    told = []
    for _ in range(20):
        told.append(phone.text)
        assert len(phone.text.encode()) <= 2048
        if "继续" not in phone.text:
            break
        phone.say("继续")
    assert len(told) > 1 and "配合" in "".join(told) and "来源" in told[-1]
    assert "没有更多" in phone.say("继续")


@pytest.mark.parametrize("text", ["👍", "有用", "/good", "helpful", "役に立った", "도움 됐어요"])
def test_inbox_takes_praise_in_words(ann, text):
    """A thumb may be typed, in any of the four languages."""
    ann.say("内容运营做什么")
    ann.say(text)
    (kept,) = ann.app.store.feedback.all(0.0)
    assert kept.good and kept.question == "内容运营做什么"


def test_inbox_takes_a_thumb_that_is_pressed(ann):
    """The message stays, the person is thanked, and a second press changes the verdict."""
    ann.say("内容运营做什么")
    answer = ann.last
    ann.press("👍")
    assert ann.last.notice and not ann.last.blocks
    ann.last = answer
    ann.press("👎")
    (kept,) = ann.app.store.feedback.all(0.0)
    assert not kept.good


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("/help", "清单"), ("/start", "清单"), ("/why", "没有"), ("/source", "来源"),
        ("/lang en", "English"), ("/lang", "语言"), ("/id", "staff"), ("/link", "ZW-"),
        ("/runs", "没有"), ("/continue", "没有更多"), ("/nonsense", "/nonsense"),
        ("/ask@zhiwen_bot 内容运营做什么", "内容"), ("/ask", "输入"), ("/forget_me", "忘"),
        ("/stop", "取消"), ("/bad", "还没有"), ("菜单", "清单"),
        ("/checklists", "选一份"), ("/Checklist 大促前", "选一份"), ("/list@zhiwen_bot", "选一份"),
        ("/清单", "选一份"), ("/チェックリスト", "选一份"), ("/my-runs", "没有"), ("/menu", "清单"),
        ("/language", "语言"), ("/forget", "忘"), ("/whoami", "staff"), ("/cancel", "取消"),
        ("/ask\n内容运营做什么", "内容"), ("/none of these", "/none"),
    ],
)  # fmt: skip
def test_inbox_knows_its_commands(ann, command, shown):
    """Every command says something to the point."""
    assert shown in ann.say(command), ann.text


def test_inbox_speaks_the_chosen_language(ann):
    """A language that was chosen stays, whatever the words are in."""
    ann.say("/lang en")
    assert "Source" in ann.say("内容运营做什么")
    assert "Source" in ann.say("内容运营做什么")


def test_inbox_gives_out_what_it_keeps(ann):
    """A person gets their own data as a file, but not in front of others."""
    ann.say("内容运营做什么")
    ann.say("/my_data")
    assert "内容运营做什么" in ann.last.files[0].data.decode()
    group = Phone(ann.app, "1", chat="-100", group=True)
    group.say("/my_data")
    assert group.last.files == ()


def test_inbox_forgets(ann):
    """The conversation, or the person with it; nothing is before it is picked."""
    ann.say("内容运营做什么")
    ann.say("/forget_me")
    menu = ann.last
    assert len(ann.app.store.chats.exchanges("telegram:1")) > 0
    ann.press("删除")
    assert ann.app.store.chats.exchanges("telegram:1") == []
    ann.last = menu
    ann.press("忘掉")
    assert "忘掉" in ann.text
    assert [p.name for p in ann.app.store.people.all()] == []
    assert ann.app.store.chats.state("telegram:1") is None


@pytest.mark.parametrize(
    "data", ["", "nothing:0", "x", ":", "a:b", "a:99999999999999999999", "\x00:0", "💥:1"]
)
def test_inbox_survives_forged_presses(ann, data):
    """Data that no button of ours carries is out of date, and nothing else happens."""
    ann.take(ann.incoming(press=data or " "))
    assert "过时" in ann.last.notice or "过时" in ann.text


def test_inbox_counts_a_press_only_where_it_stands(app, ann):
    """Not in another chat, not for somebody else, not below another message."""
    ann.say("内容运营做什么")
    outbox.bind(app, ann.last, "m1")
    label, data = ann.labels[0], ann.data(ann.labels[0])
    thief = Phone(app, "2")
    for phone, fields in [
        (thief, {}),
        (Phone(app, "1", chat="elsewhere"), {}),
        (ann, {"message": "m2"}),
    ]:
        phone.take(phone.incoming(press=data, **fields))
        assert phone.last.notice, label
    ann.take(ann.incoming(press=data, message="m1"))
    assert not ann.last.notice


def test_inbox_answers_a_message_once(app, ann):
    """The same message again is nothing new, whoever gets it."""
    first = ann.incoming(text="内容运营做什么", id="twice")
    ann.take(first)
    again = inbox.receive(app, PRESSED, first)
    assert again is not None and again.message.empty
    assert len(app.store.chats.exchanges("telegram:1")) == 1


def test_inbox_gives_the_same_reply_until_it_has_arrived(app, ann):
    """A reply that was not delivered comes again, byte for byte; how far it got is known."""
    message = ann.incoming(text="内容运营做什么", id="lost")
    first = inbox.receive(app, PRESSED, message)
    assert inbox.receive(app, PRESSED, message).message == first.message
    outbox.mark_delivered(app, PRESSED, message, parts=2)
    assert inbox.receive(app, PRESSED, message).arrived_count == 2
    outbox.mark_delivered(app, PRESSED, message)
    assert inbox.receive(app, PRESSED, message).message.empty


def test_inbox_hands_over_what_a_dead_process_left(app, ann, clock):
    """A kept reply is found by whoever looks, once, and so is a claim without a reply."""
    message = ann.incoming(text="内容运营做什么", id="left")
    first = inbox.receive(app, PRESSED, message)
    assert outbox.pending(app, PRESSED) == []
    clock.pass_(CLAIM_SECONDS + 1)
    (left,) = outbox.pending(app, PRESSED)
    assert (left.message, left.chat, left.parts) == (first.message, "1", 0)
    assert outbox.pending(app, PRESSED) == []
    outbox.mark_settled(app, PRESSED, left.key, 1)
    outbox.mark_settled(app, PRESSED, left.key)
    clock.pass_(CLAIM_SECONDS + 1)
    assert outbox.pending(app, PRESSED) == []
    assert app.store.outbox.claim("telegram", "dead").state == "ours"
    assert inbox.receive(app, PRESSED, ann.incoming(text="你好", id="dead")) is None
    clock.pass_(CLAIM_SECONDS + 1)
    assert not inbox.receive(app, PRESSED, ann.incoming(text="你好", id="dead")).message.empty


def test_inbox_lets_one_of_many_answer(app, ann):
    """Of several who get the same message at once one answers; the others are told to wait."""
    message = ann.incoming(text="内容运营做什么", id="many")
    got = at_once([lambda: inbox.receive(app, PRESSED, message)] * 6)
    assert len(app.store.chats.exchanges("telegram:1")) == 1
    shown = [one.message for one in got if one is not None]
    assert all(one == shown[0] for one in shown)


@pytest.mark.parametrize("says_so", [True, False])
def test_inbox_gives_a_message_back_that_it_could_not_answer(app, ann, monkeypatch, says_so):
    """When the database fails nothing is acknowledged, and the message may come again at once;
    to the same process even where the database did not take that it gives it back."""
    message = ann.incoming(text="内容运营做什么", id="busy")
    with monkeypatch.context() as broken:
        broken.setattr(type(app.store.chats), "keep", _busy)
        if not says_so:
            broken.setattr(type(app.store.outbox), "give_back", _busy)
        with pytest.raises(StoreUnavailable):
            inbox.receive(app, PRESSED, message)
    assert "来源" in markup_of(inbox.receive(app, PRESSED, message).message)


def _busy(*_, **__):
    raise StoreUnavailable("full")


def markup_of(said):
    """The text of a reply."""
    from bot.model import Reply
    from bot.render.text import as_text

    return as_text(Reply(said.language, said.blocks))


def test_inbox_finds_for_other_chats_what_is_public(app, live):
    """A search inside one's own message gives ready answers; strangers get none."""
    found = inbox.search(app, PRESSED, "1", "内容运营做什么", "zh")
    assert found and found[0].message.blocks and found[0].title
    assert len({one.id for one in found}) == len(found)
    assert inbox.search(app, PRESSED, "666", "内容运营做什么", "zh") == ()
    for text in ("", "x" * 300, "明天天气怎么样"):
        assert inbox.search(app, PRESSED, "1", text, None) == ()


def test_inbox_keeps_the_conversations_of_a_group_apart(app):
    """In one group each has a conversation of their own."""
    ann, bob = (Phone(app, one, chat="-100", group=True) for one in "12")
    ann.say("内容运营做什么")
    assert "还没有" in bob.say("/why")
    assert "还没有" not in ann.say("/why")


def test_inbox_counts_what_is_asked(store, live):
    """Bands and thumbs are counted for the insights."""
    app = app_on(store, live, PLENTY, ("1",))
    phone = Phone(app, "1")
    phone.say("内容运营做什么")
    phone.say("👍")
    counted = app.counts.total()
    assert counted["band", "answer"] == 1 and counted["feedback", "up"] == 1


@pytest.mark.parametrize("text", ["[帮助]", "【清单】", "[赞]", "/::)", "/:rose", "//", "/"])
def test_inbox_takes_no_smiley_for_a_command(ann, text):
    """What stands in brackets, or behind a slash that no word follows, commands nothing."""
    told = ann.say(text)
    assert "没有 /" not in told and "选一份" not in told
    assert ann.app.store.feedback.all(0.0) == []


def test_inbox_leaves_what_was_pressed_in_the_conversation(app, ann):
    """The label of a button, or the command that was typed, stands there with what came of it."""
    ann.say("/lists 促销活动上线前")
    title = ann.labels[0]
    ann.press(title)
    label = next(one for one in ann.labels if one.startswith("☐ 1."))
    ann.press("☐ 1.")
    said = app.store.chats.exchanges("telegram:1")
    assert [one.asked for one in said] == ["/lists 促销活动上线前", title, label]
    assert said[-1].reply["blocks"] == [{"kind": "paragraph", "text": "已勾选"}]


def test_inbox_judges_the_last_answer_and_nothing_that_was_done(app, ann):
    """A command in between is no answer that a thumb could be meant for."""
    ann.say("内容运营做什么")
    ann.say("/lists")
    ann.say("👍")
    (one,) = app.store.feedback.all()
    assert (one.question, one.entry) == ("内容运营做什么", "role.content_operations")


def test_inbox_keeps_no_code_and_no_forgotten_word(app):
    """A code for access is a secret, and who is forgotten leaves nothing behind."""
    zoe = app.store.people.add("Zoe", ("staff",))
    code = identity.new_code(app.store, zoe)
    phone = Phone(app, "77")
    assert "Zoe" in phone.say(code)
    assert app.store.chats.exchanges("telegram:77") == []
    phone.say("/forget_me")
    phone.press(phone.labels[0])
    assert app.store.chats.exchanges("telegram:77") == []


@pytest.mark.parametrize("word", ["继续", "/more"])
def test_inbox_continues_nothing_that_one_may_not_see(app, word):
    """What was left over of a cut text goes with the role that it took to see it."""
    rest = Chat(
        conversation=Conversation(focus=(("concept.not_for_them", 1.0),)), speaking="zh",
        rest="薪资带宽是一个职级的最低与最高薪资之间的范围",
    )  # fmt: skip
    phone = Phone(app, "1", TYPED)
    phone.say("你好")
    person = app.store.people.by_identity("wechat", "1")
    app.store.chats.keep("wechat:1", person.id, serialize.chat_to(rest))
    assert "薪资" not in phone.say(word)


def test_inbox_offers_the_lists_that_people_wrote(app):
    """By name or among all; begun by a press; not those that are for others."""
    person = app.store.people.add("Ann", ("staff",))
    app.store.people.link(person.id, "telegram", "ann-own")
    other = app.store.people.add("Eve", ("hr",))
    own_templates.save(app.store, person, "- [ ] 订场地\n- [ ] 印海报\n", "展会筹备单")
    own_templates.save(app.store, other, "- [ ] 面试\n", "展会招聘单", ("hr",))
    ann = Phone(app, "ann-own")
    ann.say("/lists")
    assert ann.labels[0] == "展会筹备单"
    ann.say("/lists 展会筹备")
    assert "展会筹备单" in ann.labels and "展会招聘单" not in ann.labels
    ann.press("展会筹备单")
    assert "订场地" in ann.text
    ann.press("☐ 1.")
    (run,) = app.store.runs.all()
    assert (run.title, run.marks["0.0"].state) == ("展会筹备单", "done")
