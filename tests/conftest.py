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
