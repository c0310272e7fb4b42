"""The commands as people and programs run them: real processes, real files, real exit codes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import command
import pytest
import small_content

from bot.cli import main
from knowledge.engine.base import ROOT
from knowledge.engine.model import KINDS, LANGUAGES

KEYS = [
    "id",
    "lang",
    "band",
    "intent",
    "entry",
    "section",
    "score",
    "alternatives",
    "guess",
    "compared",
    "missing",
    "about",
    "asks_for",
    "also",
    "shown",
    "text",
    "sources",
    "evidence",
    "knowledge_version",
    "elapsed_ms",
]
SHIPPED = [kind for kind in KINDS if kind != "faq"]
"""An organization's own questions and answers are in its overlay."""
BINARY = bytes(range(256)) * 40
MISUSES = [
    ("no command", [], "command"),
    ("unknown command", ["dance"], "dance"),
    ("unknown flag", ["ask", "公关", "--loud"], "--loud"),
    ("unknown language", ["ask", "公关", "--lang", "xx"], "xx"),
    ("no question", ["ask"], "question"),
    ("empty question", ["ask", ""], "empty"),
    ("blank question", ["ask", " \n "], "empty"),
    ("question and batch", ["ask", "公关", "--batch", "x.jsonl"], "--batch"),
    ("missing batch", ["ask", "--batch", "nowhere.jsonl"], "nowhere.jsonl"),
    ("batch is a folder", ["ask", "--batch", "."], "directory"),
    ("unknown entry", ["show", "role.brnd"], "role.brand"),
    ("unknown kind", ["list", "roles"], "roles"),
    ("missing content", ["--knowledge", "nowhere", "list"], "nowhere"),
    ("missing content to check", ["--knowledge", "nowhere", "check"], "nowhere"),
    ("missing labels", ["eval", "questions", "nowhere.jsonl"], "nowhere.jsonl"),
    ("missing documents", ["search", "--docs", "no.jsonl", "--queries", "no.jsonl"], "no.jsonl"),
    ("documents not named", ["search", "--queries", "q.jsonl"], "--docs"),
]


@pytest.fixture
def zhiwen(tmp_path, book):
    """Runs one command in an empty folder. No command ever shows a traceback.

    The book is asked for so that the content is compiled and no first start is announced.
    """

    def run(*arguments, stdin=b"", code=0, **env):
        out, err = command.run(tmp_path, *arguments, stdin=stdin, code=code, **env)
        return out.decode("utf-8"), err

    return run


