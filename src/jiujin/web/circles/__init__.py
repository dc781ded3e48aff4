"""Pages of the circles: who and which firms belong, who looks after them, where they are."""
