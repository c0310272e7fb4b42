"""What people can do in Telegram, from end to end: real library, real HTTP, a strict Telegram."""

from __future__ import annotations

import dataclasses
import io

import pytest
import telegram_api
import telegram_bot
from python_calamine import CalamineWorkbook
from telegram_people import BOT, Person
from web_server import until

from bot.postings.output import name_of
from bot.store import open_store
from rules.postings import detect as posting
from rules.postings.classify import classify

BEN = Person(222, "Ben", "zh-hans")
POSTING = (
    "内容运营专员\n岗位职责：\n1. 负责公众号、小红书内容策划与发布\n2. 负责选题、排版、数据分析\n"
    "任职要求：\n1. 本科以上\n2. 一年以上新媒体运营经验"
)
ROWS = "title,description\n内容运营,负责公众号内容策划发布选题排版\n活动运营,负责活动策划执行复盘\n"


@pytest.fixture
def api(monkeypatch):
    """Telegram."""
    monkeypatch.setenv("ZHIWEN_TELEGRAM_TOKEN", telegram_api.TOKEN)
    with telegram_api.running() as running:
        yield running


@pytest.fixture
def bot(api, tmp_path, live):
    """Our side, by webhook: an update is confirmed when its reply has arrived."""
    with telegram_bot.running(api, tmp_path, live, mode="webhook") as running:
        yield running


@pytest.fixture
def anna(api, bot):
    """The chat of one of the staff."""
    return api.person(111)


@pytest.fixture
def hr(api, bot):
    """The chat of somebody who may have postings classified."""
    person = bot.store.people.add("Hana", ("hr",))
    bot.store.people.link(person.id, "telegram", "333")
    return api.person(333, "Hana", "zh")


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_telegram_answers_a_question(api, tmp_path, live, mode):
    """A question gets its answer with its source, whichever way updates come."""
    with telegram_bot.running(api, tmp_path, live, mode=mode):
        told = api.person(111).asks("What does content operations do?")
        assert told.text.startswith("Content operations\n")
        assert told.marked("bold")[0] == "Content operations"
        assert "\nSource: " in told.marked("blockquote")[-1]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param("en-GB", "Ask me who does what", id="en"),
        pytest.param("zh-hans", "我回答市场和运营", id="zh"),
        pytest.param("ja", "マーケティング", id="ja"),
        pytest.param("ko", "마케팅", id="ko"),
    ],
)
def test_telegram_speaks_the_language_of_the_app(api, bot, code, words):
    """The first words are in the language that the person's app is set to."""
    assert words in api.person(111, language=code).asks("/start").text


def test_telegram_choice_is_pressed(api, anna):
    """A choice below an answer is answered in turn; a press never leaves its clock running."""
    told = anna.asks("What does content operations do?")
    press = anna.press("Metrics", told)
    assert "Metrics" in anna.wait(2)[1].text
    api.quiet()
    assert api.presses[press] == ""


def test_telegram_comparison_reads_well_on_a_phone(anna):
    """A comparison comes row by row: its name in bold, a line for each side, no wide table."""
    told = anna.asks("compare marketing and operations")
    assert "Purpose" in told.marked("bold")
    after = told.text.partition("Purpose\n")[2].split("\n")
    assert after[0].startswith("Marketing: ")
    assert after[1].startswith("Operations: ")
    assert "|" not in told.text


def test_telegram_long_answers_come_in_several_messages(api, anna):
    """A text beyond 4096 units becomes several messages; the buttons stand below the last."""
    anna.say("campaign checklist")
    api.quiet()
    anna.press("Show the items")
    api.quiet()
    told = anna.told[1:]
    assert len(told) > 1
    assert [bool(one.keyboard) for one in told] == [False] * (len(told) - 1) + [True]


def test_telegram_feedback_is_kept(api, bot, anna):
    """A thumb is thanked for and counted; the answer stays as it is."""
    told = anna.asks("What does content operations do?")
    press = anna.press("\U0001f44d", told)
    api.quiet()
    assert api.presses[press]
    assert len(anna.told) == 1
    assert bot.app.counts.total()["feedback", "up"] == 1


