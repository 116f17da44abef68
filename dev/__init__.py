"""Development tools: private PostgreSQL, Redis and a mail catcher for tests and make run-full."""
