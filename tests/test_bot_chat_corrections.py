"""A verdict is corrected where it was given: by a button or in words, kept as on the web."""

from __future__ import annotations

import command
import pytest
from chat_help import PRESSED, TYPED, Phone, app_on

from bot.chat import correction_words
from bot.chat.load import Asker
from bot.chat.model import Incoming
from bot.model import Chat, Judged
from bot.postings import decisions
from bot.postings.output import name_of
from bot.records import LOCAL
from bot.store import open_store
from bot.texts import say
from knowledge.engine.model import LANGUAGES

POSTING = """内容运营专员
岗位职责：
1、负责公众号、小红书的内容策划、撰写和发布；
2、跟进内容数据，分析阅读量和涨粉情况；
3、策划选题，维护作者关系。
任职要求：
1、一年以上新媒体内容运营经验；
2、文字功底好。"""
JUDGED = Chat(judged=Judged("0", "sales", "auto", "zh", "v"))
SAID = [
    ("改成公关，因为主要做媒体关系", "公关", "主要做媒体关系"),
    ("應該是品牌。理由是長期定位", "品牌", "長期定位"),
    ("更正为：销售", "销售", ""),
    ("Change to public relations, because it is media work.", "public relations",
     "it is media work"),
    ("should be brand", "brand", ""),
    ("広報に訂正、理由はメディア対応が中心だから", "広報", "メディア対応が中心だから"),
    ("홍보로 정정, 이유는 언론 대응이라서", "홍보", "언론 대응이라서"),
    ("因为主要做媒体", "", "主要做媒体"),
]  # fmt: skip


@pytest.fixture
def app(store, live):
    """An app where nobody but the linked is let in."""
    return app_on(store, live)


def known(app, name, role, sender, can=PRESSED, **fields):
    """Somebody with a role, and linked."""
    person = app.store.people.add(name, (role,))
    app.store.people.link(person.id, can.channel, sender)
    return Phone(app, sender, can, **fields)


def held(app):
    """Every decision that holds: (who, function, reason, where)."""
    return [(c.by, c.decided, c.reason, c.source) for c in app.store.corrections.all()]


@pytest.mark.parametrize(("text", "name", "reason"), SAID, ids=[row[0] for row in SAID])
def test_corrections_are_read_in_four_languages(text, name, reason):
    """The function and the reason, whichever comes first."""
    action = correction_words.parse_correction(text, JUDGED)
    assert (action.kind, action.arguments) == ("correct_is", (name, reason, text))


@pytest.mark.parametrize("text", ["公关做什么", "who owns press releases?", "广告怎么投", "1", ""])
def test_corrections_leave_questions_alone(text):
    """What corrects nothing is no correction; without a posting nothing is."""
    assert correction_words.parse_correction(text, JUDGED) is None
    assert correction_words.parse_correction("改成公关", Chat()) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_corrections_the_example_works(language, book):
    """What the bot gives as an example is understood, and names a function."""
    action = correction_words.parse_correction(say(language, "talk.correct.example"), JUDGED)
    assert decisions.resolve(action.arguments[0], book.pack) == "public_relations"
    assert action.arguments[1]


def test_corrections_by_a_button_are_kept_shown_and_taken_back(app, book):
    """Press, choose; the same posting comes with the decision from then on; undo ends that."""
    hal = known(app, "Hal", "hr", "9")
    hal.say(POSTING)
    hal.press(say("zh", "talk.correct"))
    chosen = hal.labels[0]
    hal.press(chosen)
    [(by, function, reason, where)] = held(app)
    assert (by, reason, where) == ("Hal", "", "telegram")
    assert name_of(function, book.pack, "zh") == chosen
    eve = known(app, "Eve", "hr", "8")
    assert "Hal" in eve.say(POSTING)
    assert eve.text.split("\n")[0].endswith(chosen)
    hal.press(say("zh", "talk.correct.undo"))
    assert held(app) == []
    assert [one.undone_by for one in app.store.corrections.all(undone=True)] == ["Hal"]
    assert "Hal" not in eve.say(POSTING)


