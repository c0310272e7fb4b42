"""The ``zhiwen`` command as a real process in a folder of its own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[2]
OURS = ("ZHIWEN_CONFIG", "ZHIWEN_DATABASE", "COLUMNS", "LC_ALL", "LC_MESSAGES", "LANG")
"""What the caller's shell may have set and a command must not see."""


def run(folder, *arguments, stdin=b"", code=0, house=HOUSE, largest=None, **env):
    """(standard output, standard error) of one command; no command ever shows a traceback.

    The output is bytes, the errors are text. *largest*: bytes of the largest file it can write, as
    if the disk were full then.
    """

    def bound():
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    inherited = {key: value for key, value in os.environ.items() if key not in OURS}
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(house), "PYTHONDONTWRITEBYTECODE": "1"} | env,
        preexec_fn=bound,
        check=False,
    )
    err = done.stderr.decode("utf-8")
    assert "Traceback" not in err, err
    assert done.returncode == code, err
    return done.stdout, err
