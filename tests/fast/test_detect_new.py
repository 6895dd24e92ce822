"""`richtfest detect`, and what `richtfest new` makes of what was found."""

import json

import pytest
import yaml
from click.testing import CliRunner
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from richtfest.cli import group
from richtfest.detect import detect
from richtfest.detect.offer import FALLBACK, answers, is_offered, offered
from richtfest.detect.stacks import ALL
from richtfest.detect.words import WORDS, tell, words
from richtfest.suggest import suggest
from tests.detection.plain import proposed
from tests.fast.trees import ASKED, CERTAIN, FASTAPI, GO_MAIN, GO_MODULE, NOTHING, package, plant
from tests.generation import ROOT, questionnaire, render

MONOREPO, _ = ASKED["a backend and a frontend"]
UNKNOWN = {"Cargo.toml": "[package]\n", "src/main.rs": "fn main() {}\n"}


def run(*arguments: object, language: str = "C.UTF-8"):
    return CliRunner().invoke(group, [str(one) for one in arguments], env={"LANG": language})


def stack_of(folder) -> str:
    return answered(folder)["stack"]


def answered(folder) -> dict:
    return yaml.safe_load((folder / ".copier-answers.yml").read_text("utf-8"))


def test_detect_tells_what_was_found_and_writes_nothing(tmp_path):
    plant(
        tmp_path, {"requirements.txt": "uvicorn\nfastapi==0.115\n", "app/main.py": FASTAPI, ".python-version": "3.12\n"}
    )
    before = sorted(tmp_path.rglob("*"))
    result = run("detect", tmp_path)
    assert result.exit_code == 0
    assert ".: fastapi (requirements.txt:2 fastapi==0.115)" in result.output
    assert "app.main:app (app/main.py:3 app = FastAPI(…))" in result.output
    assert "3.12 (.python-version:1 3.12)" in result.output
    assert sorted(tmp_path.rglob("*")) == before


def test_the_example_of_the_documentation_is_what_is_printed(tmp_path):
    page = (ROOT / "docs/detection.md").read_text("utf-8")
    example = page.split("$ richtfest detect\n")[1].split("```")[0]
    files = {
        "pyproject.toml": '[project]\nname = "shop"\ndependencies = [\n    "fastapi==0.115",\n]\n',
        "app/main.py": FASTAPI,
        "uv.lock": "",
        ".python-version": "3.12\n",
        "Dockerfile": "FROM python\n" + "#\n" * 12 + "EXPOSE 8000\n",
        "compose.yaml": "services:\n" + "  # ours\n" * 6 + "  db:\n    image: postgres:17\n",
        ".github/workflows/ci.yml": "",
    }
    assert run("detect", plant(tmp_path, files)).output.startswith(f"{example}\nSuggested changes")


def test_detect_speaks_german_in_a_german_terminal(tmp_path):
    result = run("detect", plant(tmp_path, MONOREPO), language="de_DE.UTF-8")
    assert "2 Anwendungen gefunden, die wahrscheinlichste zuerst" in result.output
    assert "Pakete" in result.output


def test_detect_tells_programs_the_same(tmp_path):
    told = json.loads(run("detect", plant(tmp_path, MONOREPO), "--json").output)
    assert told["confidence"] == "ask"
    assert [(one["folder"], one["stack"], one["certain"]) for one in told["applications"]] == [
        ("backend", "fastapi", True),
        ("frontend", "node", True),
    ]
    assert told["applications"][0]["facts"]["starts"][0]["value"] == "main:app"


def test_both_languages_have_the_same_words():
    assert WORDS["en"].keys() == WORDS["de"].keys()


def test_everything_that_can_be_found_can_be_said_in_both_languages(tmp_path):
    for number, (files, _) in enumerate((CERTAIN | ASKED | NOTHING).values()):
        report = detect(plant(tmp_path / str(number), files))
        for language in WORDS:
            assert tell(report, words(language))


def test_every_stack_of_the_questionnaire_can_be_detected():
    detected = {module.STACK for module in ALL}
    assert set(questionnaire()["stack"]["choices"].values()) <= detected


def test_new_takes_what_is_certain_with_better_defaults(tmp_path):
    files = {"requirements.txt": "fastapi\n", "shop/web.py": FASTAPI, ".python-version": "3.12.1\n"}
    result = run("new", plant(tmp_path, files), "--defaults")
    assert result.exit_code == 0, result.output
    assert "stack: fastapi (requirements.txt:1 fastapi)" in result.output
    told = yaml.safe_load((tmp_path / ".copier-answers.yml").read_text("utf-8"))
    assert (told["python_module"], told["python_version"]) == ("shop.web:app", "3.12")


