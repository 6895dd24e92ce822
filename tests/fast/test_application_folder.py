"""An application in a folder of its repository: everything that builds, tests or renews it does so there, and the rest
stays in the root. Both pipelines and every stack, over the covering array."""

import re
import subprocess
from pathlib import Path, PurePosixPath

import copier
import pytest
import yaml

from tests.fast.test_stacks import TEMPLATES
from tests.fast.test_stacks import folder as template_of
from tests.fast.trees import FASTAPI, START, package, plant
from tests.generation import THREE, covering_answers, files_of, name_of, questionnaire, render, template

BELOW = "services/api"
ROOT_ONLY = {".checkov.yaml", ".copier-answers.yml", ".editorconfig", ".gitattributes", ".github", ".gitignore",
             ".gitlab", ".gitlab-ci.yml", "README.md", "docs", "monitoring", "schema.env", "scripts", "server",
             "terraform"}  # fmt: skip
CONTEXT = re.compile(r"docker (?:buildx )?build .*? (\S+) </dev/null", re.DOTALL)
ECOSYSTEMS = {"docker", "pip", "uv", "npm", "gomod", "maven", "bundler", "composer", "nuget"}
"""What Dependabot looks for in the folder of the application."""


@pytest.fixture(params=sorted({tuple(row[name] for name in THREE) for row in covering_answers()}), ids="-".join)
def generated_one(request, repositories) -> tuple[dict, Path]:
    """A repository for each stack at each forge, in the root and below; with a starter where the array has one."""
    rows = [row for row in covering_answers() if tuple(row[name] for name in THREE) == request.param]
    answers = max(rows, key=lambda row: (row["starter"], not row["own_dockerfile"]))
    return answers, repositories[name_of(answers)]


def test_only_the_application_lies_in_its_folder(generated_one):
    answers, repository = generated_one
    inside = {path.name for path in (repository / answers["application_folder"]).iterdir()}
    chosen = {"#{ image_files }#": not answers["own_dockerfile"], "#{ starter_files }#": answers["starter"]}
    own = set()
    for brought in (TEMPLATES / "#{ application_folder }#", template_of(answers["stack"]) / "#{ application_folder }#"):
        for file in files_of(brought):
            parts = file.relative_to(brought).parts
            if all(chosen.get(part, True) for part in parts):
                own.add(next(part for part in parts if part not in chosen).removesuffix(".jinja"))
    if answers["application_folder"] == ".":
        assert own <= inside and inside - own <= ROOT_ONLY
    else:
        assert inside == own
        assert {path.name for path in repository.iterdir()} <= ROOT_ONLY | {"services"}


def test_every_script_builds_tests_and_checks_it_there(generated_one):
    answers, repository = generated_one
    folder = answers["application_folder"]
    scripts = {path.name: path.read_text("utf-8") for path in (repository / "scripts").iterdir()}
    contexts = [place for text in scripts.values() for place in CONTEXT.findall(text)]
    assert len(contexts) == (3 if answers["ci"] == "gitlab" else 2)
    assert {PurePosixPath(place) for place in contexts} == {PurePosixPath(folder)}
    read = re.search(r" tool hadolint (?:--failure-threshold error )?(\S+)\n", scripts["checks.sh"])
    assert read and read[1] == str(PurePosixPath(folder, "Dockerfile"))
    (work,) = re.findall(r'^cd "\$\(dirname "\$0"\)/\.\.(.*)"$', scripts["test.sh"], re.MULTILINE)
    named = re.findall(r"(\S*)Dockerfile\)$", scripts["test.sh"], re.MULTILINE)  # the one that stays in the root
    assert (work or "/" + (named[0] if named and answers["stack"] == "static" else "")).strip("/") == folder.strip(".")


def test_github_and_its_bot_look_for_its_files_there(generated_one):
    answers, repository = generated_one
    if answers["ci"] != "github":
        return
    folder = PurePosixPath(answers["application_folder"])
    workflows = repository / ".github/workflows"
    check, deploy = (yaml.safe_load((workflows / f"{name}.yml").read_text("utf-8")) for name in ("ci", "deploy"))
    jobs = [*check["jobs"].values(), *deploy["jobs"].values()]
    steps = [step.get("with", {}) for job in jobs for step in job["steps"]]
    assert [PurePosixPath(told["context"]) for told in steps if "context" in told] == [folder]
    for told in steps:
        for name in told.keys() & {"cache-dependency-path", "go-version-file", "working-directory"}:
            assert PurePosixPath(told[name]).is_relative_to(folder), told
            if answers["starter"] and answers["stack"] != "node":  # its starter has the lock file of npm only
                assert list(repository.glob(told[name])), told
    dependabot = yaml.safe_load((repository / ".github/dependabot.yml").read_text("utf-8"))
    found = {one["directory"] for one in dependabot["updates"] if one["package-ecosystem"] in ECOSYSTEMS}
    assert found == {"/" if str(folder) == "." else f"/{folder}"}
    # In YAML 1.1 the word on is true.
    assert deploy[True]["push"].get("paths") == (None if str(folder) == "." else [f"{folder}/**", "schema.env"])