def jsonl(path, *rows):
    """A file with a line for each row; text rows as they are. Returns it."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return path


def objects(out):
    """The JSON object of every line."""
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "word"), [row[1:] for row in MISUSES], ids=[row[0] for row in MISUSES]
)
def test_wrong_use_is_named_and_gives_2(zhiwen, arguments, word):
    """A slip at the keyboard costs a sentence that names it, and prints nothing else."""
    out, err = zhiwen(*arguments, code=2)
    assert out == ""
    assert word in err


def test_ask_answers(zhiwen):
    """An answer has its heading and its source; without a terminal it has no colours."""
    out, err = zhiwen("ask", "内容运营主要负责些什么")
    assert out.startswith("内容运营 · 职责\n")
    assert "来源：" in out
    assert "\x1b" not in out
    assert err == ""


def test_ask_joins_words_without_quotes(zhiwen):
    """Who forgets the quotes still asks one question."""
    out, _ = zhiwen("ask", "What", "does", "a", "brand", "team", "do?")
    assert out.startswith("Brand · Responsibilities\n")


def test_ask_declined_gives_1(zhiwen):
    """A script can tell from the exit code that nothing was answered."""
    out, err = zhiwen("ask", "今天天气怎么样", code=1)
    assert "不猜" in out
    assert err == ""


def test_ask_why_shows_what_counted(zhiwen):
    """The words with their spans, the file and the version follow the answer."""
    out, _ = zhiwen("ask", "公关要盯哪些指标", "--why")
    assert "“公关”是这里的一个条目。" in out
    assert "knowledge/roles/public_relations.yaml" in out
    assert re.search(r"[0-9a-f]{12}-[0-9a-f]{12}", out)


def test_ask_lang_chooses_the_language(zhiwen):
    """A Chinese question may be answered in English."""
    out, _ = zhiwen("ask", "--lang", "en", "公关要盯哪些指标")
    assert out.startswith("Public relations · Metrics\n")


def test_ask_json_is_the_fixed_object(zhiwen):
    """Exactly the promised keys, in their order; evidence points into the question."""
    question = "公关要盯哪些指标"
    out, err = zhiwen("ask", question, "--json")
    (found,) = objects(out)
    assert list(found) == KEYS
    assert (found["id"], found["lang"], found["band"]) == (None, "zh", "answer")
    assert (found["entry"], found["section"]) == ("role.public_relations", "metrics")
    assert {tuple(row) for row in found["alternatives"]} == {("entry", "score")}
    assert {tuple(row) for row in found["evidence"]} == {("kind", "text", "start", "end")}
    assert all(question[e["start"] : e["end"]] == e["text"] for e in found["evidence"])
    assert found["sources"]
    assert "\x1b" not in found["text"]
    assert err == ""


def test_ask_json_of_a_decline_has_no_entry(zhiwen):
    """Entry is null unless the band is answer."""
    (found,) = objects(zhiwen("ask", "今天天气怎么样", "--json", code=1)[0])
    assert list(found) == KEYS
    assert (found["band"], found["entry"], found["sources"]) == ("decline", None, [])


def test_batch_answers_line_by_line(zhiwen, tmp_path):
    """One object a line, in order, with the ids given, whatever they are."""
    file = jsonl(
        tmp_path / "q.jsonl",
        {"id": "a", "question": "公关要盯哪些指标"},
        {"id": 7, "question": "公关要盯哪些指标", "lang": "en"},
        {"question": "今天天气怎么样"},
        {"id": {"x": 1}, "question": ""},
    )
    found = objects(zhiwen("ask", "--batch", file)[0])
    assert [row["id"] for row in found] == ["a", 7, None, {"x": 1}]
    assert [row["lang"] for row in found[:3]] == ["zh", "en", "zh"]
    assert [row["band"] for row in found] == ["answer", "answer", "decline", "decline"]
    assert all(list(row) == KEYS for row in found)


def test_batch_lines_of_one_chat_are_one_conversation(zhiwen, tmp_path):
    """In their order, whatever stands between; a line without a chat leans on nothing."""
    file = jsonl(
        tmp_path / "q.jsonl",
        {"id": 1, "chat": "a", "question": "公关要盯哪些指标"},
        {"id": 2, "chat": "b", "question": "What is a KOL"},
        {"id": 3, "question": "那品牌呢"},
        {"id": 4, "chat": "a", "question": "那品牌呢"},
        {"id": 5, "chat": "b", "question": "and KOC?"},
        {"id": 6, "chat": 7, "question": "brand"},
        {"id": 7, "chat": "x" * 101, "question": "brand"},
    )
    out, _ = zhiwen("ask", "--batch", str(file), code=1)
    found = [json.loads(line) for line in out.splitlines()]
    assert [(r["entry"], r["section"]) for r in found[3:5]] == [
        ("role.brand", "metrics"), ("concept.koc", "summary"),
    ]  # fmt: skip
    assert found[2]["section"] != "metrics"
    assert [row["line"] for row in found[5:]] == [6, 7]
    assert all("chat" in row["error"] for row in found[5:])


def test_batch_reports_bad_lines_in_their_place(zhiwen):
    """A line that cannot be read stops nothing; its number counts blank lines too."""
    lines = [
        b'{"id": 1, "question": "\xe5\x85\xac\xe5\x85\xb3\xe5\x81\x9a\xe4\xbb\x80\xe4\xb9\x88"}',
        b"not json",
        b"",
        b'["a list"]',
        b'{"id": 2}',
        b'{"question": "x", "lang": "klingon"}',
        b"\xff\xfe\x00",
        b"[" * 90_000,
        b'{"question": "' + b"x" * 200_000 + b'"}',
        b'{"id": 3, "question": "who writes the press release"}',
    ]
    out, err = zhiwen("ask", "--batch", "-", stdin=b"\n".join(lines), code=1)
    found = objects(out)
    assert [row.get("line", row.get("id")) for row in found] == [1, 2, 4, 5, 6, 7, 8, 9, 3]
    assert all(row["error"] for row in found if "line" in row)
    assert all(list(row) == KEYS for row in found if "line" not in row)
    assert err == ""


def test_batch_reads_a_file_saved_by_windows(zhiwen, tmp_path):
    """A byte order mark and carriage returns are no reason to complain."""
    file = tmp_path / "q.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"id": 1, "question": "what is a KOL"}\r\n\r\n')
    (found,) = objects(zhiwen("ask", "--batch", file)[0])
    assert (found["id"], found["entry"]) == (1, "concept.kol")


def test_batch_and_ask_agree(zhiwen, tmp_path):
    """The same question gets the same object through either door, but for id and time."""
    question = "品牌部跟公关部的异同"
    (one,) = objects(zhiwen("ask", question, "--json")[0])
    (other,) = objects(zhiwen("ask", "--batch", jsonl(tmp_path / "q", {"question": question}))[0])
    assert one.pop("elapsed_ms") > 0
    assert other.pop("elapsed_ms") > 0
    assert one == other


@pytest.mark.parametrize("stdin", [b"", b"\n\n"], ids=["empty", "blank"])
def test_batch_of_nothing_prints_nothing(zhiwen, stdin):
    """No questions, no answers, no complaint."""
    assert zhiwen("ask", "--batch", "-", stdin=stdin) == ("", "")


def test_ask_takes_a_huge_question(zhiwen):
    """A pasted book is cut, not refused, and stays quick enough to answer."""
    question = "公关要盯哪些指标？" + "背景如下。" * 6_000
    (found,) = objects(zhiwen("ask", question, "--json")[0])
    assert "role.public_relations" in json.dumps(found)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--config", "{}", "list"],
        ["eval", "questions", "{}"],
        ["search", "--docs", "{}", "--queries", "{}"],
    ],
    ids=["config", "eval", "search"],
)
def test_binary_input_is_refused_by_name(zhiwen, tmp_path, arguments):
    """A file that is no text is named, and nothing is started."""
    file = tmp_path / "picture.bin"
    file.write_bytes(BINARY)
    code = 2
    out, err = zhiwen(*(a.format(file) for a in arguments), code=code)
    assert out == ""
    assert "picture.bin" in err
    assert "UTF-8" in err


def test_broken_config_names_every_place(zhiwen, tmp_path):
    """File and line of each mistake, and nothing is started."""
    (tmp_path / "config.yaml").write_text("language: xx\ncolor: never\n", "utf-8")
    out, err = zhiwen("ask", "公关", code=2)
    assert out == ""
    assert "config.yaml:1:" in err
    assert "config.yaml:2:" in err
    assert "the configuration does not fit" in err


@pytest.fixture
def content(tmp_path):
    """A copy of the shipped content that may be broken."""
    copy = tmp_path / "mine"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


@pytest.mark.parametrize(
    "command",
    [["ask", "公关做什么"], ["list"], ["check"], ["chat"]],
    ids=lambda command: command[0],
)
def test_broken_content_names_every_place_and_starts_nothing(zhiwen, content, command):
    """An unknown key, a dead link and unreadable YAML are reported together."""
    for file, line in [
        ("roles/brand.yaml", "colour: red\n"),
        ("metrics/roi.yaml", "general: [no_such_field]\n"),
        ("tools/crm_system.yaml", "broken: [\n"),
    ]:
        with (content / file).open("a", encoding="utf-8") as stream:
            stream.write(line)
    out, err = zhiwen("--knowledge", content, *command, code=1)
    told = out + err
    for file in ("roles/brand.yaml", "metrics/roi.yaml", "tools/crm_system.yaml"):
        assert re.search(rf"{file}:\d+: error: ", told), told
    assert re.search(r"\d+ problem\(s\)", err)
    if command != ["check"]:
        assert out == ""
        assert "nothing was started" in err


def test_check_finds_no_problem_in_the_shipped_content(zhiwen):
    """Every example wins its entry, every near miss loses it: the proof of the content."""
    out, err = zhiwen("check")
    assert out == ""
    *coverage, last = err.splitlines()[-5:]
    assert last == "0 problem(s)"
    assert [re.sub(r"(\d+) of \1 ", "all ", line).split()[:4] for line in coverage] == [
        [f"{language}:", "all", "entries", "told"] for language in LANGUAGES
    ]


def test_check_lists_what_is_missing(zhiwen, tmp_path):
    """With --missing a line for each entry and language that is not told or tried there."""
    content = small_content.write(tmp_path / "knowledge")
    out, err = zhiwen("--knowledge", str(content), "check", "--missing")
    rows = [line.split("\t") for line in out.splitlines() if "\t" in line]
    assert ["concept.coupon", "ko", "title"] in rows
    assert {row[1] for row in rows} == {"ja", "ko"}
    assert "ja: 0 of 3 entries told whole (1 told)" in err


def test_list_shows_every_entry(zhiwen):
    """One line an entry, id and title; of every kind that is shipped."""
    rows = [line.split("\t") for line in zhiwen("list")[0].splitlines()]
    assert {id_.partition(".")[0] for id_, _ in rows} == set(SHIPPED)
    assert ["role.public_relations", "公关"] in rows


def test_list_shows_one_kind_in_a_language(zhiwen):
    """Only that kind, with titles in that language."""
    rows = [line.split("\t") for line in zhiwen("list", "--lang", "en", "role")[0].splitlines()]
    assert {id_.partition(".")[0] for id_, _ in rows} == {"role"}
    assert ["role.public_relations", "Public relations"] in rows


@pytest.mark.parametrize("kind", SHIPPED)
def test_show_tells_an_entry_whole(zhiwen, kind):
    """The first entry of each kind: its title first, its file last."""
    _, folder = KINDS[kind]
    slug = min(path.stem for path in (ROOT / folder).glob("*.yaml"))
    out, _ = zhiwen("show", f"{kind}.{slug}")
    assert "简介" in out
    assert out.endswith(f"\n{kind}.{slug}  knowledge/{folder}/{slug}.yaml\n")


@pytest.fixture
def shelf(tmp_path):
    """Documents and queries that have nothing to do with the shipped content."""
    docs = jsonl(
        tmp_path / "docs.jsonl",
        {"doc_id": "tea", "text": "绿茶不发酵，乌龙茶半发酵", "title": "茶的种类"},
        {"doc_id": "bread", "text": "面包要醒发两次", "alternates": ["吐司怎么做"]},
        {"doc_id": 3, "text": "How to sharpen a kitchen knife", "lang": "en"},
    )
    queries = jsonl(
        tmp_path / "queries.jsonl",
        {"query": "烏龍茶發酵嗎", "doc_id": "tea"},
        {"query": "吐司", "doc_id": "bread"},
        {"query": "sharpening knives", "doc_id": 3},
        {"query": "量子力学", "doc_id": None},
        {"query": "绿茶", "doc_id": "tea", "candidates": ["bread", "3"]},
    )
    return docs, queries


def test_search_ranks_any_documents(zhiwen, shelf):
    """One line a query, in order; a query with candidates is ranked among those only."""
    out, err = zhiwen("search", "--docs", shelf[0], "--queries", shelf[1], "--json")
    found = objects(out)
    assert all(list(row) == ["query", "ranked"] for row in found)
    assert [row["query"] for row in found][:2] == ["烏龍茶發酵嗎", "吐司"]
    assert [row["ranked"][0]["doc_id"] for row in found[:3]] == ["tea", "bread", "3"]
    assert "tea" not in {hit["doc_id"] for hit in found[4]["ranked"]}
    assert err == ""


def test_search_prints_the_figures(zhiwen, shelf):
    """hit@1, hit@5, MRR, and the AUROC where some queries have no document."""
    out, _ = zhiwen("search", "--docs", shelf[0], "--queries", shelf[1])
    assert re.fullmatch(r"queries 4  hit@1 75\.0  hit@5 75\.0  MRR 0\.7500  AUROC [0-9.]+\n", out)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"text": "x"}, "doc_id"),
        ({"doc_id": "x"}, "text"),
        ({"doc_id": "x", "text": "x", "title": 5}, "title"),
        ("{", "JSON"),
        ('["x"]', "object"),
    ],
    ids=["no id", "no text", "title is a number", "not json", "a list"],
)
def test_search_names_a_bad_document(zhiwen, shelf, tmp_path, row, word):
    """The file is named with what was expected."""
    docs = jsonl(tmp_path / "bad.jsonl", row)
    out, err = zhiwen("search", "--docs", docs, "--queries", shelf[1], code=2)
    assert out == ""
    assert "bad.jsonl" in err
    assert word in err


def test_eval_judges_labelled_questions(zhiwen, tmp_path):
    """Figures a language, each miss by name, and a page with them; files of both formats."""
    labels = jsonl(
        tmp_path / "labels.jsonl",
        {"question": "公关要盯哪些指标", "lang": "zh", "expects": ["role.public_relations"]},
        {"question": "what is a KOL", "lang": "en", "expects": ["concept.kol"]},
        {"question": "转化率怎么计算", "lang": "zh", "expects": ["metric.roi"]},
    )
    turn = {"say": "今天天气怎么样", "verdict_wanted": "decline"}
    keys = jsonl(tmp_path / "keys.jsonl", {"lang": "zh", "turns": [turn, turn]})
    out, err = zhiwen("eval", "questions", labels, keys, "--html", tmp_path / "page.html")
    assert re.search(r"^single question, zh +2 +50\.0 % +50\.0 % +0 ", out, re.MULTILINE)
    assert re.search(r"^single question, en +1 +100\.0 % ", out, re.MULTILINE)
    assert re.search(r"^follow-up turn, all +0 +- +- +1 ", out, re.MULTILINE)
    miss = r"^wrong \[zh\] labels\.jsonl:3 转化率怎么计算 -> metric\.conversion_rate"
    assert re.search(miss, out, re.MULTILINE)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "<svg" in page
    assert "page.html" in err


def test_eval_tries_one_confidence(zhiwen, tmp_path):
    """What halves and folds got stands before the other tables, also in the page."""
    rows = ({"question": f"公关{n}", "lang": "zh", "expects": []} for n in range(9))
    labels = jsonl(tmp_path / "labels.jsonl", *rows)
    out, _ = zhiwen("eval", "questions", labels, "--confidence", "--html", "page.html")
    assert out.startswith("one confidence for all languages:")
    for line in ("fold 5", "the half kept out", "all, fitted on all"):
        assert re.search(rf"^{line} +\d+/\d+/\d+ ", out, re.MULTILINE)
    assert "the half kept out" in (tmp_path / "page.html").read_text("utf-8")


def test_eval_names_a_bad_label(zhiwen, tmp_path):
    """File and line of the first label that cannot be read."""
    good = {"question": "x", "lang": "en", "expects": []}
    labels = jsonl(tmp_path / "labels.jsonl", good, {"question": "x"})
    out, err = zhiwen("eval", "questions", labels, code=2)
    assert out == ""
    assert "labels.jsonl:2:" in err


def test_chat_talks_until_the_input_ends(zhiwen):
    """Questions, a picked number, commands and an unknown command, through a pipe."""
    lines = ["公关要盯哪些指标", "1", "/why", "/source", "/lang en", "/dance", "", "/quit", "公关"]
    out, err = zhiwen("chat", stdin="\n".join(lines).encode())
    for words in (
        "公关 · 看哪些指标",
        "公关 · 职责",
        "为什么这样回答",
        "#1.2",
        "English",
        "/dance",
    ):
        assert words in out
    assert err == ""


def test_schema_writes_a_file_for_every_kind(zhiwen, tmp_path):
    """The paths are printed, and the files are there."""
    paths = zhiwen("schema", tmp_path / "schemas")[0].splitlines()
    assert len(paths) == len(KINDS)
    assert all(json.loads(Path(path).read_text("utf-8")) for path in paths)


def test_help_lists_every_command(zhiwen):
    """--help needs no content."""
    out, _ = zhiwen("--help")
    for known in ("chat", "ask", "search", "eval", "check", "show", "list", "schema"):
        assert re.search(rf"^\s+{known}\s", out, re.MULTILINE)


def test_chat_knows_the_commands_that_it_has(zhiwen):
    """Lists are offered by number, runs told, and what is for chat platforms alone is unknown."""
    lines = ["/lists 促销活动上线前", "1", "/runs", "/link", "/help"]
    out, _ = zhiwen("chat", stdin="\n".join(lines).encode())
    for words in (
        "这些清单合适，选一份看看",
        "zhiwen run start",
        "还没有进行中的清单",
        "没有 /link 这个命令",
    ):
        assert words in out
    listed = out.rpartition("可以输入的命令：")[2].split("\n\n")[0].split()
    assert {"/lists", "/runs", "/why", "/quit"} <= set(listed)
    assert not {"/link", "/my_data", "/id", "/start"} & set(listed)


@pytest.mark.parametrize(
    ("terminal", "welcome", "bye"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "직문", "안녕히"),
        ({"LANG": "ja_JP.UTF-8"}, "Zhiwen：", "さようなら"),
        ({"LANG": "en_GB"}, "Just ask", "Goodbye"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "en_US.UTF-8"}, "Just ask", "Goodbye"),
        ({"LANG": "zh_CN.UTF-8"}, "职问", "再见"),
        ({"LANG": "C"}, "职问", "再见"),
        ({"LANG": "fr_FR.UTF-8"}, "职问", "再见"),
    ],
)
def test_chat_greets_in_the_language_of_the_terminal(zhiwen, terminal, welcome, bye):
    """And says goodbye in it, if nothing was said in between."""
    first, last = zhiwen("chat", **terminal)[0].splitlines()
    assert welcome in first and bye in last


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["aks", "x"], "there is no 'aks'; did you mean ask?"),
        (["clasify", "f"], "did you mean classify?"),
        (["run", "strat"], "there is no 'strat'; did you mean start?"),
        (["completion", "xyz"], "choose from bash, zsh, fish, tcsh"),
        (["zzzzzz"], "there is no 'zzzzzz'; choose from chat, ask,"),
    ],
)
def test_cli_says_which_command_was_meant(capsys, typed, meant):
    """A mistyped word is wrong use, and the likely one is named."""
    with pytest.raises(SystemExit) as ended:
        main(typed)
    assert ended.value.code == 2
    assert meant in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_completion_knows_every_command(zhiwen, shell):
    """The script for a shell names commands and their actions; tcsh knows no options of those."""
    out, _ = zhiwen("completion", shell)
    for word in ("classify", "reopen", *(["--columns"] if shell != "tcsh" else [])):
        assert word in out


def test_completion_works_in_bash(zhiwen, tmp_path):
    """bash itself completes a command and an action with what was printed."""
    script = tmp_path / "complete.sh"
    script.write_text(zhiwen("completion", "bash")[0])
    for line, expected in (("zhiwen cla", "classify"), ("zhiwen run sta", "start")):
        words = line.split()
        asked = (
            f"source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1};"
            " $(complete -p zhiwen | sed 's/.*-F \\([^ ]*\\).*/\\1/'); echo ${COMPREPLY[@]}"
        )
        done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=False)
        assert expected in done.stdout.split(), done.stderr


LOCALES = ("zh_CN.UTF-8", "en_US.UTF-8", "ja_JP.UTF-8", "ko_KR.UTF-8", "C")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--help"], 0),
        (["ask", "--help"], 0),
        (["run", "start", "--help"], 0),
        (["aks"], 2),
        (["ask"], 2),
        (["ask", "--colour", "x"], 2),
        (["--config", "nowhere.yaml", "list"], 2),
        (["show", "role.nobody"], 2),
    ],
)
def test_command_line_itself_is_english_everywhere(zhiwen, words, code):
    """Help, usage and wrong use are the same in every locale, and in letters of no other script."""
    told = {zhiwen(*words, code=code, LANG=locale) for locale in LOCALES}
    assert len(told) == 1
    assert "".join(told.pop()).isascii()


@pytest.mark.parametrize(
    ("locale", "none", "word"),
    [
        ("zh_CN.UTF-8", "还没有清单在进行", "品牌"),
        ("en_US.UTF-8", "No runs yet", "Brand"),
        ("ja_JP.UTF-8", "まだありません", "ブランド"),
        ("ko_KR.UTF-8", "아직 없습니다", "브랜드"),
        ("fr_FR.UTF-8", "还没有清单在进行", "品牌"),
    ],
)
def test_what_is_told_is_in_the_language_of_the_terminal(zhiwen, locale, none, word):
    """Without a question whose words decide; --lang goes before the terminal."""
    assert none in zhiwen("run", "list", LANG=locale)[1]
    assert f"role.brand\t{word}" in zhiwen("list", "role", LANG=locale)[0]
    assert "role.brand\tBrand" in zhiwen("list", "role", "--lang", "en", LANG=locale)[0]


HEAVY = ("sqlalchemy", "fastapi", "starlette", "httpx", "mcp", "openpyxl", "telegram", "pydantic")
"""Of what a question at the terminal needs nothing; each takes a tenth of a second or more."""


@pytest.mark.parametrize("words", [["ask", "公关做什么"], ["--help"], ["list", "role"]])
def test_a_question_does_not_wait_for_packages_of_the_server(words):
    """They are imported by the commands that use them."""
    code = (
        "import sys, contextlib\nfrom bot.cli import main\n"
        f"with contextlib.suppress(SystemExit): main({words})\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1:] == ["[]"]
