"""Figures and the post-event report."""
