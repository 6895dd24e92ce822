"""What is detected in an existing application, and why; when in doubt, nothing."""

import pytest

from richtfest.detect import detect

PROJECT = '[project]\ndependencies = ["fastapi>=0.1"]\n'
POETRY = '[tool.poetry.dependencies]\nfastapi = "*"\n'


def write(folder, files: dict[str, str]):
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("files", "stack", "reason"),
    [
        ({"requirements.txt": "fastapi[standard]==0.115\n"}, "fastapi", "requirements.txt depends on fastapi"),
        ({"requirements-prod.txt": "FastAPI>=0.1\n"}, "fastapi", "requirements-prod.txt depends on fastapi"),
        ({"pyproject.toml": PROJECT}, "fastapi", "pyproject.toml depends on fastapi"),
        ({"pyproject.toml": POETRY}, "fastapi", "pyproject.toml depends on fastapi"),
        ({"Dockerfile": "FROM scratch\n"}, "docker", "there is a Dockerfile"),
        ({"Dockerfile": "FROM x\n", "requirements.txt": "flask\n"}, "docker", "there is a Dockerfile"),
    ],
)  # fmt: skip
def test_a_stack_is_detected_with_its_reason(tmp_path, files, stack, reason):
    found = detect(write(tmp_path, files))
    assert (found.stack, found.reason) == (stack, reason)


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "# fastapi would be nice\nflask\n"},
        {"requirements.txt": "fastapi-utils==1\n"},
        {"pyproject.toml": "not toml ["},
        {"README.md": "fastapi"},
        {},
    ],
)
def test_what_is_not_certain_is_not_claimed(tmp_path, files):
    assert detect(write(tmp_path, files)) is None


def test_the_version_of_python_is_taken_from_its_file(tmp_path):
    write(tmp_path, {"requirements.txt": "fastapi\n", ".python-version": "3.12.4\n"})
    assert detect(tmp_path).answers == {"python_version": "3.12"}


def test_a_version_that_cannot_be_chosen_is_left_alone(tmp_path):
    write(tmp_path, {"requirements.txt": "fastapi\n", ".python-version": "2.7\n"})
    assert detect(tmp_path).answers == {}
