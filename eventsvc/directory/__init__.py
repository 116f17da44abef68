"""Organisations and persons of an organiser."""
