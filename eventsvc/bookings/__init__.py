"""Seats in workshops and visits, their waiting lists, and the desk."""
