"""Open data for machines: the list of results, the published texts, feeds, and what robots are told (四(3)-e)."""
