"""One row per thing that happened, told to the rooms above in the same transaction."""
