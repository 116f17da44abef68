"""Files out: tables and programmes, made by a job, kept for a day."""
