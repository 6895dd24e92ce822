"""`python -m richtfest`."""

from richtfest.cli import main

main()
