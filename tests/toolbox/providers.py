"""Terraform providers, built from their Go modules into a filesystem mirror for Terraform and for OpenTofu."""

import os
from pathlib import Path

from tests.toolbox import golang
from tests.toolbox.catalogue import Tool, Unavailable, cache_folder, is_current, terraform_settings

HOSTS = ["registry.terraform.io", "registry.opentofu.org"]
"""The default host of an address without one: the same provider has another address in each program."""


def mirror() -> Path:
    """The folder that both programs read in place of a registry."""
    return cache_folder() / "mirror"


def present(entry: Tool) -> Path:
    """The folder of a provider that was built, else Unavailable."""
    folder = mirror() / HOSTS[0] / entry.settings["provider"]["source"]
    if folder.is_dir() and is_current(entry) and terraform_settings().is_file():
        return folder
    raise Unavailable(f"{entry.name} has not been built")


def build(entry: Tool) -> None:
    """Build a provider and lay it out as `host/namespace/name/version/platform/`."""
    pin = entry.settings["provider"]
    version = pin["version"].removeprefix("v")
    name = f"terraform-provider-{pin['source'].split('/')[1]}_v{version}"
    first, *others = (mirror() / host / pin["source"] / version / golang.platform() for host in HOSTS)
    golang.build(entry.name, pin | {"package": "."}, first / name)
    for folder in others:  # a link to a folder would not be followed, one to a file is
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).unlink(missing_ok=True)
        os.link(first / name, folder / name)
    terraform_settings().write_text(
        "# Sends Terraform and OpenTofu to the providers that the toolbox built.\n"
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror().as_posix()}"\n  }}\n}}\n',
        "utf-8",
    )
