"""The one error that a person's input can cause; the commands print it and exit with 2."""


class BadInput(Exception):
    """Input or a command that cannot be carried out as given; says what to do about it."""
