"""Measurements of the running service, each beside a bare Flask application.

``make bench`` runs ``python -m bench`` beside PostgreSQL and Redis. Both applications run under
the same server with the same settings, at the same time, and are asked in turns, so that whatever
else the machine does falls on both. The last figures stand in ``bench/README.md``.
"""
