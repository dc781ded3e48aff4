"""Users, roles, area scope, sign-in."""
