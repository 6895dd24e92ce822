"""What is told about an application besides its stack: how it is installed, started and reached, and what it needs."""

import pytest

from richtfest.detect import detect
from tests.fast.trees import FASTAPI, GO_MAIN, GO_MODULE, MANAGE, POM, SPRING_MAIN, START, WEB_PROJECT, package, plant

SHOP = {"requirements.txt": "fastapi\n", "app/main.py": FASTAPI}
PROJECT = {"pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi"]\n', "main.py": FASTAPI}
NODE = {"package.json": package("express", scripts=START)}
GO = {"go.mod": GO_MODULE, "main.go": GO_MAIN}
SPRING = {"pom.xml": POM, "src/main/java/shop/ShopApplication.java": SPRING_MAIN}
DJANGO = {"requirements.txt": "django\n", "manage.py": MANAGE}

FACTS = [
    # package managers, by the lock file first
    (SHOP, "package_manager", "pip"),
    (PROJECT | {"uv.lock": ""}, "package_manager", "uv"),
    (PROJECT | {"poetry.lock": ""}, "package_manager", "poetry"),
    (PROJECT | {"pdm.lock": ""}, "package_manager", "pdm"),
    ({"Pipfile": '[packages]\nfastapi = "*"\n', "main.py": FASTAPI}, "package_manager", "pipenv"),
    (NODE | {"package-lock.json": "{}"}, "package_manager", "npm"),
    (NODE | {"pnpm-lock.yaml": ""}, "package_manager", "pnpm"),
    (NODE | {"yarn.lock": ""}, "package_manager", "yarn"),
    (NODE | {"bun.lock": ""}, "package_manager", "bun"),
    (
        {"package.json": package("express", scripts=START, packageManager="pnpm@10.1.0+sha512.x")},
        "package_manager", "pnpm",
    ),
    (SPRING | {"mvnw": ""}, "package_manager", "maven wrapper"),
    (SPRING, "package_manager", "maven"),
    # versions, what is pinned first
    (
        SHOP | {".python-version": "3.12.4\n", "pyproject.toml": '[project]\nrequires-python = ">=3.11"\n'},
        "version", "3.12",
    ),
    (SHOP | {"pyproject.toml": '[project]\nrequires-python = ">=3.11,<4"\n'}, "version", "3.11"),
    (SHOP | {".tool-versions": "nodejs 22.1.0\npython 3.13.1\n"}, "version", "3.13"),
    (NODE | {".nvmrc": "v22.11.0\n"}, "version", "22.11.0"),
    ({"package.json": package("express", scripts=START, engines={"node": ">=20"})}, "version", "20"),
    (GO, "version", "1.24"),
    ({"Gemfile": 'gem "rails"\n', "config/application.rb": "", ".ruby-version": "ruby-3.4.1\n"}, "version", "3.4.1"),
    ({"composer.json": '{"require": {"php": "^8.3", "laravel/framework": "^12"}}', "artisan": ""}, "version", "8.3"),
    (SPRING | {".java-version": "21\n"}, "version", "21"),
    ({"Web.csproj": WEB_PROJECT, "global.json": '{"sdk": {"version": "9.0.101"}}'}, "version", "9.0"),
    # where it starts
    (SHOP, "starts", "app.main:app"),
    (
        {"requirements.txt": "fastapi", "test/a.py": FASTAPI, "shop/asgi.py": "import fastapi as f\nx = f.FastAPI()"},
        "starts", "shop.asgi:x",
    ),
    (DJANGO | {"shop/wsgi.py": ""}, "starts", "shop.wsgi:application"),
    (DJANGO, "settings", "shop.settings"),
    ({"package.json": package("express", scripts={"start": "x", "start:prod": "node dist"})}, "starts", "start:prod"),
    ({"go.mod": GO_MODULE, "cmd/shop/main.go": GO_MAIN, "cmd/tool/main.go": GO_MAIN}, "starts", "./cmd/shop"),
    (SPRING, "starts", "shop.ShopApplication"),
    # ports, when they are told
    (GO | {"Dockerfile": "FROM golang\nEXPOSE 9000\nFROM scratch\nEXPOSE 8080/tcp\n"}, "port", "8080"),
    (SHOP | {"compose.yaml": "services:\n  web:\n    build: .\n    ports: ['80:5000']\n"}, "port", "5000"),
    (SPRING | {"src/main/resources/application.properties": "server.port=${PORT:8081}\n"}, "port", "8081"),
    (SPRING | {"src/main/resources/application.yml": "server:\n  port: 8082\n"}, "port", "8082"),
    # databases
    (SHOP | {"requirements.txt": "fastapi\npsycopg[binary]==3.2\n"}, "database", "postgres"),
    (SHOP | {"compose.yaml": "services:\n  db:\n    image: postgis/postgis:17-3.5\n"}, "database", "postgres"),
    (SHOP | {"compose.yaml": "services:\n  db:\n    image: mariadb:11\n"}, "database", "mysql"),
    ({"package.json": package("express", "ioredis", scripts=START)}, "database", "redis"),
    ({"Gemfile": 'gem "rails"\ngem "sqlite3"\n', "config/application.rb": ""}, "database", "sqlite"),
    (GO | {"go.mod": GO_MODULE + "\nrequire (\n\tgithub.com/jackc/pgx/v5 v5.7.1\n)\n"}, "database", "postgres"),
    # variants
    ({"package.json": package("next", scripts={"start": "next start"})}, "variant", "nextjs"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "name", "value"), FACTS, ids=[f"{value}-{n}" for n, (_, _, value) in enumerate(FACTS)]
)
def test_the_likeliest_value_of_a_fact(tmp_path, files, name, value):
    assert detect(plant(tmp_path, files)).applications[0].value(name) == value


def test_two_lock_files_are_both_told(tmp_path):
    found = detect(plant(tmp_path, NODE | {"yarn.lock": "", "package-lock.json": "{}"})).chosen
    assert [fact.value for fact in found.facts["package_manager"]] == ["yarn", "npm"]


def test_gems_for_tests_are_no_databases(tmp_path):
    gems = 'gem "rails"\ngroup :development, :test do\n  gem "sqlite3"\nend\ngem "pg"\n'
    found = detect(plant(tmp_path, {"Gemfile": gems, "config/application.rb": ""})).chosen
    assert [fact.value for fact in found.facts["database"]] == ["postgres"]


def test_a_member_of_a_workspace_is_built_from_its_root(tmp_path):
    files = {
        "package.json": package(workspaces=["apps/*"]),
        "yarn.lock": "",
        "apps/web/package.json": NODE["package.json"],
    }
    found = detect(plant(tmp_path, files)).applications[0]
    assert (found.folder, found.root, found.value("package_manager")) == ("apps/web", ".", "yarn")


def test_dockerfiles_and_pipelines_that_are_there_are_reported(tmp_path):
    files = {"Dockerfile": "FROM python\n", "Dockerfile.dev": "", ".github/workflows/ci.yml": "", ".gitlab-ci.yml": ""}
    report = detect(plant(tmp_path, SHOP | files))
    assert [fact.value for fact in report.dockerfiles] == ["Dockerfile"]
    assert [fact.value for fact in report.pipelines] == ["github", "gitlab"]
