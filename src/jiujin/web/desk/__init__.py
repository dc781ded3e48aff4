"""The desk of those who serve people: today's lists, a person's whole file, the counter, services, sessions, placements."""
