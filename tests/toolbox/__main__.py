"""`python3 -m tests.toolbox [NAME...]`: prepare tools; without names all of them."""

import argparse
import shlex
import sys

from tests.toolbox import search
from tests.toolbox.catalogue import Unavailable, environment, tools
from tests.toolbox.prepare import prepare


def main() -> int:
    """Prepare, list, or print the environment; exit code 1 when a tool cannot be had."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.toolbox", description=__doc__)
    parser.add_argument("name", nargs="*", help="a tool of tools.toml")
    parser.add_argument("--list", action="store_true", help="say what is here, change nothing")
    parser.add_argument("--environment", action="store_true", help="print the variables for eval in a shell")
    told = parser.parse_args()
    if told.environment:
        print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in environment().items()))
        return 0
    unknown = sorted(set(told.name) - set(tools()))
    if unknown:
        parser.error(f"there is no tool {', '.join(unknown)}; there are {', '.join(tools())}")
    names = told.name or list(tools())
    if told.list:
        return max([_line(name) for name in names])
    return 1 if prepare(names) else 0


def _line(name: str) -> int:
    try:
        print(f"{name:18} {search.find(name)}")
    except Unavailable as reason:
        print(f"{name:18} NOT HERE: {reason}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
