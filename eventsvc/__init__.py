"""The back office of a conference series."""
