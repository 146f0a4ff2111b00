"""The command ``sxsh-audit``: one command, one public function."""
