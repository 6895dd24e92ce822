"""Remembers across generations in one process what does not hang on answers: parsed YAML, compiled templates, and that
the template is no git repository. Copier does all of it anew in each run, which is most of its time. Only pure
functions are remembered, by all of their arguments, so that every generation gives the same bytes; a test compares.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jinja2
import yaml
from copier import _main, _template


@contextmanager
def remembering() -> Iterator[None]:
    """Remember within this block."""
    compile_template, load_file, load_text = jinja2.Environment.compile, _template.load_template_config, yaml.safe_load
    compiled: dict[tuple[Any, ...], Any] = {}

    def compile_once(environment, source, name=None, filename=None, raw=False, defer_init=False):
        delimiters = (environment.variable_start_string, environment.undefined)
        key = (source, name, filename, raw, defer_init, type(environment), delimiters)
        if not isinstance(source, str):
            return compile_template(environment, source, name, filename, raw, defer_init)
        if key not in compiled:
            compiled[key] = compile_template(environment, source, name, filename, raw, defer_init)
        return compiled[key]

    parsed_file = cache(lambda path: load_file(path))
    parsed_text = cache(load_text)

    def parse_once(stream):
        return copy.deepcopy(parsed_text(stream)) if isinstance(stream, str) else load_text(stream)

    def load_once(path: Path, quiet: bool = False):
        return copy.deepcopy(parsed_file(path))

    def in_no_repository(worker, file, mode):
        """Copier asks git for each file; tests generate outside of repositories, where that changes nothing."""

    with (
        patch.object(_main.Worker, "_sync_git_index_executable_bit", in_no_repository),
        patch.object(jinja2.Environment, "compile", compile_once),
        patch.object(_template, "get_repo", cache(_template.get_repo)),
        patch.object(_template, "load_template_config", load_once),
        patch.object(yaml, "safe_load", parse_once),
    ):
        yield