def test_new_names_a_database_and_does_not_order_one(tmp_path):
    files = {"requirements.txt": "fastapi\nasyncpg\n", "main.py": FASTAPI}
    result = run("new", plant(tmp_path, files), "--defaults")
    assert "It speaks to postgres, and none was ordered (requirements.txt:2 asyncpg)" in result.output
    assert yaml.safe_load((tmp_path / ".copier-answers.yml").read_text("utf-8"))["database"] == "none"


def test_a_stack_that_is_not_offered_becomes_docker_with_its_dockerfile(tmp_path, only_fastapi_and_docker):
    files, _ = CERTAIN["go with its program in cmd"]
    result = run("new", plant(tmp_path, files | {"Dockerfile": "FROM golang\nEXPOSE 8080\n"}), "--defaults")
    assert result.exit_code == 0, result.output
    assert "go cannot be generated yet" in result.output
    assert "It becomes docker, with the Dockerfile that is there." in result.output
    assert stack_of(tmp_path) == FALLBACK


def test_a_stack_that_is_not_offered_is_refused_without_a_dockerfile(tmp_path, only_fastapi_and_docker):
    files, _ = CERTAIN["go with its program in cmd"]
    result = run("new", plant(tmp_path, files), "--defaults")
    assert result.exit_code == 1
    assert "go cannot be generated yet, and there is no Dockerfile in this folder" in result.stderr
    assert not (tmp_path / ".copier-answers.yml").exists()


def test_spring_built_by_gradle_gets_no_build_by_maven(tmp_path):
    files, _ = CERTAIN["spring by gradle"]
    result = run("new", plant(tmp_path, files), "--defaults")
    assert result.exit_code == 1
    assert "spring (gradle) cannot be generated yet, and there is no Dockerfile in this folder" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build.gradle", "src"]


def test_spring_is_refused_where_only_gradle_builds_also_when_it_is_named(tmp_path):
    files, _ = CERTAIN["spring by gradle"]
    plant(tmp_path, files)
    for options in ((), ("-d", "stack=spring")):
        result = run("new", tmp_path, "--defaults", *options)
        assert result.exit_code == 1
        assert "spring (gradle) cannot be generated yet" in result.stderr and len(result.stderr.splitlines()) == 1
        assert "spring" not in result.stderr.partition("there are")[2]
    plant(tmp_path, {"Dockerfile": "FROM gradle\n"})
    assert run("new", tmp_path, "--defaults", "--dry-run", "-d", "stack=spring").exit_code == 0


def test_spring_built_by_gradle_becomes_docker_with_its_dockerfile(tmp_path):
    files, _ = CERTAIN["spring by gradle"]
    result = run("new", plant(tmp_path, files | {"Dockerfile": "FROM gradle\n"}), "--defaults")
    assert result.exit_code == 0, result.output
    assert "It becomes docker, with the Dockerfile that is there." in result.output
    assert stack_of(tmp_path) == FALLBACK


def test_several_applications_are_refused_without_a_person_with_the_list_and_the_way_on(tmp_path):
    result = run("new", plant(tmp_path, MONOREPO), "--defaults")
    assert result.exit_code == 1
    assert "backend: fastapi" in result.stderr and "frontend: node" in result.stderr
    assert "-d application_folder=… -d stack=…" in result.stderr
    assert not (tmp_path / ".copier-answers.yml").exists()


@pytest.mark.parametrize("files", [UNKNOWN, NOTHING["a library for fastapi"][0]])
def test_what_cannot_be_offered_is_refused_without_a_person_and_says_what_can_be_done(tmp_path, files):
    result = run("new", plant(tmp_path, files), "--defaults")
    assert result.exit_code == 1
    assert "write a Dockerfile and take -d stack=docker" in result.stderr


def test_the_only_application_is_taken_with_the_folder_that_it_lies_in(tmp_path):
    files = {"backend/requirements.txt": "fastapi\n", "backend/shop/web.py": FASTAPI, "notes/todo.md": "# To do\n"}
    result = run("new", plant(tmp_path, files), "--defaults")
    assert result.exit_code == 0, result.output
    assert "stack: fastapi (backend/requirements.txt:1 fastapi)" in result.output
    assert "application_folder: backend (it lies there, and its image is built from that folder)" in result.output
    assert "There is no module" not in result.output
    told = answered(tmp_path)
    assert (told["application_folder"], told["python_module"], told["starter"]) == ("backend", "shop.web:app", False)
    assert (tmp_path / "backend/Dockerfile").is_file() and not (tmp_path / "Dockerfile").exists()
    assert all((tmp_path / name).read_text("utf-8") == text for name, text in files.items())


