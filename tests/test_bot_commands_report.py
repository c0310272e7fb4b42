"""report, propose and the console's thumbs as people use them: real processes, a real database."""

from __future__ import annotations

import command
import pytest
import small_content

from bot.store import open_store

DATABASE = "data/zhiwen.db"


@pytest.fixture
def zhiwen(tmp_path, book):
    """Runs one command in an empty folder. No command ever shows a traceback."""

    def run(*arguments, stdin="", code=0):
        given = stdin.encode()
        out, err = command.run(tmp_path, *arguments, stdin=given, code=code, COLUMNS="100")
        return out.decode("utf-8"), err

    return run


@pytest.fixture
def store(tmp_path):
    """The database that the commands find."""
    found = open_store(str(tmp_path / DATABASE))
    yield found
    found.close()


def test_report_tells_what_is_kept(zhiwen, store, tmp_path):
    """Counts, feedback and clusters, as text and as a page of its own."""
    store.feedback.count({("band", "answer"): 3, ("band", "decline"): 2})
    for question in ("KOL报价多少", "kol 报价多少？"):
        store.feedback.add_question(question, "zh", "decline", ["concept.kol"], 0.1, "v")
    store.feedback.add(None, "q", "role.brand", "summary", False, "没有例子", "zh", "v")
    out, err = zhiwen("report", "--days", 7, "--html", "report.html", "--lang", "zh")
    assert "共 5 个问题" in out
    assert "KOL报价多少" in out
    assert "没有例子" in out
    assert "wrote report.html" in err
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<svg" in page and "KOL报价多少" in page and "没有例子" in page


def test_report_leaves_out_what_is_settled_or_old(zhiwen, tmp_path):
    """Only the open questions of those days are told."""
    import time

    now = [time.time() - 40 * 24 * 3600]
    store = open_store(str(tmp_path / DATABASE), clock=lambda: now[0])
    store.feedback.add_question("很久以前的问题", "zh", "decline", [], 0.1, "v")
    now[0] = time.time()
    store.feedback.add_question("处理过的问题", "zh", "decline", [], 0.1, "v")
    store.feedback.settle([question.id for question in store.feedback.questions()][:1])
    store.feedback.add_question("夜班补贴", "zh", "decline", [], 0.1, "v")
    store.close()
    out, _ = zhiwen("report")
    assert "夜班补贴" in out
    assert "很久以前的问题" not in out
    assert "处理过的问题" not in out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        pytest.param(["report"], "zhiwen serve", id="nothing kept"),
        pytest.param(["report", "--days", "0"], "--days", id="no days"),
        pytest.param(["report", "--days", "x"], "--days", id="days are no number"),
        pytest.param(["propose", "role.brand"], "--alias", id="nothing proposed"),
        pytest.param(
            ["propose", "role.brand", "--alias", "a", "--example", "b"], "--alias", id="two things"
        ),
        pytest.param(["propose", "role.nothing", "--alias", "abc"], "entry", id="no such entry"),
        pytest.param(["propose", "role.brand", "--example", " "], "text", id="no text"),
    ],
)
def test_wrong_use_is_named_and_gives_2(zhiwen, tmp_path, arguments, word):
    """A sentence that says what is missing, nothing on the output, no database made."""
    out, err = zhiwen(*arguments, code=2)
    assert out == ""
    assert word in err
    assert not (tmp_path / DATABASE).exists()


def test_report_refuses_what_is_no_database(zhiwen, tmp_path):
    """Another file under that name is named, not overwritten."""
    path = tmp_path / DATABASE
    small_content.put(path, "these are my notes, not a database\n" * 50)
    out, err = zhiwen("report", code=2)
    assert out == ""
    assert "database" in err
    assert path.read_text("utf-8").startswith("these are my notes")


