"""What the repository was generated with."""

from pathlib import Path
from typing import Any

import yaml


def recorded(repository: Path, name: str, default: str | bool) -> Any:
    """One recorded answer; the default in a repository that was cut off from its template."""
    file = repository / ".copier-answers.yml"
    if not file.is_file():
        return default
    return (yaml.safe_load(file.read_text("utf-8")) or {}).get(name, default)
