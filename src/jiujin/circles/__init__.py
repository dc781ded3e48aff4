"""The three-kilometre circles: their base, their points of service, and who belongs to them from when to when."""
