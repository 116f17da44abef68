"""Addresses and the outbox: queue a message, cancel pending ones."""
