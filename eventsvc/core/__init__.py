"""What every room stands on: configuration, clock, database, doors, errors, text."""
