"""Whole journeys through real processes, in both homes of the service."""
