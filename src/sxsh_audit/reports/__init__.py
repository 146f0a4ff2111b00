"""Documents: one neutral model of headings, sentences, tables and figures, several renderers."""
