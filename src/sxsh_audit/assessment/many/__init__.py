"""Assessing plants by the hundred thousand: group-local functions over whole plants."""
