"""What a table of a study is, how it is read, and how it is checked."""