def test_propose_prints_a_patch_and_what_it_does(zhiwen, tmp_path):
    """The patch is the whole output, so that it can go to a file; 1 where something would fail."""
    root = small_content.write(tmp_path / "knowledge")
    before = (root / "concepts/coupon.yaml").read_text("utf-8")
    command = ("--knowledge", root, "propose", "concept.coupon")
    out, err = zhiwen(*command, "--alias", "折扣码")
    assert out.startswith("--- a/knowledge/concepts/coupon.yaml\n")
    assert "+aliases: [优惠券概念, 折扣码]" in out
    assert "18" in err
    out, err = zhiwen(*command, "--example", "落地页是什么", code=1)
    assert "+  - 落地页是什么" in out
    assert "coupon.yaml" in err and "landing_page" in err
    out, err = zhiwen(*command, "--near-miss", "coupon for pizza", "--lang", "en")
    assert "translations/en/concepts/coupon.yaml" in out
    assert (root / "concepts/coupon.yaml").read_text("utf-8") == before


def test_chat_keeps_a_thumb_where_things_are_kept(zhiwen, tmp_path):
    """The question, its entry and the reason; nobody's name."""
    (tmp_path / "data").mkdir()
    said = ["公关要盯哪些指标", "/bad 没有例子", "1", "/good", "谢谢", "/bad"]
    out, err = zhiwen("chat", stdin="\n".join(said))
    assert out.count("已记下") == 3
    assert err == ""
    store = open_store(str(tmp_path / DATABASE))
    bad, good, first = store.feedback.all()
    counted = {(what, value): count for _, what, value, count in store.feedback.counts()}
    store.close()
    assert (first.good, first.reason, first.question) == (False, "没有例子", said[0])
    assert (first.entry, first.section) == ("role.public_relations", "metrics")
    assert (good.good, good.question) == (True, said[0])
    assert good.section != first.section
    assert bad.question == said[0]
    assert counted == {("feedback", "up"): 1, ("feedback", "down"): 2}


def test_chat_makes_no_database_unasked(zhiwen, tmp_path):
    """Where nothing is kept, a thumb is refused with the reason, and no file appears."""
    out, err = zhiwen("chat", stdin="/good\n公关要盯哪些指标\n/good\n/forget_me\n/feedback\n")
    assert "还没有可以评价的回答" in out
    assert "zhiwen serve" in out
    assert "/account" in out
    assert "👎" in out
    assert err == ""
    assert list(tmp_path.iterdir()) == []


def test_chat_keeps_a_thumb_in_a_configured_database(zhiwen, tmp_path):
    """A database that is named in the configuration is made when it is needed."""
    small_content.put(tmp_path / "config.yaml", "database: kept/mine.db\n")
    zhiwen("chat", stdin="公关要盯哪些指标\n/good\n")
    store = open_store(str(tmp_path / "kept/mine.db"))
    assert [one.good for one in store.feedback.all()] == [True]
    store.close()


def test_chat_says_why_a_thumb_was_not_kept(zhiwen, tmp_path):
    """A database that cannot be used costs a sentence, not the conversation."""
    small_content.put(tmp_path / "config.yaml", "database: notes/x/y.db\n")
    small_content.put(tmp_path / "notes", "a file where a folder should be\n")
    out, err = zhiwen("chat", stdin="公关要盯哪些指标\n/good\n品牌是做什么的\n")
    assert "没能记下" in out
    assert "品牌" in out
    assert err == ""


def test_chat_keeps_no_posting_in_a_thumb(zhiwen, tmp_path):
    """The text of a posting that was pasted is not kept, not even as the question of a thumb."""
    (tmp_path / "data").mkdir()
    posting = (
        "岗位职责：1、负责公众号选题策划、撰写与排版，维护内容日历；2、跟踪阅读量与转发数据，复盘并优化内容；"
        "3、对接设计与渠道，保证按时推送。任职要求：1、本科及以上学历，两年以上内容运营经验；2、文字功底好。"
    )
    zhiwen("chat", stdin=f"{posting}\n/bad\n")
    store = open_store(str(tmp_path / DATABASE))
    (kept,) = store.feedback.all()
    store.close()
    assert "公众号" not in kept.question
