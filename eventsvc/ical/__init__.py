"""Calendar items and the bytes of calendar feeds (calendar.md §2, §3, §5; RFC 5545, RFC 7986)."""
