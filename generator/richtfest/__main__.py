"""The command's first step, also for `python -m richtfest`."""

import sys


def main() -> None:
    """Run the command; Ctrl-C while its modules are still being read ends it without a word."""
    try:
        from richtfest.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":  # processes of `richtfest fleet` import it again
    main()
