"""Every job that people come for, with the steps it takes: on a phone, at a desk, without a script.

A step is a press, a choice, or a field that is filled in; looking and scrolling are none. MOST says
how many a job may take, which is what the best product for that job takes where there is one. The
table in docs/browser.md is the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import small_content
from browser import DESKTOP, PHONE, Steps
from edit_help import Steady, passing_trials
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from web_server import PASSWORD, serving

DEVICES = [
    pytest.param(PHONE, True, id="phone"),
    pytest.param(DESKTOP, True, id="desk"),
    pytest.param(PHONE, False, id="plain"),
]
GUIDE = Path(__file__).parent.parent / "docs" / "browser.md"
POSTINGS = (
    "职位名称,职位描述\n"
    "销售代表,开发新客户；电话邀约；完成销售指标；跟进签约和回款；维护客户关系\n"
    "内容运营,开发新客户；电话邀约；完成销售指标；跟进签约和回款\n"
)
UNANSWERED = "折扣码怎么领"
LIST = "1. Book the room\n2. Print the flyers\n3. Call the press\n"


@dataclass(frozen=True)
class Job:
    """Something that people come for: where they are, what they do, and in how many steps."""

    name: str
    """As docs/browser.md calls it."""
    most: int
    do: Callable[[Steps], None]
    role: str = "staff"
    start: str = "/"
    prepare: Callable[[Page], object] | None = None
    """What has happened before."""
    server: str = "password_server"
    """The fixture with the server where it is done."""


def asked(page: Page, question: str = "品牌和内容运营有什么区别？") -> None:
    """A question has been answered."""
    page.fill("#text", question)
    page.click(".send")
    expect(page.locator("#log .theirs .bubble").last).to_be_visible()


def begun(page: Page) -> None:
    """A run has been started, and is looked at."""
    page.goto("/checklists")
    page.locator("textarea[name=text]").fill(LIST)
    page.locator("button[value=begin]").click()
    expect(page.locator("li.item")).to_have_count(3)


def table(page: Page) -> None:
    """A batch of postings that nobody has corrected yet has been worked through."""
    mark = page.locator(".corner > a").inner_text()
    page.goto("/posting")
    upload(Steps(page), POSTINGS.replace("回款\n", f"回款 {mark}\n"))
    expect(page.locator("table.rows")).to_be_visible(timeout=60_000)


def upload(steps: Steps, text: str) -> None:
    """Two steps: the file, and to send it."""
    steps.bring(steps.page.locator("input[type=file]"), "postings.csv", text.encode())
    steps.press(steps.page.get_by_role("button", name="Upload", exact=True))


def ask_first(steps: Steps) -> None:
    """The first question is answered with its source."""
    steps.fill(steps.page.locator("#text"), "What does brand do?")
    steps.press(steps.page.locator(".send"))
    expect(steps.page.locator(".theirs .source").first).to_be_visible()


def pick(steps: Steps) -> None:
    """What was offered is answered, and stands in the conversation by its name."""
    choice = steps.page.locator(".choices:not(.examples) button").first
    label = choice.inner_text()
    steps.press(choice)
    expect(steps.page.locator(".mine .bubble").last).to_have_text(label)


def come_back(steps: Steps) -> None:
    """Back shows the conversation."""
    steps.page.goto("/knowledge")
    steps.count += 1
    steps.page.go_back()
    expect(steps.page.locator(".mine .bubble")).to_have_count(1)


def see_why(steps: Steps) -> None:
    """The words that counted are marked."""
    steps.press(steps.page.locator(".why summary").last)
    expect(steps.page.locator(".why .asked mark").last).to_be_visible()


def see_source(steps: Steps) -> None:
    """The page of the entry, at the passage."""
    steps.press(steps.page.locator(".theirs .source a").last)
    expect(steps.page.locator(":target")).to_be_visible()


def judge(steps: Steps) -> None:
    """A posting has its verdict."""
    steps.press(steps.page.get_by_role("link", name="Check a posting"))
    text = "岗位职责：负责公众号的选题策划、内容撰写和排版发布；跟踪阅读量，优化内容质量"
    steps.fill(steps.page.locator("textarea[name=text]"), text)
    steps.press(steps.page.get_by_role("button", name="Classify"))
    expect(steps.page.get_by_role("heading", level=1)).not_to_have_text("Postings")
    expect(steps.page.locator(".text mark.own").first).to_be_visible()


def judge_many(steps: Steps) -> None:
    """Every posting of a file is a row."""
    steps.press(steps.page.get_by_role("link", name="Check a posting"))
    upload(steps, POSTINGS)
    expect(steps.page.locator("table.rows tbody tr")).to_have_count(2, timeout=60_000)


def correct(steps: Steps) -> None:
    """From the table: the row, the function, why, keep; after the last row, the table."""
    steps.press(steps.page.locator("table.rows tbody th a").last)
    fold = steps.page.locator("details:not([open]) > summary", has_text="Not right? Say")
    if fold.count():
        steps.press(fold)
    steps.choose(steps.page.locator("select[name=correct]"), "brand")
    steps.fill(steps.page.locator("input[name=reason]"), "the duties")
    steps.press(steps.page.get_by_role("button", name="Keep and go on"))
    expect(steps.page.locator("tr.corrected")).to_have_count(1)


def start_from_chat(steps: Steps) -> None:
    """A list that is asked for is worked through."""
    steps.fill(steps.page.locator("#text"), "campaign checklist")
    steps.press(steps.page.locator(".send"))
    steps.press(steps.page.get_by_role("button", name="Start this checklist"))
    expect(steps.page.locator("button.tick").first).to_be_visible()


def start_own(steps: Steps) -> None:
    """A list that is pasted is worked through."""
    steps.fill(steps.page.locator("textarea[name=text]"), LIST)
    steps.press(steps.page.get_by_role("button", name="Start it"))
    expect(steps.page.locator("li.item")).to_have_count(3)


def tick(steps: Steps) -> None:
    """One press, and it is done."""
    steps.press(steps.page.locator("button.tick").first)
    expect(steps.page.locator("li.item").first).to_have_class(re.compile("done"))


def print_out(steps: Steps) -> None:
    """One page, without a button."""
    steps.page.emulate_media(media="print")
    expect(steps.page.locator("main button:visible:not(.tick)")).to_have_count(0)
    steps.count += 1
    assert len(PdfReader(io.BytesIO(steps.page.pdf(format="A4"))).pages) == 1


def cancel(steps: Steps) -> None:
    """A wrong run is ended and put away."""
    steps.press(steps.page.get_by_text("Rename, repeat, cancel"))
    steps.press(steps.page.get_by_role("button", name="Cancel this run"))
    steps.press(steps.page.get_by_role("button", name="Archive"))
    expect(steps.page.get_by_role("button", name="Restore from the archive")).to_be_visible()


def be_reminded(steps: Steps) -> None:
    """At another hour."""
    steps.press(steps.page.get_by_role("link", name="Reminders and calendar"))
    steps.choose(steps.page.locator("select[name=hour]"), "7")
    steps.press(steps.page.get_by_role("button", name="Save"))
    expect(steps.page.get_by_role("status")).to_be_visible()


def invite(steps: Steps) -> None:
    """A link to hand on."""
    steps.press(steps.page.get_by_role("button", name="Make an invitation"))
    expect(steps.page.get_by_label("Invitation", exact=True)).to_be_visible()


def change_language(steps: Steps) -> None:
    """The page, and what is typed on it, in another language."""
    steps.press(steps.page.locator(".languages summary"))
    steps.press(steps.page.locator(".languages [hreflang=ja]"))
    expect(steps.page.locator("html")).to_have_attribute("lang", "ja")
    expect(steps.page.locator(".mine .bubble")).to_have_count(1)


def find(steps: Steps) -> None:
    """An entry of the knowledge."""
    steps.fill(steps.page.locator("input[type=search]"), "brand")
    steps.press(steps.page.get_by_role("button", name="Search"))
    expect(steps.page.locator("main mark").first).to_be_visible()


def teach(steps: Steps) -> None:
    """From the open questions: this one, its nearest entry, tried and applied; it can be undone."""
    steps.press(steps.page.get_by_role("link", name=UNANSWERED).first)
    steps.press(steps.page.get_by_role("button", name="Try it", exact=True))
    steps.press(steps.page.get_by_role("button", name="Apply", exact=True))
    expect(steps.page.get_by_role("button", name="Undo", exact=True)).to_be_visible()


JOBS = (
    Job("ask the first question", 2, ask_first),
    Job("pick what is offered", 1, pick, prepare=lambda page: asked(page, "运营")),
    Job("come back to the conversation", 1, come_back, prepare=asked),
    Job("see why", 1, see_why, prepare=asked),
    Job("see the source", 1, see_source, prepare=lambda page: asked(page, "私域流量是什么")),
    Job("find an entry", 2, find, start="/knowledge"),
    Job("check a posting", 3, judge, role="hr"),
    Job("check a file of postings", 3, judge_many, role="hr"),
    Job("correct a verdict, and see the next", 5, correct, role="hr", prepare=table),
    Job("start a checklist from the chat", 3, start_from_chat),
    Job("start a checklist of one's own", 2, start_own, start="/checklists"),
    Job("tick an item", 1, tick, prepare=begun),
    Job("print a checklist", 1, print_out, prepare=begun),
    Job("end and put away a wrong checklist", 3, cancel, prepare=begun),
    Job("be reminded at another hour", 3, be_reminded, start="/checklists"),
    Job(
        "teach an answer to an open question",
        3,
        teach,
        role="editor",
        start="/insights",
        server="taught_server",
    ),
    Job("invite somebody", 1, invite, role="admin", start="/people"),
    Job("change the language", 2, change_language, prepare=asked),
)
ROWS = re.compile(r"^\| ([^|]+?) \| (\d+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def editing_server(tmp_path_factory, book):
    """A server over a small content and an overlay, where a trial ends at once, and well."""
    folder = tmp_path_factory.mktemp("edits")
    root = small_content.write(folder / "content" / "knowledge")
    (folder / "overlay").mkdir()
    with (
        serving(folder, Steady(root, folder / "overlay"), auth="password") as running,
        passing_trials(running),
    ):
        yield running


@pytest.fixture
def taught_server(editing_server):
    """That server, with a question that had no answer, and nothing in its overlay."""
    app = editing_server.app
    app.store.feedback.add_question(UNANSWERED, "zh", "decline", ["concept.coupon"], 0.2, "v")
    yield editing_server
    app.store.feedback.settle([question.id for question in app.store.feedback.questions()])
    for path in app.content.overlay.rglob("*.yaml"):
        path.unlink()


@pytest.mark.parametrize(("size", "script"), DEVICES)
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_jobs_take_no_more_steps_than_said(visit, request, job, size, script):
    """What is there in the end is what the job was for, and the steps are as many as said."""
    name = re.sub(r"\W+", "-", request.node.callspec.id)
    server = request.getfixturevalue(job.server)
    page = visit.signed_in(server, name, job.role, size=size, script=script)
    page.goto(job.start)
    if job.prepare:
        job.prepare(page)
    steps = Steps(page)
    job.do(steps)
    assert steps.count <= job.most


@pytest.mark.parametrize(("size", "script"), DEVICES)
def test_jobs_the_invited_joins_in_three_steps(visit, password_server, size, script):
    """Name, password, join."""
    page = visit.signed_in(password_server, "jobs-root", "admin")
    page.goto("/people")
    page.get_by_role("button", name="Make an invitation").click()
    link = page.get_by_label("Invitation", exact=True).input_value()
    new = visit(password_server, link.removeprefix(password_server.url), size=size, script=script)
    steps = Steps(new)
    steps.fill(new.get_by_label("Name"), f"Zoe {size} {script}")
    steps.fill(new.get_by_label("A password"), PASSWORD)
    steps.press(new.get_by_role("button", name="Join"))
    new.wait_for_url(f"{password_server.url}/*")
    assert steps.count == 3


def test_jobs_stand_in_the_guide_with_their_steps():
    """The table of the guide says the same."""
    told = dict(ROWS.findall(GUIDE.read_text(encoding="utf-8")))
    assert told == {job.name: str(job.most) for job in JOBS}
