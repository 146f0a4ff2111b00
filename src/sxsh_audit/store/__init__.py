"""The database of a programme: every version of every record, on SQLite or PostgreSQL."""

from sxsh_audit.store.store import Store

__all__ = ["Store"]