def test_telegram_pasted_posting_is_classified(hr):
    """A posting in the chat gets its verdict."""
    assert hr.asks(POSTING).marked("bold")[0].startswith("职能判定")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_telegram_file_of_postings_comes_back(api, hr, kind):
    """A table of postings is answered with a summary and the table with our columns."""
    hr.send_file(f"jobs.{kind}", table(kind))
    told = hr.wait(2)
    assert "2" in told[0].text
    name, data = told[1].file
    assert name == "jobs-classified.xlsx"
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert len(book.get_sheet_by_index(0).to_python()) == 3
    assert sum(api.downloads.values()) == 1


def table(kind):
    """The same postings as a file of that kind."""
    if kind == "csv":
        return ROWS.encode()
    from xlsxwriter import Workbook

    target = io.BytesIO()
    with Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(ROWS.splitlines()):
            sheet.write_row(number, 0, line.split(","))
    return target.getvalue()


def test_telegram_file_is_not_fetched_for_everybody(api, anna):
    """Whoever may not have postings classified is told so, and nothing is fetched."""
    anna.send_file("jobs.csv", ROWS.encode())
    anna.wait(1)
    assert not api.downloads


@pytest.mark.parametrize("said", [6_000_000, 0], ids=["told", "not-told"])
def test_telegram_large_file_is_refused(api, hr, said):
    """A file beyond 5 MB is refused in words; if its size is known, it is not even fetched."""
    hr.send_file("jobs.csv", b"x" * 5_000_001, size=said)
    assert "5" in hr.wait(1)[0].text
    assert bool(api.downloads) == (said == 0)


def test_telegram_file_that_is_lost_is_told(api, hr):
    """A file that Telegram does not give is told in words."""
    api.faults.waiting.append(telegram_api.Fault("file", "broken", times=9))
    hr.send_file("jobs.csv", ROWS.encode())
    assert hr.wait(1)[0].file is None


def test_telegram_checklist_is_ticked_in_place(api, anna):
    """A tick changes the one message; the same tick again changes nothing."""
    anna.press("Campaign", anna.asks("/lists promotion"))
    api.quiet()
    [told] = anna.told
    assert "0/25" in told.text
    anna.press("\u2610 1.", told)
    api.quiet()
    assert "1/25" in told.text
    assert "\u2611 1." in told.text
    anna.press("\u2611 1.", told)
    api.quiet()
    assert "0/25" in told.text
    assert len(anna.told) == 1


def test_telegram_checklist_in_a_group_is_ticked_by_two(api, bot):
    """In a group two people tick the same message, and both are named."""
    group = api.group()
    ada = Person(444, "Ada", "en")
    group.press("Campaign", group.asks("/lists@zhiwen_bot promotion", ada), ada)
    api.quiet()
    told = group.last
    group.press("\u2610 1.", told, ada)
    api.quiet()
    group.press("\u2610 2.", told, BEN)
    api.quiet()
    assert "2/25" in told.text
    assert "telegram 444" in told.text
    assert "telegram 222" in told.text


def test_telegram_press_of_somebody_else_counts_not(api, bot):
    """What was offered to one person in a group cannot be picked by another."""
    group = api.group()
    told = group.asks("/forget_me", Person(444, "Ada", "en"))
    press = group.press("Forget everything", told, BEN)
    api.quiet()
    assert api.presses[press]
    assert bot.store.people.by_identity("telegram", "444") is not None


def test_telegram_press_goes_with_its_message(api, anna):
    """The button of one message does nothing under another."""
    first, second = anna.asks("/lists promotion"), anna.asks("/lang")
    press = anna.press("", second, data=first.keyboard[0][0]["callback_data"])
    api.quiet()
    assert "0/25" not in anna.last.text
    assert api.presses[press]


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        pytest.param("/ask What does content operations do?", True, id="command"),
        pytest.param("/ask@Zhiwen_Bot What does content operations do?", True, id="to-us"),
        pytest.param("/ask@other_bot What does content operations do?", False, id="to-another"),
        pytest.param("/roll 20", False, id="unknown-command"),
        pytest.param("@zhiwen_bot What does content operations do?", True, id="mention"),
        pytest.param("What does content operations do?", False, id="talk"),
        pytest.param("mail me at x@zhiwen_bot", False, id="not-our-name"),
    ],
)
def test_telegram_in_groups_only_what_is_meant_for_it(api, bot, text, answered):
    """In a group it answers what is addressed to it, as a reply to the one who asked."""
    group = api.group()
    asked = group.say(text, BEN)
    api.quiet()
    assert bool(group.told) == answered
    assert all(told.reply_to == asked.id for told in group.told)