def test_one_of_several_applications_can_be_named_by_its_folder_and_nothing_is_overwritten(tmp_path):
    files = MONOREPO | {"backend/Dockerfile": "FROM python\nEXPOSE 9000\n", "Dockerfile": "FROM scratch\n"}
    result = run("new", plant(tmp_path, files), "--defaults", "-d", "application_folder=backend")
    assert result.exit_code == 0, result.output
    told = answered(tmp_path)
    wanted = {"stack": "fastapi", "python_module": "main:app", "application_port": 9000, "own_dockerfile": True}
    assert wanted.items() <= told.items()
    assert "backend/Dockerfile" not in result.output.partition("Kept")[2], "no file of ours would have been there"
    assert all((tmp_path / name).read_text("utf-8") == text for name, text in files.items())


def test_a_named_folder_in_which_the_application_lies_deeper_is_refused_with_where_it_lies(tmp_path):
    plant(tmp_path, {f"parts/{name}": text for name, text in MONOREPO.items() if name.startswith("backend")})
    result = run("new", tmp_path, "--defaults", "-d", "application_folder=parts")
    assert result.exit_code == 1
    assert "backend: fastapi" in result.stderr
    assert not (tmp_path / ".copier-answers.yml").exists()


@pytest.mark.parametrize("options", [(), ("-d", "application_folder=server")])
def test_an_application_where_the_machinery_has_its_own_files_is_refused_with_what_to_do(tmp_path, options):
    files = {"server/requirements.txt": "fastapi\n", "server/main.py": FASTAPI}
    result = run("new", plant(tmp_path, files), "--defaults", *options)
    assert result.exit_code == 1
    assert "application_folder cannot lie in server/" in result.stderr and "git mv" in result.stderr
    assert not (tmp_path / ".copier-answers.yml").exists()


