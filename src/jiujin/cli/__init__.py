"""The jiujin command, one small module a command group."""
