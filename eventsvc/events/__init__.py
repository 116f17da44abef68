"""Series and their editions."""
