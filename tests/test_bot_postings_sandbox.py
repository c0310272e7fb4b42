"""What strangers send is read beside the server, and for no longer than allowed."""

from __future__ import annotations

import os
import sys
import time
from itertools import islice

import pytest
from test_bot_postings_readers import BOOK, PAGE, WORD

from bot.channels import machine
from bot.errors import BadInput
from bot.postings import cells, documents, sandbox
from bot.postings.model import Unreadable
from bot.postings.sandbox import AT_ONCE, Bounds, run_here, run_sandboxed

BOUNDS = Bounds(20)
SECRET = "ZHIWEN_SECRET_OF_TESTS"


def endless(path):
    """A parser that never ends."""
    while True:
        time.sleep(0.1)


def busy(path):
    """A parser that never ends and computes all the while."""
    while True:
        pass


def greedy(path):
    """A parser that wants all the memory there is."""
    return str(len(bytearray(1 << 40)))


def growing(path):
    """A parser whose table has no end."""
    while True:
        yield ["x" * 1_000]


def drying_up(path):
    """A parser that finds something, and then nothing more."""
    yield from range(1_000)
    yield from endless(path)


def fallen(path):
    """A parser that takes its process down."""
    raise SystemExit(3)


def refusing(path):
    """A parser that knows why it cannot read the file."""
    raise Unreadable("classify.file.no_column", column="x", columns="a, b")


def complaining(path):
    """A parser that says in its own words what is wrong."""
    yield 1
    raise BadInput("line 7 is no pair")


def telling(path):
    """A parser that tells what it can see of the server."""
    yield os.environ.get(SECRET)
    yield ["\ud800", "a\nb", Unreadable("classify.row.csv", reason="{x}")]


def lying(path):
    """A parser that was taken over, and tells what no parser of ours does."""
    yield {"key": "no.such.sentence", "values": []}


def chatting(path):
    """A parser that prints."""
    print("hello")
    os.write(1, b"hello")
    sys.stdout.flush()
    return "text"


def first_to_end(path):
    """A parser that tells whom the system ends first where memory is short."""
    with open("/proc/self/oom_score_adj") as file:
        return file.read().strip()


