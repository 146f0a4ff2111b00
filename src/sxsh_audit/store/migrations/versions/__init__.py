"""The revisions. What one of them says is never changed once a version has been released."""
