"""Site visits: host, buses, stops."""
