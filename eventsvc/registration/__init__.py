"""Participants, registrations, capacity and the waiting list."""
