"""Edits applied to the overlay and taken back, and who has changed a file since."""

from __future__ import annotations

from pathlib import Path

from bot.editing import files, trial
from bot.editing.refusal import EditRefused
from bot.store import Store
from bot.store.edits import APPLIED, TRIED, UNDONE, WRITTEN, Edit

LEASE, HELD = "overlay", 30.0
"""Files are compared and written by one process at a time, in so many seconds."""
SOUGHT = 500
"""Edits that are looked through for whoever changed a file."""


def apply(store: Store, overlay: Path | None, id_: str, by: str) -> Edit:
    """Write what the edit says into the overlay.

    Whoever presses twice, or again after a fall between the file and the store, changes nothing
    more. Raises NotFound, EditRefused, StoreUnavailable.
    """
    with store.leases.hold(LEASE, HELD, HELD):
        edit = store.edits.get(id_)
        if edit.status == APPLIED:
            return edit
        if edit.status != TRIED:
            raise EditRefused("not_tried")
        if not trial.from_data(dict(edit.result)).passes_check:
            raise EditRefused("not_fine")
        wanted = {one.path: one.after for one in edit.files}
        _put(store, overlay, edit, wanted, {one.path: one.before for one in edit.files})
        store.edits.move(id_, (TRIED,), APPLIED, by)
    return store.edits.get(id_)


def undo(store: Store, overlay: Path | None, id_: str, by: str) -> Edit:
    """Give the files back what they said before, if they still say what the edit wrote.

    Raises NotFound, EditRefused, StoreUnavailable.
    """
    with store.leases.hold(LEASE, HELD, HELD):
        edit = store.edits.get(id_)
        if edit.status == UNDONE:
            return edit
        if edit.status != APPLIED:
            raise EditRefused("not_applied")
        wanted = {one.path: one.before for one in edit.files}
        _put(store, overlay, edit, wanted, {one.path: one.after for one in edit.files})
        store.edits.move(id_, (APPLIED,), UNDONE, by)
    return store.edits.get(id_)


def _put(
    store: Store, overlay: Path | None, edit: Edit, wanted: files.Texts, expected: files.Texts
) -> None:
    """Write files that say what is expected, or what is wanted already. Raises EditRefused."""
    overlay = files.overlay_of(overlay)
    now = files.read(overlay, wanted)
    if now == wanted:
        return
    other = next((path for path in wanted if now[path] != expected[path]), None)
    if other is not None:
        last = changed_by(store, other, now[other])
        if last is None:
            raise EditRefused("changed_by_hand", other)
        raise EditRefused("changed", other, last.changed_by)
    files.write(overlay, wanted)


def changed_by(store: Store, path: str, text: str | None) -> Edit | None:
    """The last edit, if it made that file say *text*; None for a file that was changed by hand."""
    for edit in store.edits.list_recent(SOUGHT, WRITTEN):
        for one in edit.files:
            if one.path == path:
                made = one.after if edit.status == APPLIED else one.before
                return edit if made == text else None
    return None
