"""Sending: claim, check again, render, hand over, reap."""
