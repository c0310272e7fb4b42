"""A real Chromium for tests of the pages: found, started, and watched for complaints.

The fixtures `browser` and `visit` stand in conftest.py. Whatever a page's console says, a blocked
piece of a page, an answer of 400 and above, or a request that leaves the server makes a test fail,
unless it has said that it expects that status.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Locator,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)
from web_server import PASSWORD, Server

from bot.web.auth import SESSION

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PHONE, DESKTOP = (390, 844), (1280, 800)
LOCALES = {"zh": "zh-CN", "en": "en-US", "ja": "ja-JP", "ko": "ko-KR"}
TARGET = 44
"""Pixels that a finger needs."""
PATIENCE = 15_000
"""Milliseconds after which something that has not happened is missing."""
LOOKS = [
    (PHONE, False, "phone-light"),
    (PHONE, True, "phone-dark"),
    (DESKTOP, False, "desktop-light"),
    (DESKTOP, True, "desktop-dark"),
]
"""(size, dark, name)"""
STATUS = "Failed to load resource: the server responded with a status of"
"""How the console tells a status, which is told by the answer already."""
ENDED = "console: htmx:afterRequest"
LEFT = "htmx:sendAbort"
"""What htmx logs of a request that is still under way when its page is left: these two, at once."""

SMALL = """(least) => [...document.querySelectorAll(
    "button, .button, summary, select, textarea, input:not([type=hidden]), .check, .top a"
)].filter(e => !e.matches("[type=checkbox], [type=radio]") && e.checkVisibility()
    && !e.closest(".unseen, .skip")).map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.height < least - 0.5)
  .map(([e, box]) => `${e.tagName} ${e.className} ${e.textContent.trim()}: ${box.height}`)"""
SETTLED = """() => document.getAnimations()
    .filter(one => one.effect.getComputedTiming().iterations < Infinity)
    .forEach(one => one.finish())"""
"""What moves has arrived: half faded in, a word has less contrast than it will have."""
WIDER = """() => {
    const room = document.documentElement;
    return room.scrollWidth <= room.clientWidth ? [] : [...document.body.querySelectorAll("*")]
        .filter(e => e.getBoundingClientRect().right > room.clientWidth)
        .map(e => `${e.tagName}.${e.className}`).slice(0, 5).concat([`${room.scrollWidth} px`]);
}"""

expect.set_options(timeout=PATIENCE)


class NoBrowser(Exception):
    """There is no Chromium here."""


def find() -> str:
    """The Chromium of this machine. Raises NoBrowser."""
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        looked = f"$CHROMIUM is {named}, which is" if named else f"{', '.join(NAMES)} are"
        raise NoBrowser(f"no Chromium for the browser tests: {looked} not there; set $CHROMIUM")
    return found


@contextlib.contextmanager
def running() -> Iterator[Browser]:
    """That Chromium, without a window. Raises NoBrowser."""
    path = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visits:
    """Opens pages, each for a visitor with cookies of their own, and collects complaints."""

    browser: Browser
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        server: Server,
        path: str = "/",
        *,
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
        language: str = "en",
        script: bool = True,
        expected: tuple[int, ...] = (),
        **options: Any,
    ) -> Page:
        """A new visitor's page at *path*; statuses of 400 and above must be *expected*."""
        context = self.browser.new_context(
            base_url=server.url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            locale=LOCALES[language],
            java_script_enabled=script,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        self._watch(context, server, expected)
        page = context.new_page()
        page.goto(path)
        return page

    def signed_in(self, server: Server, name: str, *roles: str, **options: Any) -> Page:
        """A new visitor's page who is signed in as that person, who is made if need be."""
        people = server.app.store.people
        known = {person.name: person for person in people.all()}
        person = known.get(name) or server.add(name, *roles)
        page = self(server, "/sign-in", **options)
        session = {"name": SESSION, "value": people.open_session(person.id), "url": server.url}
        page.context.add_cookies([session])
        page.goto("/")
        return page

    def close(self) -> None:
        """Send all visitors away."""
        for context in self.contexts:
            context.close()

    def _watch(self, context: BrowserContext, server: Server, expected: tuple[int, ...]) -> None:
        def heard(message: ConsoleMessage) -> None:
            last = self.complaints[-1] if self.complaints else ""
            if message.text.startswith(LEFT) and last.startswith(ENDED):
                self.complaints.pop()  # its answer is of no use to a page that is gone
            elif message.type in ("error", "warning") and not message.text.startswith(STATUS):
                self.complaints.append(f"console: {message.text}")

        def answered(response: Response) -> None:
            if response.status >= 400 and response.status not in expected:
                self.complaints.append(f"{response.status} for {response.url}")

        def asked(request: Request) -> None:
            if not request.url.startswith((server.url, "data:", "blob:")):
                self.complaints.append(f"request to {request.url}")

        context.on("console", heard)
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))
        context.on("response", answered)
        context.on("request", asked)


class Steps:
    """Counts what a person does on a page: a press, a choice, or a field that is filled in."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, target: Locator) -> None:
        """Press it."""
        self.count += 1
        target.click()

    def fill(self, target: Locator, text: str) -> None:
        """Fill it in."""
        self.count += 1
        target.fill(text)

    def choose(self, target: Locator, value: str) -> None:
        """Choose that value of a list."""
        self.count += 1
        target.select_option(value)

    def bring(self, target: Locator, name: str, data: bytes) -> None:
        """Bring a file."""
        self.count += 1
        file = FilePayload(name=name, mimeType="application/octet-stream", buffer=data)
        target.set_input_files(files=[file])


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Fill in the form that asks who one is, and send it."""
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("main form button")


def ask(page: Page, question: str) -> None:
    """Write a question into the chat, send it, and wait for the answer."""
    before = page.locator(".theirs").count()
    page.fill("#text", question)
    page.click(".send")
    expect(page.locator(".theirs")).to_have_count(before + 1)


def download(page: Page, selector: str) -> bytes:
    """What is downloaded when *selector* is clicked."""
    with page.expect_download() as waiting:
        page.click(selector)
    return waiting.value.path().read_bytes()


def resize(page: Page, size: tuple[int, int], dark: bool) -> None:
    """Look at the page on a screen of that size, light or dark."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if dark else "light")


def barriers(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong with the page for people who see, hear or point differently.

    With *rules* only those are tried.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(SETTLED)
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        f"{one['id']}: {one['help']}: {', '.join(str(node['target']) for node in one['nodes'])}"
        for one in found
    ]


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    wider: list[str] = page.evaluate(WIDER)
    return wider


def too_small(page: Page) -> list[str]:
    """What is pressed and not as high as a finger needs."""
    small: list[str] = page.evaluate(SMALL, TARGET)
    return small
