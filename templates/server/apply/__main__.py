"""Started on the server as `python3 apply FOLDER [--dry-run]` by scripts/apply.sh; FOLDER holds what came along."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # the release tool that comes along: its lock, its questions

from apply.cli import main

sys.exit(main(sys.argv[1:]))
