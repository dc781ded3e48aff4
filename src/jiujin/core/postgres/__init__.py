"""The PostgreSQL that Jiujin brings along: programs from a wheel, data in a folder, one server a folder."""

from jiujin.core.postgres.server import EmbeddedServer, ServerUnstartable, start_server

__all__ = ["EmbeddedServer", "ServerUnstartable", "start_server"]
