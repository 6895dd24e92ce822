"""Whatever lies in a repository, detection goes on: one sentence about what was left out, and never a traceback."""

import os
import tempfile
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from richtfest.cli import group
from richtfest.detect import detect
from richtfest.detect.words import problem, words
from tests.fast.trees import CERTAIN, FASTAPI, NOTHING, START, package, plant, plant_many

SHOP = {"requirements.txt": "fastapi\n", "main.py": FASTAPI}

BROKEN = {
    "json": ({"package.json": '{"dependencies": '}, "package.json is not valid JSON (line 1)"),
    "json that is too deep": ({"package.json": "[" * 100_000}, "package.json is not valid JSON"),
    "toml": ({"pyproject.toml": "not toml ["}, "pyproject.toml is not valid TOML"),
    "yaml": ({"compose.yaml": "services: [\n"}, "compose.yaml is not valid YAML (line 2)"),
    "xml": ({"pom.xml": "<project>\n<parent>"}, "pom.xml is not valid XML (line 2)"),
    "entities of its own": (
        {"pom.xml": '<!DOCTYPE a [<!ENTITY b "c">]><project>&b;</project>'},
        "pom.xml is not valid XML (declares a document type)",
    ),
    "no text": ({"package.json": "\0\1\2"}, "package.json is no text"),
    "far too large": ({"package.json": " " * 1_000_001}, "package.json is too large (1000 kB)"),
}


