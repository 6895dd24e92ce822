"""The release tool: deploys, rolls back and tells what runs. Started as `release VERB` on the server."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # -I leaves the own folder out

from release.cli import main

sys.exit(main(sys.argv[1:]))
