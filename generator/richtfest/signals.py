"""The signals that ask a command to end."""

import signal

ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""Ctrl-C, somebody else, a closed terminal; Windows does not have them all."""
