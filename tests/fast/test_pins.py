"""Every version that a generated file names is the one of templates/pins.yml, and has a source."""

import re

import pytest
import yaml

from tests.fast.test_workflows import is_asked
from tests.generation import ROOT, choices, files_of, name_of, render

PINS = yaml.safe_load((ROOT / "templates" / "pins.yml").read_text("utf-8"))
ACTION = re.compile(r"^\s*(?:- )?uses:\s*(\S+)@(\S+)(?: # (\S+))?$", re.MULTILINE)
IMAGE = re.compile(r"^\s*(?:image:|FROM|(?:- )?name:)\s+\"?([a-z0-9./_-]+:[^\s\"]+)", re.MULTILINE)
TOOL = re.compile(r"^\s*(?:- name: (\S+)|(\w+_version|version): \"([\d.]+)\")$", re.MULTILINE)

VERSIONS = [(name, version) for name in choices() if name.endswith("_version") for version in choices()[name]]
BY_STACK = [
    {"ci": "gitlab", "stack": stack, name: version, "python_dependencies": "uv"}
    for name, version in VERSIONS
    for stack in choices()["stack"]
    if is_asked(name, {"stack": stack})
] + [{"ci": "github", "stack": "fastapi", "python_dependencies": "uv"}]
"""What depends on more than two answers: the covering array need not hold it."""


@pytest.fixture(scope="module")
def texts(repositories, tmp_path_factory) -> dict[str, str]:
    """Every file that can be generated, by where it lies and what it holds."""
    base = tmp_path_factory.mktemp("pins")
    more = {name_of(answers): render(answers, base / str(number)) for number, answers in enumerate(BY_STACK)}
    found: dict[str, str] = {}
    for number, repository in enumerate((repositories | more).values()):
        for path in files_of(repository):
            if path.suffix in (".yml", ".yaml") or path.name == "Dockerfile":
                found[f"{number}/{path.relative_to(repository).as_posix()}"] = path.read_text("utf-8")
    return found


def workflows(texts: dict[str, str]) -> list[str]:
    return [text for name, text in texts.items() if "/.github/workflows/" in name]


def used_actions(texts: dict[str, str]) -> set[tuple[str, str, str]]:
    return {found for text in workflows(texts) for found in ACTION.findall(text)}


def used_images(texts: dict[str, str]) -> set[str]:
    return {found for text in texts.values() for found in IMAGE.findall(text)}


def used_tools(texts: dict[str, str]) -> set[tuple[str, str]]:
    """`terraform_version: "1.2.3"` names its tool itself, `version: "1.2.3"` belongs to the step above it."""
    used = set()
    for text in workflows(texts):
        step = ""
        for name, key, version in TOOL.findall(text):
            if name:
                step = name
            elif key not in choices():
                used.add((step if key == "version" else key, version))
    return used


def reference(image: dict[str, str]) -> str:
    return f"{image['name']}:{image['tag']}" + (f"@{image['digest']}" if "digest" in image else "")


def test_every_action_is_pinned_as_the_list_says(texts):
    listed = {(pin["name"], pin["sha"], pin["tag"]) for pin in PINS["actions"]}
    assert used_actions(texts) - listed == set(), "used, but not as listed"
    assert listed - used_actions(texts) == set(), "listed, but not used"


def test_every_image_is_pinned_as_the_list_says(texts):
    listed = {reference(image) for image in PINS["images"]}
    assert used_images(texts) - listed == set(), "used, but not as listed"
    assert listed - used_images(texts) == set(), "listed, but not used"


def test_every_tool_has_the_version_of_the_list(texts):
    listed = {(tool["name"], tool["version"]) for tool in PINS["tools"]}
    assert used_tools(texts) - listed == set(), "used, but not as listed"
    assert listed - used_tools(texts) == set(), "listed, but not used"


def test_no_action_is_named_that_the_pattern_does_not_see(texts):
    """`uses:` in any form, such as inside braces, must have been checked above."""
    for name, text in texts.items():
        if "/.github/workflows/" in name:
            assert len(re.findall(r"\buses\b[\"']?\s*:", text)) == len(ACTION.findall(text)), name


@pytest.mark.parametrize("pin", PINS["actions"], ids=lambda pin: pin["name"])
def test_an_action_is_pinned_to_a_commit_with_its_source(pin):
    assert re.fullmatch(r"[0-9a-f]{40}", pin["sha"])
    assert re.fullmatch(r"v?\d+\.\d+\.\d+", pin["tag"])
    assert re.fullmatch(r"(<=)?\d{4}-\d\d-\d\d", pin["date"])
    assert re.fullmatch(r"tag|(tag, )?mined x([2-9]|\d\d+)", pin["source"])


@pytest.mark.parametrize("pin", PINS["images"], ids=lambda pin: f"{pin['name']}:{pin['tag']}")
def test_a_digest_stands_on_two_independent_sources(pin):
    assert pin["tag"] != "latest" and re.search(r"\d|bookworm", pin["tag"])
    assert re.fullmatch(r"(<=)?\d{4}-\d\d-\d\d", pin["date"])
    if "digest" in pin:
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", pin["digest"])
        assert re.fullmatch(r"mined x([2-9]|\d\d+)", pin["source"])


def test_the_list_is_sorted_and_has_no_doubles():
    names = [pin["name"] for pin in PINS["actions"]]
    assert names == sorted(set(names))
    images = [reference(image) for image in PINS["images"]]
    assert len(images) == len(set(images))


def test_terraform_is_the_same_in_both_pipelines():
    images = {pin["name"]: pin["tag"] for pin in PINS["images"]}
    tools = {tool["name"]: tool["version"] for tool in PINS["tools"]}
    assert images["hashicorp/terraform"] == tools["terraform_version"]
    assert images["ghcr.io/opentofu/opentofu"] == tools["tofu_version"]


def test_uv_is_the_same_in_the_image_and_in_the_pipeline(texts):
    installed = {found for text in texts.values() for found in re.findall(r"install uv==([\d.]+)", text)}
    assert installed == {tool["version"] for tool in PINS["tools"] if tool["name"] == "uv"}
