"""Studies larger than memory, and work beyond one process or machine."""
