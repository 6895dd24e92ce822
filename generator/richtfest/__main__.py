"""`python -m richtfest`."""

from richtfest.cli import main

if __name__ == "__main__":  # processes of `richtfest fleet` import it again
    main()
