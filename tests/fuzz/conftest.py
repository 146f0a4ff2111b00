"""The search by coverage is run by hand: it needs a program that the tests do not."""

collect_ignore = ["atheris_readers.py"]