def test_telegram_in_groups_answers_replies(api, bot):
    """A reply to one of its messages is meant for it; a reply to somebody else is not."""
    group = api.group()
    told = group.asks("/help", BEN)
    group.asks("What does content operations do?", BEN, reply=told)
    other = group.say("I like that", BEN)
    group.say("What does user operations do?", BEN, reply=other)
    api.quiet()
    assert len(group.told) == 2


def test_telegram_in_groups_keeps_to_the_topic(api, bot):
    """In a group with topics the reply stays in the topic, and each topic is a talk of its own."""
    group = api.group(forum=True)
    group.threads = {5, 6}
    told = group.asks("/ask What does content operations do?", BEN, thread=5)
    assert told.thread == 5
    assert group.asks("/why", BEN, thread=6).text != group.asks("/why", BEN, thread=5).text


def test_telegram_topic_that_was_deleted(api, bot):
    """A reply for a topic that is gone goes to the group."""
    api.tolerated.add("Bad Request: message thread not found")
    group = api.group(forum=True)
    assert group.asks("/help", BEN, thread=9).thread is None


def test_telegram_edited_message_is_answered_anew(api, anna):
    """Whoever corrects a question gets the answer to the corrected one."""
    asked = anna.say("What does contant oparetions di?")
    api.quiet()
    before = len(anna.told)
    anna.edit(asked, "What does content operations do?")
    assert anna.wait(before + 1)[before].text.startswith("Content operations")


def test_telegram_other_kinds_are_told_what_works(api, anna):
    """A voice message is answered with what can be read here; in a group with nothing."""
    anna.send_other()
    assert "Pictures" in anna.wait(1)[0].text
    group = api.group()
    group.send_other(BEN)
    api.quiet()
    assert group.told == []


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"new_chat_title": "New"}, id="service-message"),
        pytest.param({"text": "hello", "via_bot": BOT}, id="our-inline-result"),
        pytest.param({"text": "hello", "from": {**BOT, "id": 9}}, id="another-bot"),
        pytest.param({"text": "hello", "sender_chat": {"id": -1, "type": "channel", "title": "c"}},
                     id="in-the-name-of-a-channel"),
    ],
)  # fmt: skip
def test_telegram_is_silent_where_nobody_asks(api, anna, content):
    """What no person said to it gets no answer, and is not brought again."""
    base = {"message_id": 99, "date": 2_000_000_000, "chat": anna.data(), "from": BEN.data()}
    api.post({"message": {**base, **content}})
    api.quiet()
    assert anna.told == []


def test_telegram_stranger_is_told_how_to_get_in(api, tmp_path, live):
    """Whoever is not known learns their number and nothing else; in a group they learn nothing."""
    with telegram_bot.running(api, tmp_path, live, mode="webhook", allow=()):
        stranger = api.person(555)
        told = stranger.asks("What does content operations do?")
        assert "555" in told.text
        assert "Content" not in told.text
        group = api.group()
        group.say("/help", BEN)
        api.quiet()
        assert group.told == []


def test_telegram_inline_mode_finds_entries(api, anna):
    """What is looked up while writing elsewhere comes as results with the answer in them."""
    query = api.look_up(BEN, "what does content operations do")
    until(lambda: api.inline[query] is not None, "no results")
    assert "Content operations" in api.inline[query][0]["shown"]


@pytest.mark.parametrize("text", ["", "qqqq zzzz", "x" * 256])
def test_telegram_inline_mode_finds_nothing(api, anna, text):
    """Nothing to find is no results, not silence."""
    query = api.look_up(BEN, text)
    until(lambda: api.inline[query] is not None, "no answer")
    assert api.inline[query] == []


