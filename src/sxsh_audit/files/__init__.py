"""Writing files so that nothing is lost: aside first, then in place of the old one."""
