"""Vietnamese and English: reading what people type, and sentences by code."""
