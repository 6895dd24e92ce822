"""Terraform and OpenTofu behind python-terraform. Its age and its manners stay in this module."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import python_terraform

EXECUTABLES = {"terraform": "terraform", "opentofu": "tofu"}
"""The executable of each value of the answer `iac`."""


@dataclass(frozen=True)
class Result:
    """Exit code and everything that was printed."""

    code: int
    output: str

    @property
    def registry_unreachable(self) -> bool:
        """True when the provider could not be had, which says nothing about the configuration."""
        return "could not connect to" in self.output or "was not found in any of the search locations" in self.output

    @property
    def first_error(self) -> str:
        """The sentence after the first "Error:", else the last line."""
        lines = [line.strip(" │╷╵") for line in self.output.splitlines()]
        errors = [line for line in lines if line.startswith("Error:")]
        return (errors or [line for line in lines if line] or ["no output"])[0]


def executable(iac: str) -> str | None:
    """The executable for an answer `iac`: the installed one, else, for Terraform, the embedded one."""
    installed = shutil.which(EXECUTABLES[iac])
    if installed or iac != "terraform":
        return installed
    beside = Path(sys.executable).parent
    return shutil.which("richtfest-terraform", path=str(beside)) or shutil.which("richtfest-terraform")


class Terraform:
    """One executable at work in one folder."""

    def __init__(self, folder: Path, path: str) -> None:
        """Use the executable at `path` in `folder`."""
        self._driver = python_terraform.Terraform(working_dir=str(folder), terraform_bin_path=path)

    def run(self, command: str, *arguments: str) -> Result:
        """Run one command, such as run("validate"), and collect what it prints. Never asks for input."""
        code, out, err = self._driver.cmd(command, *arguments)
        return Result(code, f"{out}\n{err}")
