"""The database of a programme: every version of every record, on SQLite or PostgreSQL."""
