"""What the desk changes in several rooms at once; each module is one transaction."""
