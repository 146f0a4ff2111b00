"""Forms: workbooks that people fill in, and their own files marked where a fault was typed."""