@pytest.mark.parametrize(("files", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_left_out_with_one_sentence(tmp_path, files, sentence):
    report = detect(plant(tmp_path, {"Dockerfile": "FROM scratch\n"} | files))
    assert report.chosen.stack == "docker"
    assert [problem(one, words("en")).startswith(sentence) for one in report.problems] == [True]


@pytest.mark.parametrize(
    "text", ["null", "[]", '"x"', '{"scripts": [], "dependencies": "x", "workspaces": {"packages": 7}}']
)
@pytest.mark.parametrize(
    "name", ["package.json", "composer.json", "global.json", "compose.yaml", "pnpm-workspace.yaml"]
)
def test_what_is_valid_and_of_another_shape_is_nothing(tmp_path, name, text):
    assert detect(plant(tmp_path, SHOP | {name: text})).chosen.stack == "fastapi"


@pytest.mark.parametrize(
    "text",
    [
        "[project]\ndependencies = 7\n",
        "project = 7\ntool = 8\n",
        '[project]\ndependencies = [7, "fastapi"]\n[tool.poetry]\ndependencies = []\n',
        "[tool]\npoetry = 1\n",
    ],
)
def test_a_project_of_another_shape_is_nothing(tmp_path, text):
    assert detect(plant(tmp_path, SHOP | {"pyproject.toml": text})).chosen.stack == "fastapi"


def test_links_that_lead_round_or_out_are_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "package.json").write_text(package("express", scripts=START))
    shop = plant(tmp_path / "shop", SHOP)
    (shop / "loop").symlink_to(shop)
    (shop / "knot").symlink_to(shop / "knot")
    (shop / "package.json").symlink_to(tmp_path / "elsewhere" / "package.json")
    (shop / "frontend").symlink_to(tmp_path / "elsewhere")
    assert [found.stack for found in detect(shop).applications] == ["fastapi"]


@pytest.mark.parametrize("name", ["frontend", "../elsewhere", "{elsewhere}", "shop/../../elsewhere", "/"])
def test_a_manifest_that_names_a_folder_outside_does_not_lead_there(tmp_path, name):
    elsewhere = plant(tmp_path / "elsewhere", {"package.json": package("express", scripts=START)})
    workspace = package(workspaces=[name.format(elsewhere=elsewhere)])
    shop = plant(
        tmp_path / "shop", {"package.json": workspace, "Shop.slnx": f'<S><Project Path="{name}/a.csproj"/></S>'}
    )
    (shop / "frontend").symlink_to(elsewhere)
    assert detect(shop).applications == []


def test_a_link_inside_the_repository_is_read(tmp_path):
    plant(tmp_path, {"docker/Dockerfile.debian": "FROM rust\n", "Cargo.toml": ""})
    (tmp_path / "Dockerfile").symlink_to("docker/Dockerfile.debian")
    assert detect(tmp_path).chosen.stack == "docker"


def test_a_pipe_does_not_hold_us_up(tmp_path):
    plant(tmp_path, SHOP)
    os.mkfifo(tmp_path / "package.json")
    assert detect(tmp_path).chosen.stack == "fastapi"


@pytest.fixture
def powerless():
    """A folder that everybody may enter, looked at by somebody who is not root."""
    with tempfile.TemporaryDirectory(prefix="richtfest-") as name:
        Path(name).chmod(0o755)
        before = os.geteuid()
        if before != 0:
            yield Path(name), lambda: None
        else:
            yield Path(name), lambda: os.seteuid(65534)
            os.seteuid(before)


def test_what_may_not_be_read_is_left_out(powerless):
    shop, drop_rights = powerless
    plant(shop, SHOP | {"package.json": "{}", "frontend/package.json": "{}"})
    (shop / "package.json").chmod(0)
    (shop / "frontend").chmod(0)
    drop_rights()
    report = detect(shop)
    assert report.chosen.stack == "fastapi"
    assert {(one.file, one.kind) for one in report.problems} == {
        ("frontend", "unreadable"),
        ("package.json", "unreadable"),
    }


def test_lists_that_include_each_other_end(tmp_path):
    files = {
        "requirements.txt": "-r other.txt\n-r ../../outside.txt\n",
        "other.txt": "-r requirements.txt\nfastapi\n",
        "main.py": FASTAPI,
    }
    assert str(detect(plant(tmp_path, files)).chosen.why) == "other.txt:2 fastapi"


def test_a_list_in_utf_16_is_read_as_powershell_writes_it(tmp_path):
    plant(tmp_path, {"main.py": FASTAPI})
    (tmp_path / "requirements.txt").write_text("fastapi==0.115\r\n", "utf-16")
    assert str(detect(tmp_path).chosen.why) == "requirements.txt:1 fastapi==0.115"


def test_modules_that_cannot_be_parsed_are_passed_over(tmp_path):
    files = {
        "requirements.txt": "fastapi\n",
        "old.py": "print 'fastapi'\n",
        "deep.py": "fastapi = " + "(" * 5000,
        "main.py": FASTAPI,
    }
    assert detect(plant(tmp_path, files)).chosen.value("starts") == "main:app"


def test_every_tree_cut_off_anywhere_is_survived(tmp_path):
    """Each manifest of each tree, cut in the middle: what is found may be less, but nothing is raised."""
    for number, (files, _) in enumerate((CERTAIN | NOTHING).values()):
        for name, text in files.items():
            folder = plant(
                tmp_path / f"{number}-{name.replace('/', '-')}", files | {name: text[: len(text) // 2] + "\ud7ff{["}
            )
            detect(folder)


def test_a_repository_of_twenty_thousand_files_is_quick(tmp_path):
    """Processor time of one thread, the best of three, so that a busy machine changes nothing."""
    plant_many(plant(tmp_path, SHOP))
    assert sum(len(files) for _, _, files in os.walk(tmp_path)) >= 20_000
    best = min(seconds(tmp_path) for _ in range(3))
    assert best < 0.2


def seconds(folder) -> float:
    begin = time.thread_time()
    assert detect(folder).chosen.stack == "fastapi"
    return time.thread_time() - begin


def test_a_path_that_is_no_folder_is_refused_in_one_sentence(tmp_path):
    for path in (tmp_path / "missing", plant(tmp_path, {"file": ""}) / "file"):
        result = CliRunner().invoke(group, ["detect", str(path)])
        assert result.exit_code == 2
        assert "Traceback" not in result.output
