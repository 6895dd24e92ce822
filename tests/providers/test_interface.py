"""Every cloud implements the same inputs and outputs, so that changing the cloud is changing an answer."""

import re

import pytest

from tests.generation import ROOT

TERRAFORM = ROOT / "templates/terraform"
SHARED = {"cloud-init", "environments", "keys", "mocks", "policies", "tests"}
CLOUDS = sorted(path.name for path in TERRAFORM.iterdir() if path.is_dir() and path.name not in SHARED)


def variables(folder) -> dict[str, str]:
    """Name and type of every variable."""
    text = (folder / "variables.tf").read_text("utf-8")
    return dict(re.findall(r'^variable "(\w+)" {.*?^  type\s+= (.+?)$', text, re.MULTILINE | re.DOTALL))


def outputs(folder) -> set[str]:
    return set(re.findall(r'^output "(\w+)"', (folder / "outputs.tf").read_text("utf-8"), re.MULTILINE))


def handed_over() -> set[str]:
    """What the root module gives to the cloud."""
    text = (TERRAFORM / "main.tf.jinja").read_text("utf-8")
    return set(re.findall(r"^  (\w+)\s+= ", text, re.MULTILINE)) - {"source"}


def table(heading: str) -> set[str]:
    """The names in the first column of a table of the README."""
    text = (TERRAFORM / "README.md").read_text("utf-8").split(f"### {heading}")[1].split("###")[0]
    return set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))


def test_there_is_a_cloud():
    assert "hetzner" in CLOUDS


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_cloud_takes_what_the_root_gives(cloud):
    assert set(variables(TERRAFORM / cloud)) == handed_over()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_variables_have_the_same_type_in_the_root_and_in_every_cloud(cloud):
    root, here = variables(TERRAFORM), variables(TERRAFORM / cloud)
    assert {name: here[name] for name in root.keys() & here.keys()} == {
        name: root[name] for name in root.keys() & here.keys()
    }


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_cloud_gives_what_the_root_reads(cloud):
    read = set(re.findall(r"module\.platform\.(\w+)", (TERRAFORM / "outputs.tf").read_text("utf-8")))
    database = set(re.findall(r"module\.platform\.(\w+)", (TERRAFORM / "database.tf.jinja").read_text("utf-8")))
    assert database <= read
    assert outputs(TERRAFORM / cloud) == read


def test_the_readme_lists_the_interface():
    assert table("Inputs of a cloud") == handed_over()
    assert table("Outputs of a cloud") == outputs(TERRAFORM / CLOUDS[0])


def test_every_variable_and_output_is_typed_and_described():
    for file in TERRAFORM.rglob("*.tf"):
        text = file.read_text("utf-8")
        for kind, name, body in re.findall(r'^(variable|output) "(\w+)" {(.*?)^}', text, re.MULTILINE | re.DOTALL):
            assert "description = " in body, f"{file}: {name}"
            assert kind == "output" or re.search(r"^  type\s+= ", body, re.MULTILINE), f"{file}: {name}"


def test_every_file_says_first_what_it_is_for():
    for file in TERRAFORM.rglob("*"):
        if (file.is_file() and file.suffix in (".tf", ".hcl")) or file.name.endswith(".hcl.jinja"):
            assert file.read_text("utf-8").startswith("# "), file
