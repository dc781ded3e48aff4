"""Areas and points, people and organisations, priority status, consents and evidence."""
