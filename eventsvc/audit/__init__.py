"""Who did what to which thing, written in the transaction that did it."""
