"""The state store: what was seen, what was shared, and everything that was tried."""

from bot.store.sql_store import SqlStore, open_store

__all__ = ["SqlStore", "open_store"]
