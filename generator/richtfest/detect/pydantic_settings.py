"""Settings of pydantic: the variables of the fields that have no default, in classes that are made without a value."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

# fmt: off
PLAIN = frozenset((
    "str", "int", "float", "bool", "bytes", "SecretStr", "SecretBytes", "Path", "UUID", "EmailStr", "AnyUrl", "HttpUrl",
    "AnyHttpUrl", "PostgresDsn", "RedisDsn", "AmqpDsn", "MongoDsn", "MySQLDsn", "PositiveInt", "list", "List", "set",
))
# fmt: on
"""Types of which one variable is read; None among them would make pydantic 1 do without."""

ELSEWHERE = re.compile(
    r"customise_sources|(yaml|toml|json)_file|secrets_dir|alias_generator|__init__|"
    r"""model_validator\([^)]{0,200}["'](before|wrap)|root_validator\([^)]{0,200}pre\s*=\s*True"""
)
"""What may fill fields from elsewhere."""


@dataclass
class Settings:
    """What a class says: the prefix of its variables, None when they may come from elsewhere, and its fields."""

    prefix: str | None = ""
    cased: bool = False
    fields: dict[str, tuple[str, int] | None] = field(default_factory=dict)
    """For each field its variable, when it has a name of its own, and its line; None for one with a default."""


def required(syntax: ast.Module, text: str, code: str) -> Iterator[tuple[str, int]]:
    """The variables without which a module's settings cannot be made, each with its line.

    Args:
        syntax: the module.
        text: the same as it is written.
        code: all modules, to see whether a class is made without values.
    """
    known: dict[str, Settings] = {}
    lines = text.splitlines()
    for node in syntax.body:
        if isinstance(node, ast.ClassDef) and (settings := _read(node, known)):
            known[node.name] = settings
            if ELSEWHERE.search("\n".join(lines[node.lineno - 1 : node.end_lineno])):
                settings.prefix = None
    for name, settings in known.items():
        if settings.prefix is not None and re.search(rf"\b{name}\(\s*\)|default_factory\s*=\s*{name}\b", code):
            yield from _variables(settings)


def _variables(settings: Settings) -> Iterator[tuple[str, int]]:
    for name, told in settings.fields.items():
        if told:
            variable = told[0] or f"{settings.prefix}{name}"
            yield (variable if settings.cased else variable.upper()), told[1]


def _read(node: ast.ClassDef, known: Mapping[str, Settings]) -> Settings | None:
    """A class of settings; None for another one."""
    bases = [getattr(base, "attr", getattr(base, "id", "")) for base in node.bases]
    inherited = [known[base] for base in bases if base in known]
    if "BaseSettings" not in bases and not inherited:
        return None
    settings = Settings(
        prefix=inherited[0].prefix if inherited else "",
        cased=any(one.cased for one in inherited),
        fields={name: told for one in inherited for name, told in one.fields.items()},
    )
    for statement in node.body:
        _note(settings, statement)
    for keyword in node.keywords:
        _configure(settings, str(keyword.arg), keyword.value)
    return settings


def _note(settings: Settings, statement: ast.stmt) -> None:
    if isinstance(statement, ast.ClassDef) and statement.name == "Config":
        for inner in statement.body:
            if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Name):
                _configure(settings, inner.targets[0].id, inner.value)
        return
    target = (statement.targets[0] if isinstance(statement, ast.Assign) else
              statement.target if isinstance(statement, ast.AnnAssign) else None)  # fmt: skip
    if not isinstance(target, ast.Name):
        return
    if target.id == "model_config":
        _configure_by_call(settings, statement.value)
    elif isinstance(statement, ast.AnnAssign) and not target.id.startswith("_"):
        settings.fields[target.id] = _without_default(statement)
    else:
        settings.fields[target.id] = None


def _configure_by_call(settings: Settings, value: ast.expr | None) -> None:
    if isinstance(value, ast.Call):
        for keyword in value.keywords:
            _configure(settings, str(keyword.arg), keyword.value)
    elif isinstance(value, ast.Dict):
        for key, inner in zip(value.keys, value.values, strict=True):
            _configure(settings, str(getattr(key, "value", "")), inner)


def _configure(settings: Settings, name: str, value: ast.expr) -> None:
    told = value.value if isinstance(value, ast.Constant) else None
    if name == "env_prefix":
        settings.prefix = told if isinstance(told, str) else None
    elif name == "case_sensitive":
        settings.cased = bool(told)


def _without_default(statement: ast.AnnAssign) -> tuple[str, int] | None:
    """The variable that a field names itself, if it does, and its line; None when it needs none, or may not."""
    named = (
        node for node in ast.walk(statement.annotation) if isinstance(node, ast.Name | ast.Attribute | ast.Constant)
    )
    names = {getattr(node, "id", getattr(node, "attr", getattr(node, "value", ""))) for node in named}
    value, line = statement.value, statement.lineno
    if not names <= PLAIN:
        return None
    if value is None or _is_ellipsis(value):
        return "", line
    if not isinstance(value, ast.Call) or getattr(value.func, "id", getattr(value.func, "attr", "")) != "Field":
        return None
    told = {keyword.arg: keyword.value for keyword in value.keywords}
    if {"default", "default_factory", None} & told.keys() or (value.args and not _is_ellipsis(value.args[0])):
        return None
    own = next((told[name] for name in ("validation_alias", "alias", "env") if name in told), ast.Constant(""))
    return (own.value, line) if isinstance(own, ast.Constant) and isinstance(own.value, str) else None


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis
