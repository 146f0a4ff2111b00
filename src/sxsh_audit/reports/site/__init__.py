"""The section of a programme on a department's web site: static pages, no outside request."""
