"""The one error that a person's input can cause; the commands print it and exit with 2."""


class BadInput(Exception):
    """Input or a command that cannot be carried out as given; says what to do about it."""


class StoreUnavailable(Exception):
    """The database cannot be used now: locked, full, read-only or out of reach.

    Of the transaction in which this is raised nothing was written.
    """


class Conflict(Exception):
    """Somebody else has changed the same thing in the meantime."""


class NotFound(Exception):
    """What was asked for is not there (any more)."""