@pytest.mark.parametrize("can", [PRESSED, TYPED], ids=["buttons", "typed"])
def test_corrections_in_words_take_a_reason_and_are_undone(app, can):
    """Function and reason in one line, a better reason behind it, and words that take it back."""
    hal = known(app, "Hal", "hr", "9", can)
    hal.say(POSTING)
    hal.say("改成公关，因为主要做媒体关系")
    assert held(app) == [("Hal", "public_relations", "主要做媒体关系", can.channel)]
    hal.say("因为天天发新闻稿")
    assert held(app) == [("Hal", "public_relations", "天天发新闻稿", can.channel)]
    hal.say("撤回决定")
    hal.say("撤回决定")
    assert held(app) == []
    assert hal.say("撤回决定") == say("zh", "web.posting.gone")


def test_corrections_by_number_where_nothing_can_be_pressed(app, book):
    """The offered functions are numbered, and the number picks one."""
    hal = known(app, "Hal", "hr", "9", TYPED)
    hal.say(POSTING)
    lines = hal.text.split("\n")
    number = next(line for line in lines if line.endswith(say("zh", "talk.correct")))
    hal.say(number.partition(".")[0])
    first = next(line for line in hal.text.split("\n") if line.startswith("1. "))
    hal.say("1")
    [(_, function, _, _)] = held(app)
    assert first == f"1. {name_of(function, book.pack, 'zh')}"


def test_corrections_of_what_is_no_function_are_questions(app):
    """Words that name none are answered as ever, and nothing is kept."""
    hal = known(app, "Hal", "hr", "9")
    hal.say(POSTING)
    hal.say("应该是谁来做公众号排版？")
    assert held(app) == []


def test_corrections_are_for_hr_alone(app):
    """Staff get no verdict and no button, and correct nothing that somebody hands on to them."""
    ann = known(app, "Ann", "staff", "1")
    ann.say(POSTING)
    assert say("zh", "talk.correct") not in ann.labels
    ann.say("改成公关")
    hal = known(app, "Hal", "hr", "9")
    hal.say(POSTING)
    ann.take(ann.incoming(press=hal.data(say("zh", "talk.correct"))))
    assert held(app) == []


def test_corrections_of_an_older_posting_say_that_it_is_gone(app):
    """A button below an earlier posting does not decide about the one after it."""
    hal = known(app, "Hal", "hr", "9")
    hal.say(POSTING)
    old = hal.data(say("zh", "talk.correct"))
    hal.say(POSTING.replace("小红书", "抖音"))
    hal.take(hal.incoming(press=old))
    assert hal.text == say("zh", "talk.correct.gone")
    assert held(app) == []


def test_corrections_keep_no_posting(app):
    """What waits for a correction is a hash and our own phrases."""
    hal = known(app, "Hal", "hr", "9")
    hal.say(POSTING)
    state, _ = app.store.chats.open("telegram:9")
    assert state["judged"]["input"]
    assert "作者关系" not in str(state)


def test_corrections_work_in_the_chat_of_the_web(app):
    """The page's chat takes the same words."""
    from chat_help import WEB

    from bot.chat import inbox

    def tell(text):
        incoming = Incoming("", "", LOCAL.id, text, language="zh")
        return inbox.converse(app, Asker(WEB, incoming, LOCAL, "web:1", app.content.book)).outcome

    tell(POSTING)
    tell("改成公关，因为发稿")
    assert held(app) == [("local", "public_relations", "发稿", "web")]


def test_corrections_at_the_terminal_are_kept_and_taken_back(tmp_path):
    """`zhiwen chat`: the same words, the same store, told by `zhiwen corrections`."""
    config = tmp_path / "config.yaml"
    config.write_text("database: kept.db\nlanguage: zh\n", encoding="utf-8")
    open_store(str(tmp_path / "kept.db")).close()
    line = POSTING.replace("\n", " ")
    told = f"{line}\n改成公关，因为发稿\n{line}\n".encode()
    out, _ = command.run(tmp_path, "--config", config, "chat", stdin=told)
    assert out.decode().count("发稿") >= 2
    listed, _ = command.run(tmp_path, "--config", config, "corrections")
    assert '"decided": "public_relations"' in listed.decode()
    told = f"{line}\n撤回决定\n".encode()
    command.run(tmp_path, "--config", config, "chat", stdin=told)
    listed, _ = command.run(tmp_path, "--config", config, "corrections")
    assert listed == b""
