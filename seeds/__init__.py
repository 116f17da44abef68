"""The real editions of the source documents, and a synthetic coming edition."""
