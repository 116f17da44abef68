"""Tools for the people who work on the service. Nothing here is installed with it."""
