"""Files in: a dry run, errors by row, all or nothing, through the verbs of the rooms below."""