def test_a_folder_that_is_not_there_gets_a_starter_or_is_refused_in_one_sentence(tmp_path):
    before = sorted(plant(tmp_path, MONOREPO).rglob("*"))
    wanted = ("new", tmp_path, "--defaults", "-d", "stack=fastapi", "-d", "application_folder=services/api")
    refused = run(*wanted, "-d", "starter=false")
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"Error: application_folder: {tmp_path} has no folder services/api; ")
    assert len(refused.stderr.splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before
    assert run(*wanted).exit_code == 0
    assert (tmp_path / "services/api/app/main.py").is_file()


def test_in_a_folder_of_a_repository_it_is_said_how_to_generate_in_its_root(tmp_path):
    (plant(tmp_path, MONOREPO) / ".git").mkdir()
    told = run("new", tmp_path / "backend", "--defaults", "--dry-run").output
    assert "run this in the root, with -d application_folder=backend" in told


def test_a_stack_that_is_named_is_taken_without_looking(tmp_path):
    result = run("new", plant(tmp_path, MONOREPO), "--defaults", "-d", "stack=docker")
    assert result.exit_code == 0, result.output
    assert stack_of(tmp_path) == "docker"


def test_in_a_folder_of_the_repository_its_application_is_taken(tmp_path):
    plant(tmp_path, MONOREPO)
    assert run("new", tmp_path / "backend", "--defaults").exit_code == 0
    assert stack_of(tmp_path / "backend") == "fastapi"


def test_only_what_the_questionnaire_takes_is_suggested(tmp_path):
    files = {
        "requirements.txt": "fastapi\n",
        "my-shop/main.py": FASTAPI,
        ".python-version": "2.7\n",
        "Dockerfile": "FROM python\nEXPOSE 80\n",
    }
    assert answers(detect(plant(tmp_path, files)).chosen) == {}


def test_an_object_that_is_not_imported_from_the_root_is_not_suggested(tmp_path):
    files, _ = CERTAIN["django with its code in src"]
    found = detect(plant(tmp_path, files | {"src/shop/wsgi.py": ""})).chosen
    assert found.value("starts") == "shop.wsgi:application"
    assert "python_module" not in answers(found)


def test_whatever_is_suggested_can_be_answered(tmp_path):
    for number, (files, _) in enumerate(CERTAIN.values()):
        found = detect(plant(tmp_path / str(number), files)).chosen
        assert set(answers(found)) <= set(questionnaire())


@pytest.mark.parametrize(("programs", "package"), [(["server", "worker"], "./cmd/server"), (["a", "b"], "./cmd/a")])
def test_the_program_of_go_that_serves_is_built_and_not_the_one_that_comes_last(tmp_path, programs, package):
    plant(tmp_path / "here", {"go.mod": GO_MODULE} | {f"cmd/{name}/main.go": GO_MAIN for name in programs})
    assert answers(detect(tmp_path / "here").chosen)["go_package"] == package
    render({"stack": "go"}, tmp_path / "here")
    assert answered(tmp_path / "here")["go_package"] == package


@pytest.mark.parametrize(
    "files",
    [
        {".eleventy.js": "", "package.json": package(scripts={"build": "eleventy"}), "src/index.md": "# Hello\n"},
        {"package.json": package(scripts={"build": "bake"}), "src/index.html": "<p>"},
        ASKED["pages without an index"][0],
    ],
)
def test_pages_that_are_not_there_to_be_served_are_refused_in_one_sentence(tmp_path, files):
    result = run("new", plant(tmp_path, files), "--defaults")
    assert result.exit_code == 1
    assert "-d stack=static -d static_folder=…" in result.stderr and len(result.stderr.splitlines()) == 1
    assert not (tmp_path / ".copier-answers.yml").exists()


def test_pages_in_a_folder_below_are_served_from_there(tmp_path):
    found = detect(plant(tmp_path, {"package.json": package(), "www/index.html": "<p>"})).applications[0]
    assert (found.root, answers(found)) == (".", {"static_folder": "www"})


@pytest.fixture
def only_fastapi_and_docker(monkeypatch):
    """The questionnaire as it was when only two stacks could be generated."""
    monkeypatch.setattr("richtfest.detect.offer.is_offered", lambda stack: stack in ("fastapi", "docker"))
    monkeypatch.setattr("richtfest.detect.words.is_offered", lambda stack: stack in ("fastapi", "docker"))


def test_what_is_offered_comes_from_the_questionnaire():
    assert [stack for stack in (module.STACK for module in ALL) if is_offered(stack)] == [
        module.STACK for module in ALL if module.STACK in questionnaire()["stack"]["choices"].values()
    ]


def test_a_person_chooses_among_several_applications(tmp_path):
    """The second of the list is taken with one step down; the prompts are the real ones."""
    plant(tmp_path, {"admin/requirements.txt": "fastapi\n", "admin/main.py": FASTAPI} | MONOREPO)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("\x1b[B\r")
        suggested = suggest(tmp_path, {}, ask=True)
    assert (suggested["stack"], suggested["application_folder"]) == ("fastapi", "admin")


def test_plain_copier_proposes_the_same_in_nine_of_ten_trees(tmp_path):
    """It knows no contents of files. Fails when a stack is offered whose files the default in copier.yml leaves out."""
    taken, plain = [], []
    for number, (files, _) in enumerate(CERTAIN.values()):
        report = detect(plant(tmp_path / str(number), files))
        if stack := offered(report.chosen, report):
            taken.append(stack)
            plain.append(proposed(tmp_path / str(number)))
    assert len(taken) >= 9
    assert sum(one == other for one, other in zip(taken, plain, strict=True)) >= 0.9 * len(taken)


@pytest.mark.parametrize("case", ["fastapi with a Dockerfile", "flask with a Dockerfile"])
def test_what_plain_copier_proposes_is_what_it_takes(tmp_path, case):
    files, expected = CERTAIN[case]
    render({}, plant(tmp_path, files))
    assert stack_of(tmp_path) == proposed(tmp_path) == expected.partition("=")[2]


def test_pages_in_a_folder_below_are_one_application_and_nothing_is_written_between_them(tmp_path):
    plant(tmp_path, {"site/index.html": "<html>\n", "site/en/index.html": "", "htmlcov/index.html": ""})
    result = run("new", tmp_path, "--defaults")
    assert result.exit_code == 0, result.output
    told = yaml.safe_load((tmp_path / ".copier-answers.yml").read_text("utf-8"))
    assert (told["stack"], told["static_folder"], told["starter"]) == ("static", "site", False)
    assert [path.name for path in (tmp_path / "site").glob("*.*")] == ["index.html"]
    assert run("detect", tmp_path).output.count("site/index.html") == 2  # what it is, and what it starts
