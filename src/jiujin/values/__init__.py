"""Plain value types: money in fen, clamped months, identity numbers."""
