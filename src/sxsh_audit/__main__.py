"""``python -m sxsh_audit``: the same command as ``sxsh-audit``."""

from sxsh_audit.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
