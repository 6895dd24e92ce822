"""The project: settings, addresses, the way into it."""
