"""Terraform: formatted, valid against the real provider, and its own tests pass."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from richtfest.checks.outcome import FAILED, NOT_CHECKED, OK, Outcome, nothing_to_check
from richtfest.checks.recorded import recorded
from richtfest.terraform import EXECUTABLES, Result, Terraform, executable

STEPS = {
    "terraform format": ("fmt", "-check", "-recursive", "-no-color"),
    "terraform providers": ("init", "-backend=false", "-input=false", "-no-color"),
    "terraform validate": ("validate", "-no-color"),
    "terraform test": ("test", "-no-color"),
}

TEST_KEY = "-var=state_key=of-this-check-only"
"""OpenTofu's tests keep a state too, in memory, and want a key for it."""


def terraform(repository: Path) -> list[Outcome]:
    """Format, initialise without a backend, validate and test, in a copy: the repository stays as it is."""
    if not (repository / "terraform").is_dir():
        return [nothing_to_check("terraform", "terraform", "folder terraform")]
    iac = recorded(repository, "iac", "terraform")
    path = executable(iac)
    if not path:
        tool = EXECUTABLES[iac]
        return [Outcome(check, tool, NOT_CHECKED, f"{tool} is not installed") for check in STEPS]
    with _copy(repository) as copy:
        encrypted = (copy / "terraform" / "encryption.tofu").exists()
        return list(_run_steps(Terraform(copy / "terraform", path), EXECUTABLES[iac], encrypted=encrypted))


def _run_steps(driver: Terraform, tool: str, *, encrypted: bool) -> Iterator[Outcome]:
    blocked = ""
    for check, (command, *arguments) in STEPS.items():
        if blocked:
            yield Outcome(check, tool, NOT_CHECKED, blocked)
            continue
        if command == "test" and encrypted:
            arguments.append(TEST_KEY)
        result = driver.run(command, *arguments)
        yield _judge(check, tool, result)
        if command == "init" and result.code:
            blocked = "the providers could not be had" if result.registry_unreachable else "init failed"


def _judge(check: str, tool: str, result: Result) -> Outcome:
    if result.code == 0:
        return Outcome(check, tool, OK)
    if result.registry_unreachable:
        return Outcome(check, tool, NOT_CHECKED, f"the providers could not be had: {result.first_error}")
    return Outcome(check, tool, FAILED, result.output.strip())


@contextmanager
def _copy(repository: Path) -> Iterator[Path]:
    """What Terraform reads, in a temporary folder, without what an earlier run left in it."""
    with tempfile.TemporaryDirectory(prefix="richtfest-check-") as name:
        for folder in ("terraform", "server"):
            if (repository / folder).is_dir():
                leftovers = shutil.ignore_patterns(".terraform", ".terraform.lock.hcl", "*.tfstate*", "*.tfplan")
                shutil.copytree(repository / folder, Path(name) / folder, ignore=leftovers)
        yield Path(name)


CHECKS = [terraform]
