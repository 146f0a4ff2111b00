"""The yearly report of a programme: what the register and the assessments of a year add up to."""
