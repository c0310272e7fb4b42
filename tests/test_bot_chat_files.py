"""A document with several openings comes back with every one of them, in a line each."""

from small_rules import shipped

from bot.chat import files
from bot.chat.model import File

OPENINGS = (
    "Position: Accountant\nResponsibilities:\n- bookkeeping, month-end close, tax returns\n"
    "Requirements: degree\n\n"
    "Position: Sales Representative\nResponsibilities:\n- call prospects, close deals\n"
    "Requirements: driving licence\n"
)


def test_a_document_with_several_openings_tells_every_one():
    """Each opening has its title, its function and how sure that is."""
    data = OPENINGS.encode()
    found = files.read(File("jobs.txt", len(data), lambda: data), shipped(), "en")
    assert found.one is None
    first, second = found.lines
    assert first.startswith("Accountant: ")
    assert second.startswith("Sales Representative: sales (")
    assert (found.total, found.broken) == (2, 0)
