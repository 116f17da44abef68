"""Celery workers: one task per job of the house, a few lines each."""
