"""A roster file in, a judged roster out: sheets and rules together."""