def less_greedy(path):
    """A parser that wants more than half of what it may have where there is memory enough."""
    return str(len(bytearray(BOUNDS.memory * 7 // 10)))


def read(function, path, bounds=BOUNDS):
    """Everything a function finds in a file, in a process of its own."""
    return list(run_sandboxed(function, path, bounds=bounds))


@pytest.mark.parametrize(
    ("function", "name", "raw"),
    [
        pytest.param(documents.pdf, "p.pdf", PAGE, id="pdf"),
        pytest.param(documents.docx, "p.docx", WORD, id="docx"),
        pytest.param(cells.workbook, "p.xlsx", BOOK, id="workbook"),
        pytest.param(cells.read_delimited, "p.csv", "id,描述\n1,写\n".encode("gb18030"), id="csv"),
    ],
)
def test_boxed_reads_what_is_sound(tmp_path, function, name, raw):
    """In the box the words are the same as outside it."""
    path = tmp_path / name
    path.write_bytes(raw)
    outside = [
        one if isinstance(one, str) else list(one)
        for one in run_here(function, path, bounds=BOUNDS)
    ]
    assert read(function, path) == outside != []


@pytest.mark.parametrize(
    ("function", "seconds"),
    [
        pytest.param(endless, 1, id="endless"),
        pytest.param(busy, 1, id="busy"),
        pytest.param(greedy, 20, id="greedy"),
        pytest.param(fallen, 20, id="fallen"),
        pytest.param(lying, 20, id="lying"),
    ],
)
def test_boxed_ends_what_takes_too_much(tmp_path, function, seconds):
    """Time, memory, or the process itself: the person is told what to do."""
    with pytest.raises(Unreadable) as caught:
        read(function, tmp_path / "p.pdf", Bounds(seconds, error_key="classify.file.vast"))
    assert caught.value.key == "classify.file.vast"


def test_boxed_ends_what_finds_too_much(tmp_path):
    """Output without an end is cut off, however fast it comes."""
    with pytest.raises(Unreadable) as caught:
        read(growing, tmp_path / "p.csv", Bounds(20, output=3_000_000))
    assert (caught.value.key, caught.value.values) == ("classify.file.long", {"limit": "3 MB"})


def test_boxed_gives_what_was_found_before_the_end(tmp_path):
    """Values come as they are found, not when all is read."""
    assert list(islice(run_sandboxed(drying_up, tmp_path, bounds=BOUNDS), 500)) == list(range(500))


def test_boxed_passes_on_why_a_file_cannot_be_read(tmp_path):
    """The reason comes out of the box with its values, be it ours, another one or the system's."""
    with pytest.raises(Unreadable) as caught:
        read(refusing, tmp_path / "p.pdf")
    assert caught.value.key == "classify.file.no_column"
    assert caught.value.values == {"column": "x", "columns": "a, b"}
    with pytest.raises(BadInput, match="line 7 is no pair"):
        read(complaining, tmp_path)
    with pytest.raises(FileNotFoundError):
        read(cells.read_delimited, tmp_path / "nowhere.csv")


def test_boxed_keeps_secrets_outside(tmp_path, monkeypatch):
    """The process knows no environment; what it tells is text that can be written anywhere."""
    monkeypatch.setenv(SECRET, "s3cret")
    nothing, (half, whole, problem) = read(telling, tmp_path)
    assert (nothing, half, whole) == (None, "?", "a\nb")
    assert (problem.key, problem.values) == ("classify.row.csv", {"reason": "{x}"})


def test_boxed_hears_no_chatter(tmp_path):
    """What a library prints is no part of what it found."""
    assert read(chatting, tmp_path) == ["text"]


@pytest.mark.skipif(not os.path.exists("/proc/self/oom_score_adj"), reason="needs Linux's /proc")
def test_boxed_is_what_ends_where_memory_is_short(tmp_path):
    """Not the server."""
    assert read(first_to_end, tmp_path) == ["1000"]


GROUPS = {
    "a container": ("0::/\n", {"memory.max": "1073741824"}),
    "a unit of systemd": (
        "0::/system.slice/zhiwen.service\n",
        {"system.slice/zhiwen.service/memory.max": "1073741824", "memory.max": "max"},
    ),
    "a slice above it": (
        "0::/small.slice/zhiwen.service\n",
        {"small.slice/memory.max": "1073741824", "small.slice/zhiwen.service/memory.max": "max"},
    ),
    "an older system": (
        "5:cpu,cpuacct:/a\n4:memory:/a\n0::/\n",
        {"memory/a/memory.limit_in_bytes": "1073741824"},
    ),
}


@pytest.mark.parametrize("groups", GROUPS.values(), ids=GROUPS)
def test_machine_of_a_gigabyte_is_not_overrun(tmp_path, monkeypatch, groups):
    """Workers and what they read in stay within it, whoever set the bound."""
    told, files = groups
    (tmp_path / "groups").write_text(told)
    for name, limit in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(limit + "\n")
    monkeypatch.setattr(machine, "CONTROL", tmp_path)
    monkeypatch.setattr(machine, "GROUPS", tmp_path / "groups")
    workers = machine.workers(alone=False)
    each, memory = machine.readers_share(workers, AT_ONCE, BOUNDS.memory)
    assert (workers, each) == (1, 1)
    assert machine.EACH * workers + each * memory <= machine.memory() == 1 << 30
    monkeypatch.setattr(sandbox, "_memory", None)
    monkeypatch.setattr(sandbox, "_free", None)
    sandbox.share(workers)
    with pytest.raises(Unreadable):
        read(less_greedy, tmp_path)
