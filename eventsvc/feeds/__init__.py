"""Calendar feeds: scope, token, revision, joined bytes."""
