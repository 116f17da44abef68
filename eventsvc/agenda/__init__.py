"""Sessions, rooms, tracks, speakers and the published programme."""
