"""What all tests share: a cache folder of their own, set before anything of ours is imported."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "ZHIWEN_CACHE" not in os.environ:
    # knowledge.cache.folder() is remembered for the process, so a fixture would come too late.
    os.environ["ZHIWEN_CACHE"] = tempfile.mkdtemp(prefix="zhiwen-tests-")
    atexit.register(shutil.rmtree, os.environ["ZHIWEN_CACHE"], ignore_errors=True)
