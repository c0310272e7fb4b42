"""What all tests share: a cache folder of their own, set before anything of ours is imported."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile

import pytest
from hypothesis import settings

if "ZHIWEN_CACHE" not in os.environ:
    # knowledge.engine.cache.folder() is remembered for the process: a fixture would come too late.
    os.environ["ZHIWEN_CACHE"] = tempfile.mkdtemp(prefix="zhiwen-tests-")
    atexit.register(shutil.rmtree, os.environ["ZHIWEN_CACHE"], ignore_errors=True)

# Whatever the terminal of whoever runs the tests speaks: what is told follows it.
os.environ |= {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}
os.environ.pop("LC_MESSAGES", None)

settings.register_profile("house", deadline=None)
settings.load_profile("house")
"""How long one example takes says more about what else the machine does than about the code."""


@pytest.fixture(scope="session")
def book():
    """The shipped rules over the shipped content."""
    from knowledge.engine.base import open_base
    from rules.book import open_book

    return open_book(open_base())


@pytest.fixture(scope="session")
def live(book):
    """The shipped content as a server holds it."""
    from bot.reload import ContentReloader

    return ContentReloader()


@pytest.fixture(scope="session")
def server(live, tmp_path_factory):
    """A running server on which nobody has to sign in; see tests/support/web_server.py."""
    from web_server import serving

    with serving(tmp_path_factory.mktemp("web"), live) as running:
        yield running


@pytest.fixture(scope="session")
def guarded_server(live, tmp_path_factory):
    """A running server on which people sign in with a password; tests take `password_server`."""
    from web_server import serving

    with serving(tmp_path_factory.mktemp("web"), live, auth="password") as running:
        yield running


@pytest.fixture
def password_server(guarded_server):
    """That server; the wrong passwords of other tests are not held against this one's."""
    guarded_server.forgive()
    return guarded_server


@pytest.fixture(scope="session")
def header_server(live, tmp_path_factory):
    """A running server on which a proxy at 127.0.0.1 signs people in."""
    from web_server import serving

    with serving(tmp_path_factory.mktemp("web"), live, auth="header") as running:
        yield running


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL in which tests may make schemas; see tests/support/postgres.py."""
    from postgres import NoPostgres, running

    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(running())
        except NoPostgres as error:
            if os.environ.get("ZHIWEN_NO_SKIPS"):
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request, tmp_path):
    """An empty database of each kind, as a file or URL for `open_store`."""
    if request.param == "sqlite":
        yield str(tmp_path / "zhiwen.db")
        return
    from postgres import schema

    with schema(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory):
    """A SQLite file with tables and nothing in them, to be copied."""
    from bot.store import open_store

    file = tmp_path_factory.mktemp("tables") / "zhiwen.db"
    open_store(str(file)).close()
    return file


@pytest.fixture(scope="session")
def postgres_tables(postgres):
    """The URL of a PostgreSQL schema with tables; whoever fills them empties them."""
    from postgres import schema

    from bot.store import open_store

    with schema(postgres) as url:
        open_store(url).close()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def tables(request, tmp_path):
    """A database of each kind with tables and nothing in them, as a file or URL."""
    if request.param == "sqlite":
        file = tmp_path / "zhiwen.db"
        shutil.copyfile(request.getfixturevalue("sqlite_tables"), file)
        yield str(file)
        return
    from postgres import empty

    url = request.getfixturevalue("postgres_tables")
    yield url
    empty(url)


@pytest.fixture
def clock():
    """A clock that stands still until a test moves it."""
    from store_help import Clock

    return Clock()


@pytest.fixture
def opened():
    """Opens stores that are closed when the test ends, however it ends."""
    from bot.store import open_store

    with contextlib.ExitStack() as stack:

        def open_(*arguments, **options):
            return stack.enter_context(contextlib.closing(open_store(*arguments, **options)))

        yield open_


@pytest.fixture
def store(tables, clock, opened):
    """A store with nothing in it, in each kind of database."""
    return opened(tables, clock)


@pytest.fixture(scope="module")
def browser():
    """A Chromium for the tests of one module; see tests/support/browser.py.

    Not for the whole session: while Playwright runs, `asyncio.run` of other tests is refused.
    """
    from browser import NoBrowser, running

    with contextlib.ExitStack() as stack:
        try:
            found = stack.enter_context(running())
        except NoBrowser as error:
            if os.environ.get("ZHIWEN_NO_SKIPS"):
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield found


@pytest.fixture
def visit(browser):
    """Opens pages; in the end nothing may have been complained about."""
    from browser import Visits

    visits = Visits(browser)
    yield visits
    visits.close()
    assert visits.complaints == []
