"""What is kept: chats, people, checklist runs, feedback, open questions; SQLAlchemy lives here.

`open_store` gives a `Store`; its parts are values that read and write a few tables each.
"""

from bot.store.database import Conflict, NotFound, StoreUnavailable
from bot.store.store import Store, open_store

__all__ = ["Conflict", "NotFound", "Store", "StoreUnavailable", "open_store"]