def test_telegram_inline_mode_is_closed_to_strangers(api, tmp_path, live):
    """Whoever is not known finds nothing."""
    with telegram_bot.running(api, tmp_path, live, mode="webhook", allow=()):
        query = api.look_up(BEN, "content operations")
        until(lambda: api.inline[query] is not None, "no answer")
        assert api.inline[query] == []


def test_telegram_commands_are_listed_in_every_language(api, bot):
    """The list of commands is set for each language and kind of chat."""
    until(lambda: len(api.commands) == 10, "the commands are not set")
    names = [one["command"] for one in api.commands["all_private_chats", "zh"]]
    assert "forget_me" in names
    group = [one["command"] for one in api.commands["all_group_chats", "ko"]]
    assert set(group) < set(names)
    told = {str(api.commands["all_private_chats", code]) for code in ("zh", "en", "ja", "ko")}
    assert len(told) == 4


def test_telegram_commands_are_set_only_where_they_differ(api, tmp_path, live):
    """A second start changes nothing."""
    for _ in range(2):
        with telegram_bot.running(api, tmp_path, live, mode="webhook"):
            until(
                lambda: [name for name, _ in api.calls].count("getMyCommands") % 10 == 0
                and len(api.commands) == 10, "the commands are not looked at",
            )  # fmt: skip
            api.person(111).asks("/help")
    assert [name for name, _ in api.calls].count("setMyCommands") == 10


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_telegram_reads_the_caption_of_a_picture(api, tmp_path, live, mode):
    """A question or a posting below a picture is answered like any other."""
    with telegram_bot.running(api, tmp_path, live, mode=mode) as bot:
        person = bot.store.people.add("Hana", ("hr",))
        bot.store.people.link(person.id, "telegram", "333")
        hana = api.person(333, "Hana", "zh")
        hana.send_photo("内容运营做什么")
        assert hana.wait(1)[0].text.startswith("内容运营")
        hana.send_photo(POSTING)
        assert "职能" in hana.wait(2)[1].text and "看不了" not in hana.last.text


def test_telegram_says_once_that_an_album_cannot_be_read(api, anna):
    """Ten pictures without a word are one message to the person who sent them."""
    for _ in range(3):
        anna.send_photo(album="77")
    anna.wait(1)
    api.quiet()
    assert len(anna.told) == 1 and "Pictures" in anna.last.text


UNNAMED = {
    "zh": ("@zhiwen_bot 内容运营做什么", "匿名管理员"),
    "en": ("@zhiwen_bot what does content operations do", "anonymous admin"),
    "ja": ("@zhiwen_bot コンテンツ運営は何をしますか", "匿名の管理者"),
    "ko": ("@zhiwen_bot 콘텐츠 운영은 무엇을 하나요", "익명 관리자"),
}


@pytest.mark.parametrize(("text", "words"), UNNAMED.values(), ids=UNNAMED)
def test_telegram_tells_an_unnamed_admin_why_there_is_no_answer(api, bot, text, words):
    """Who shows the group in place of a name is told in one sentence, in the words' language."""
    group = api.group()
    asked = group.say_unnamed(text)
    told = group.wait(1)[0]
    assert words in told.text and "\n" not in told.text and told.reply_to == asked.id
    group.say_unnamed("lunch at twelve?")
    api.quiet()
    assert len(group.told) == 1


def cut_posting():
    """A posting too long for one message, whose first piece alone is about something else."""
    head = "内容运营专员\n岗位职责：\n1. 负责公众号、小红书内容策划与发布、选题、排版\n"
    filler = "\n".join(
        f"公司介绍第{n}段：我们是一家成立多年的公司，福利待遇从优。" for n in range(150)
    )
    duties = "\n岗位职责：\n" + "\n".join(
        f"{n}. 负责新闻稿撰写、媒体关系维护、记者沟通、舆情监测、危机公关" for n in range(1, 60)
    )
    return head + filler[: 3900 - len(head)] + duties


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_telegram_judges_a_posting_that_was_cut_as_a_whole(api, tmp_path, live, mode):
    """Both pieces get one verdict: that of the whole text."""
    with telegram_bot.running(api, tmp_path, live, mode=mode) as bot:
        person = bot.store.people.add("Hana", ("hr",))
        bot.store.people.link(person.id, "telegram", "333")
        hana = api.person(333, "Hana", "zh")
        text = cut_posting()
        whole = classify(posting.read(text, live.book.pack), live.book.pack)
        first = classify(posting.read(text[:3900], live.book.pack), live.book.pack)
        assert whole.function != first.function
        assert len(hana.say_cut(text)) == 2
        hana.wait(1)
        api.quiet()
        (told,) = hana.told
        assert name_of(whole.function, live.book.pack, "zh") in told.text.partition("\n")[0]


