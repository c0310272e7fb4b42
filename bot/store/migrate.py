"""The tables are made, or brought to the present form, when the store is opened."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text

from bot.errors import BadInput
from bot.store.database import POSTGRES, writing
from bot.store.older import fold

MIGRATIONS = Path(__file__).with_name("migrations")
LOCK = 20_739_164
"""The number of the lock under which one process at a time changes tables; any would do."""


def migrate(engine: Engine) -> None:
    """Bring the tables to the present form; several processes may do so at once.

    Raises StoreUnavailable where the database cannot be written, BadInput where a newer version
    made it.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with writing(engine) as connection:
        if engine.dialect.name == POSTGRES:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
            fold(connection)
        except CommandError as error:
            raise BadInput(
                f"the database was made by a newer version of zhiwen ({error}); use that one"
            ) from None
