"""Areas, people, organisations, priority status."""
