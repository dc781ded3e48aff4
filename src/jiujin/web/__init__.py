"""Settings, URLs, page shell, components, static files."""