def test_telegram_joins_pieces_that_come_to_two_servers(api, where, tmp_path, live):
    """Each piece is brought to another server; one verdict comes, on the whole, from the second."""
    text = cut_posting()
    whole = classify(posting.read(text, live.book.pack), live.book.pack)
    patient = dataclasses.replace(telegram_bot.FAST, together=2.0)
    with (
        telegram_bot.running(api, tmp_path, live, patient, "webhook", database=where) as bot,
        telegram_bot.running(api, tmp_path, live, patient, "webhook", database=where) as other,
    ):
        bot.store.people.link(bot.store.people.add("Hana", ("hr",)).id, "telegram", "333")
        hana = api.person(333, "Hana", "zh")
        hana.say_cut(text)
        hana.wait(1)
        until(lambda: not (bot.unsent or other.unsent), "a piece is still kept")
        assert len(hana.told) == 1
        hana.say(text[:3900])  # to which nothing is added: whoever took it answers it
        hana.wait(2)
        until(lambda: not (bot.unsent or other.unsent), "a piece is still kept")
        told = [one.text.partition("\n")[0] for one in hana.told]
    assert name_of(whole.function, live.book.pack, "zh") in told[0] and len(told) == 2


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_telegram_does_not_wait_for_ever_for_the_rest_of_a_text(api, tmp_path, live, mode):
    """A long text to which nothing is added is answered by itself; what follows is its own."""
    with telegram_bot.running(api, tmp_path, live, mode=mode) as bot:
        person = bot.store.people.add("Hana", ("hr",))
        bot.store.people.link(person.id, "telegram", "333")
        hana = api.person(333, "Hana", "zh")
        hana.say(cut_posting()[:3900])
        assert "职能" in hana.wait(1)[0].text
        assert "内容运营" in hana.asks("内容运营做什么").text
        bot.stop()
        assert len(hana.told) == 2


def test_telegram_keeps_the_first_piece_of_a_text_over_a_crash(api, tmp_path, live):
    """The process that took it is killed before the rest comes: the next one judges the whole."""
    store = open_store(str(tmp_path / "zhiwen.db"))
    store.people.link(store.people.add("Hana", ("hr",)).id, "telegram", "333")
    store.close()
    hana, text = api.person(333, "Hana", "zh"), cut_posting()
    whole = classify(posting.read(text, live.book.pack), live.book.pack)
    with telegram_bot.process(api, tmp_path, mode="webhook", pace="real") as process:
        hana.say(text[:3900])
        until(lambda: 200 in api.answers, "the first piece is not taken")
        process.kill()
    hana.say(text[3900:].lstrip("\n"))
    with telegram_bot.running(api, tmp_path, live, mode="webhook"):
        hana.wait(1)
        api.quiet()
        (told,) = hana.told
        assert name_of(whole.function, live.book.pack, "zh") in told.text.partition("\n")[0]


def test_telegram_answers_a_piece_that_a_crash_left_alone(api, tmp_path, live):
    """Nothing follows it: it is answered by itself, once, and not forgotten."""
    store = open_store(str(tmp_path / "zhiwen.db"))
    store.people.link(store.people.add("Hana", ("hr",)).id, "telegram", "333")
    store.close()
    hana = api.person(333, "Hana", "zh")
    with telegram_bot.process(api, tmp_path, mode="webhook", pace="real") as process:
        hana.say(cut_posting()[:3900])
        until(lambda: 200 in api.answers, "the piece is not taken")
        process.kill()
    hasty = dataclasses.replace(telegram_bot.FAST, returning=0.1)
    with telegram_bot.running(api, tmp_path, live, hasty, mode="webhook") as bot:
        assert "职能" in hana.wait(1)[0].text
        until(lambda: not bot.unsent, "the piece is still kept")
    assert len(hana.told) == 1
