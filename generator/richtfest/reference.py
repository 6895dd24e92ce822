"""The table of all answers, made from copier.yml: `python -m richtfest.reference > docs/answers.md`."""

from typing import Any

from jinja2 import Environment

from richtfest.template import questions

HEAD = """# What can be answered

Made from `copier.yml` by `python -m richtfest.reference > docs/answers.md`. A first run asks for what is marked; the
rest has a default that fits most, and is set with `richtfest new -d name=value` or later with
`richtfest update -d name=value`. Names, types and values stay as they are once released.

| name | asked | what it is | values | default |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page, in Markdown."""
    return HEAD + "".join(_row(name, question) for name, question in questions().items())


def _row(name: str, question: dict[str, Any]) -> str:
    asked = "yes" if question.get("ask", True) else ""
    cells = (f"`{name}`", asked, _in_english(question["help"]), _values(question), _default(question["default"]))
    return f"| {' | '.join(cells)} |\n"


def _in_english(words: str) -> str:
    told = Environment(variable_start_string="#{", variable_end_string="}#").from_string(words)  # noqa: S701 - no HTML
    return told.render(language="en").strip()


def _values(question: dict[str, Any]) -> str:
    if "choices" in question:
        return "<br>".join(f"`{value}` {label}" for label, value in question["choices"].items())
    return {"bool": "`true`, `false`", "int": "a number"}.get(question["type"], "text")


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if "#{" in str(value) or "#%" in str(value):
        return "from the folder or other answers"
    return f"`{value}`" if value != "" else "empty"


if __name__ == "__main__":
    print(page(), end="")
