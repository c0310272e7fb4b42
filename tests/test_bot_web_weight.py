"""What a browser fetches for the first sight of a page is bounded, whatever there is to show."""

from __future__ import annotations

import re

import pytest
from web_server import serving

from bot import runs
from bot.records import LOCAL

OURS = re.compile(r'(?:href|src)="(/static/[^"]+)"')
PAGES = {
    "/": 40_000,
    "/posting": 40_000,
    "/checklists": 95_000,
    "/checklists/lint": 40_000,
    "/checklists/start?checklist=checklist.campaign": 45_000,
    "run": 110_000,
    "/knowledge": 40_000,
    "/knowledge?kind=concept": 80_000,
    "/knowledge/role.brand": 55_000,
    "/knowledge/cycle": 55_000,
    "/insights": 60_000,
    "/edit": 45_000,
    "/edit/new?kind=checklist": 60_000,
    "/people": 45_000,
    "/chats": 45_000,
    "/account/reminders": 45_000,
}
"""Page -> bytes at most, as they are sent: the page, and packed what it names."""


@pytest.fixture(scope="module")
def server(live, tmp_path_factory):
    """A server of this file's own: checklists begun by other tests would weigh on its lists."""
    with serving(tmp_path_factory.mktemp("weight"), live) as running:
        yield running


def sent(client, path):
    """Bytes of an answer as they come over the line."""
    with client.stream("GET", path) as answer:
        assert answer.status_code == 200, path
        return sum(map(len, answer.iter_raw()))


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_light(server, page):
    """The page, its style and its scripts; what a browser keeps is counted, too."""
    path = page
    if page == "run":
        app = server.app
        path = f"/checklists/{runs.start(app.store, app.book, LOCAL, 'checklist.campaign', 'zh')}"
    headers = {"accept-language": "zh", "accept-encoding": "gzip"}
    with server.client(headers=headers) as client:
        named = set(OURS.findall(client.get(path).text))
        assert len(named) > 3
        assert sent(client, path) + sum(sent(client, one) for one in named) <= PAGES[page]