def test_what_is_left_behind_below_is_ignored_by_git_too(repositories, tmp_path):
    """Patterns of a stack that name a place are written for the root, and stand in a file of the root."""
    answers = next(row for row in covering_answers() if (row["stack"], row["application_folder"]) == ("laravel", BELOW))
    (tmp_path / ".gitignore").write_bytes((repositories[name_of(answers)] / ".gitignore").read_bytes())
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    left = [f"{BELOW}/{name}" for name in ("storage/logs/laravel.log", "bootstrap/cache/services.php", "vendor/x.php")]
    told = subprocess.run(["git", "check-ignore", *left], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.stdout.split() == left


# ---- plain Copier ------------------------------------------------------------------------------------------------


def test_the_defaults_of_plain_copier_look_into_the_folder_that_is_given(tmp_path):
    files = {
        "requirements.txt": "django\n", "manage.py": "", "main.py": FASTAPI,
        f"{BELOW}/package.json": package("hono", scripts=START), f"{BELOW}/pnpm-lock.yaml": "",
        f"{BELOW}/server.js": "", f"{BELOW}/Dockerfile": "FROM node\n",
    }  # fmt: skip
    render({"application_folder": BELOW}, plant(tmp_path, files))
    told = yaml.safe_load((tmp_path / ".copier-answers.yml").read_text("utf-8"))
    wanted = {"application_folder": BELOW, "stack": "node", "starter": False, "own_dockerfile": True,
              "node_dependencies": "pnpm", "node_entry": "server.js"}  # fmt: skip
    assert wanted.items() <= told.items()
    assert all((tmp_path / name).read_text("utf-8") == text for name, text in files.items())


def test_a_second_rendering_renews_the_dockerfile_below_and_nothing_else_of_the_team(tmp_path):
    answers = {"stack": "go", "starter": True, "application_folder": BELOW}
    repository = render(answers, tmp_path / "shop")
    for path in files_of(repository / BELOW):
        path.write_text("edited\n", "utf-8")
    render(answers, repository)
    kept = {path.name for path in files_of(repository / BELOW) if path.read_text("utf-8") == "edited\n"}
    assert kept == {path.name for path in files_of(repository / BELOW)} - {"Dockerfile", ".dockerignore"}


@pytest.mark.parametrize(
    "folder",
    ["", "/", "/srv", "a/", "a//b", "..", "../a", "a/../b", "./a", "a/.", ".git/a", "-a", "a b", "a\n", "a'b", "$a",
     "ä", "a/__pycache__", "docs", "Terraform/x", "scripts", ".github", "words", "x" * 101],
)  # fmt: skip
def test_a_folder_that_is_none_or_is_taken_is_refused_by_plain_copier(folder, tmp_path):
    with pytest.raises((ValueError, copier.errors.CopierError), match="application_folder"):
        copier.run_copy(str(only_questions(tmp_path)), tmp_path / "shop", data={"application_folder": folder},
                        defaults=True, quiet=True)  # fmt: skip
    assert not (tmp_path / "shop").exists() or not any((tmp_path / "shop").iterdir())


@pytest.mark.parametrize("folder", [".", "a", "services/api", "A/b_c/d.e-f", "_x", "2024", "python", "backend/server"])
def test_a_plain_folder_is_taken(folder, tmp_path):
    copier.run_copy(str(only_questions(tmp_path)), tmp_path / "shop", data={"application_folder": folder},
                    defaults=True, quiet=True)  # fmt: skip
    told = yaml.safe_load((tmp_path / "shop/.copier-answers.yml").read_text("utf-8"))
    assert told["application_folder"] == folder
    assert questionnaire()["application_folder"]["default"] == "."


def only_questions(base: Path) -> Path:
    """The questionnaire, and of the template only the file of the answers."""
    (base / "template/templates").mkdir(parents=True)
    for name in ("copier.yml", "templates/#{ _copier_conf.answers_file }#.jinja"):
        (base / "template" / name).write_bytes((template() / name).read_bytes())
    return base / "template"
