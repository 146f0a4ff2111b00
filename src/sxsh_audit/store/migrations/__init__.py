"""Revisions of the tables, each from the one before; run by :mod:`sxsh_audit.store.migrating`."""
