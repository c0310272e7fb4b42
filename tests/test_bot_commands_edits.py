"""edits: what was changed in the overlay, listed, printed as a patch, and taken back."""

from __future__ import annotations

import command
import pytest
from small_content import put

from bot.store import open_store
from bot.store.edits import APPLIED, TRIED, FileEdit

PATH = "knowledge/faq/leave.yaml"


@pytest.fixture
def zhiwen(tmp_path):
    """Runs one command in a folder with an overlay and an edit that was applied."""
    put(tmp_path / "config.yaml", "overlay: overlay\n")
    put(tmp_path / "overlay" / PATH, "after\n")
    database = str(tmp_path / "kept.db")
    store = open_store(database)
    store.edits.add("e1", "ann", "faq.leave", {"text": "年假"}, (FileEdit(PATH, None, "after\n"),))
    store.edits.note("e1", {}, TRIED)
    store.edits.move("e1", (TRIED,), APPLIED, "ann")
    store.close()

    def run(*arguments, code=0):
        out, err = command.run(tmp_path, *arguments, code=code, ZHIWEN_DATABASE=database)
        return out.decode("utf-8"), err

    return run


def test_edits_are_listed_shown_and_taken_back(zhiwen, tmp_path):
    """A line for each; a patch that git takes; the file is gone again, once."""
    listed, _ = zhiwen("edits", "list", "--lang", "en")
    assert "e1" in listed and "Applied" in listed and "年假" in listed
    patch, _ = zhiwen("edits", "show", "e1")
    assert f"+++ b/{PATH}" in patch and "+after" in patch
    told, _ = zhiwen("edits", "undo", "e1", "--by", "bob", "--lang", "en")
    assert "Undone  bob" in told and not (tmp_path / "overlay" / PATH).exists()
    zhiwen("edits", "undo", "e1")


def test_edit_whose_file_was_changed_is_left(zhiwen, tmp_path):
    """Exit code 1, one sentence, and the file as somebody wrote it."""
    put(tmp_path / "overlay" / PATH, "by hand\n")
    _, err = zhiwen("edits", "undo", "e1", "--lang", "en", code=1)
    assert "by hand" in err and "Traceback" not in err
    assert (tmp_path / "overlay" / PATH).read_text("utf-8") == "by hand\n"


def test_edit_that_is_not_there_is_wrong_use(zhiwen):
    """Exit code 2 and its id."""
    _, err = zhiwen("edits", "show", "e9", code=2)
    assert "e9" in err
