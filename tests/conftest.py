"""What all tests share: a cache folder of their own, set before anything of ours is imported."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import pytest

if "ZHIWEN_CACHE" not in os.environ:
    # knowledge.cache.folder() is remembered for the process, so a fixture would come too late.
    os.environ["ZHIWEN_CACHE"] = tempfile.mkdtemp(prefix="zhiwen-tests-")
    atexit.register(shutil.rmtree, os.environ["ZHIWEN_CACHE"], ignore_errors=True)


@pytest.fixture(scope="session")
def book():
    """The shipped rules over the shipped content."""
    from knowledge.base import open_base
    from rules.book import open_book

    return open_book(open_base())


@pytest.fixture(scope="session")
def live(book):
    """The shipped content as a server holds it."""
    from bot.live import Live

    return Live()


@pytest.fixture(scope="session")
def server(live, tmp_path_factory):
    """A running server on which nobody has to sign in; see tests/web_server.py."""
    from web_server import serving

    with serving(tmp_path_factory.mktemp("web"), live) as running:
        yield running


@pytest.fixture(scope="session")
def password_server(live, tmp_path_factory):
    """A running server on which people sign in with a password."""
    from web_server import serving

    with serving(tmp_path_factory.mktemp("web"), live, auth="password") as running:
        yield running


@pytest.fixture(scope="session")
def header_server(live, tmp_path_factory):
    """A running server on which a proxy at 127.0.0.1 signs people in."""
    from web_server import serving

    with serving(tmp_path_factory.mktemp("web"), live, auth="header") as running:
        yield running
