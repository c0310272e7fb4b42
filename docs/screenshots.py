"""Takes the pictures under docs/screenshots/ anew: `python docs/screenshots.py [NAME …]`.

It starts a server of its own with an invented week of work, in a folder that is gone afterwards,
and needs what the browser tests need (`make test` installs it).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests" / "support")]

from browser import PHONE, Visits, ask, running  # noqa: E402
from playwright.sync_api import Page, expect  # noqa: E402
from web_server import Server, serving  # noqa: E402

from bot import runs  # noqa: E402
from bot.reload import ContentReloader  # noqa: E402
from bot.store import Store, open_store  # noqa: E402
from bot.store.people import Person  # noqa: E402

FOLDER = HERE / "screenshots"
MOST = 150_000
"""Bytes of a picture."""
DAY = 24 * 3600.0
LIN, MEI = (Person(name, name, ("manager",)) for name in ("林岚", "梅青"))
POSTING = (
    "岗位职责：\n1、负责公众号、视频号的选题策划、文章撰写、编辑和排版；\n"
    "2、策划线上活动，跟进执行并做数据复盘；\n3、维护用户社群，解答用户问题。\n"
    "任职要求：\n文案功底扎实，形象气质佳，35岁以下。"
)
ASKED = (
    (
        "直播间话术谁来写？",
        "zh",
        "suggest",
        ("role.livestream_operations", "role.content_operations"),
    ),
    ("直播话术归谁写", "zh", "suggest", ("role.livestream_operations", "role.content_operations")),
    ("小程序的埋点谁负责", "zh", "decline", ("role.data_operations",)),
    ("Who pays the influencers?", "en", "decline", ("role.new_media_marketing",)),
)
JUDGED = (
    (True, "role.content_operations", "responsibilities", ""),
    (True, "role.brand", "metrics", ""),
    (True, "role.user_operations", "summary", ""),
    (False, "role.event_operations", "metrics", "少了到场率"),
)


def furnish(store: Store, clock: list[float]) -> None:
    """Four weeks of questions, some feedback, and a run that two people work on."""
    today = clock[0]
    for ago in range(27, -1, -1):
        clock[0] = today - ago * DAY
        busy = 0 if date.fromtimestamp(clock[0]).weekday() > 4 else 6 + (ago * 7) % 11
        bands = {"answer": busy * 3, "suggest": busy // 2, "decline": busy // 4}
        count = {("band", band): n for band, n in bands.items() if n}
        count |= {("language", "zh"): busy * 3, ("language", "en"): busy // 2}
        count |= {("function", "content_operations"): busy, ("function", "sales"): busy // 3}
        count |= {("function", "user_operations"): busy // 2, ("function", "brand"): busy // 4}
        store.feedback.count(Counter({key: n for key, n in count.items() if n}))
    for question, language, band, near in ASKED:
        store.feedback.add_question(question, language, band, near, 0.3, "1")
    for good, entry, section, reason in JUDGED:
        store.feedback.add(None, "", entry, section, good, reason, "zh", "1")


def run(server: Server) -> str:
    """A run that two people have begun to work on; returns its id."""
    store, book = server.app.store, server.app.book
    start = (date.today() + timedelta(days=33)).isoformat()
    id_ = runs.start(store, book, LIN, "checklist.campaign", "zh", start, "周年庆大促")
    runs.assign(store, LIN, id_, {"role.event_operations": MEI.name})
    runs.mark(store, LIN, id_, "0.0", "done")
    runs.mark(store, MEI, id_, "0.1", "done", "预算已批")
    runs.mark(store, MEI, id_, "0.2", "na", "这次只做线上")
    return id_


def chat(page: Page) -> None:
    """A comparison with its source."""
    ask(page, "内容运营和用户运营有什么区别？")


def talk(page: Page) -> None:
    """A question in English, and one that goes on with it."""
    ask(page, "Who writes the press release?")
    ask(page, "How is it measured?")


def verdict(page: Page) -> None:
    """A posting that mixes three functions."""
    page.fill("input[name=title]", "新媒体运营")
    page.fill("textarea[name=text]", POSTING)
    page.locator("textarea[name=text]").locator("xpath=ancestor::form//button").click()
    expect(page.locator(".text mark").first).to_be_visible()


PICTURES: dict[str, tuple[str, str, tuple[int, int], bool, Callable[[Page], None] | None]] = {
    "chat-phone": ("/", "zh", PHONE, False, chat),
    "chat-desktop-dark": ("/", "en", (1280, 760), True, talk),
    "posting-verdict": ("/posting", "zh", (1000, 1000), False, verdict),
    "comparison": (
        "/knowledge/compare?of=role.content_operations,role.user_operations",
        "zh", (1000, 760), False, None,
    ),
    "cycle-wheel": ("/knowledge/cycle", "en", (1000, 940), False, None),
    "checklist-run-phone": ("/checklists/{run}", "zh", PHONE, False, None),
    "insights": ("/insights", "zh", (1000, 1000), False, None),
}  # fmt: skip
"""Name -> path, language, size, dark, and what is done there first."""


def take(visits: Visits, server: Server, name: str, known: dict[str, str]) -> None:
    """Take one picture. Raises ValueError for one that is too large."""
    path, language, size, dark, arrive = PICTURES[name]
    page = visits(server, path.format(**known), language=language, size=size, dark=dark)
    if arrive:
        arrive(page)
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file, animations="disabled", caret="hide")
    print(f"{file.stat().st_size:>7}  {file.relative_to(HERE.parent)}")
    if file.stat().st_size > MOST:
        raise ValueError(f"{file} is larger than {MOST} bytes")


def main(names: list[str]) -> None:
    """Take the named pictures, or all."""
    FOLDER.mkdir(exist_ok=True)
    live, clock = ContentReloader(), [time.time()]
    with tempfile.TemporaryDirectory() as folder:
        with closing(open_store(f"{folder}/zhiwen.db", lambda: clock[0])) as store:
            furnish(store, clock)
        with serving(Path(folder), live) as server, running() as browser:
            visits = Visits(browser)
            for name in names or list(PICTURES):
                take(visits, server, name, {"run": run(server)})
            visits.close()
            if visits.complaints:
                raise ValueError("; ".join(visits.complaints))


if __name__ == "__main__":
    main(sys.argv[1:])
