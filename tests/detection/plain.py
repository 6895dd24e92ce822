"""What plain Copier proposes as the stack of a folder: the default in copier.yml, rendered as Copier renders it."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import yaml
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from tests.generation import ROOT


def proposed(folder: Path) -> str:
    """The stack that `copier copy` would offer first; no file's contents are known to it."""
    return _default().render(_copier_conf=SimpleNamespace(dst_path=folder), application_folder=".").strip()


@cache
def _default() -> Template:
    told = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8"))
    filters = ["jinja2_ansible_filters.AnsibleCoreFiltersExtension"]
    environment = SandboxedEnvironment(extensions=filters, **(told["_envops"] | {"undefined": StrictUndefined}))
    return environment.from_string(told["stack"]["default"])
