"""Migrations of an application that is adopted: who runs them today, and that a release runs them once."""

import re
import time

import pytest
import yaml

from richtfest.adopt import words
from tests.fast.adopted import DJANGO, EXPRESS, SHOP, suggestions
from tests.fast.trees import RAILS, START, WEB_PROJECT, package

ALEMBIC = SHOP | {"requirements.txt": "fastapi\nuvicorn\nasyncpg\n", "alembic.ini": ""}
WITH_MODELS = DJANGO | {"requirements.txt": "django\ngunicorn\npsycopg\n", "shop/migrations/0001_initial.py": ""}
RECORDS = RAILS | {"Gemfile": 'gem "rails"\ngem "pg"\n', "db/migrate/1_a.rb": ""}
PRISMA = {"prisma/migrations/1/migration.sql": "", "package-lock.json": "{}"}
MIGRATE = "python manage.py migrate --noinput"
SERVICE = {"server/compose.yml": "services:\n  app: &application\n    image: a\n  migrate:\n    <<: *application\n"}
KINDS = {"migrations", "migrations_two_ways", "migrations_elsewhere", "migrations_at_start", "migrations_twice"}


def image(*last: str) -> dict[str, str]:
    return {"Dockerfile": "\n".join(["FROM python:3.13", "COPY . .", *last]) + "\n"}


def entry(*lines: str, command: str = '["gunicorn", "shop.wsgi"]') -> dict[str, str]:
    """An image whose first program is a script, which lies in another folder than here."""
    script = "\n".join(["#!/bin/sh", *lines, 'exec "$@"']) + "\n"
    return image('ENTRYPOINT ["/entrypoint.sh"]', f"CMD {command}") | {"docker/entrypoint.sh": script}


AT_START = {
    "a script": (WITH_MODELS | entry("set -e", MIGRATE), f"docker/entrypoint.sh:3 {MIGRATE}"),
    "a chain of commands": (
        WITH_MODELS | image(f'CMD ["sh", "-c", "{MIGRATE} && gunicorn shop.wsgi"]'), "Dockerfile:3 CMD"),
    "a chain for the shell": (ALEMBIC | image("CMD alembic upgrade head && uvicorn app.main:app"), "Dockerfile:3 CMD"),
    "a script that calls another": (
        WITH_MODELS | entry("./scripts/prepare.sh") | {"scripts/prepare.sh": f"{MIGRATE}\n"},
        f"scripts/prepare.sh:1 {MIGRATE}"),
    "a script that waits until it can": (
        WITH_MODELS | entry(f"until {MIGRATE}; do", "  sleep 1", "done"), "docker/entrypoint.sh:2 until"),
    "a condition that asks for the server, as Rails makes it": (
        RECORDS | entry('if [ "${@: -2:1}" == "./bin/rails" ] && [ "${@: -1:1}" == "server" ]; then',
                        "  ./bin/rails db:prepare", "fi", command='["./bin/rails", "server"]'),
        "docker/entrypoint.sh:3 ./bin/rails db:prepare"),
    "a chain of lines": (
        WITH_MODELS | entry("set -e; \\", "python manage.py check \\", "  --deploy &&", "# and", "", f"  {MIGRATE}"),
        "docker/entrypoint.sh:2 set -e;"),
    "a script that goes on after a text, a group, a redirection and another server": (
        WITH_MODELS | entry(
            "cat <<END", "exec a", "END", "test -f a || {", "  exit 1", "}", "exec 2>&1",
            '[ -n "$WORKER" ] && exec celery -A shop worker', MIGRATE), f"docker/entrypoint.sh:10 {MIGRATE}"),
    "a case that is asked for": (
        WITH_MODELS | entry('case "$1" in', "  web)", f"    {MIGRATE}", "    ;;", "esac", command='["web"]'),
        "docker/entrypoint.sh:4"),
    "a script of package.json": (
        EXPRESS | PRISMA | image("CMD npm start") | {
            "package.json": package("express", "@prisma/client", scripts={"start": "prisma migrate deploy && node x"})},
        "package.json:1 prisma migrate deploy && node x"),
    "a script that comes before start": (
        EXPRESS | PRISMA | image('CMD ["npm", "run", "start"]') | {
            "package.json": package("express", "prisma", scripts=START | {"prestart": "prisma migrate deploy"})},
        "package.json:1 prisma migrate deploy"),
    "another framework": (
        image("CMD flask db upgrade && flask run --host 0.0.0.0") | {"requirements.txt": "flask\n"}, "Dockerfile:3"),
}  # fmt: skip
"""Images that migrate whenever a container starts, and where that is told to stand."""

IN_DOUBT = {
    "a setting decides": entry('if [ "$RUN_MIGRATIONS" = "true" ]; then', f"  {MIGRATE}", "fi"),
    "a setting decides, on one line": entry(f'[ -n "$MIGRATE" ] && {MIGRATE}'),
    "another argument": entry('if [ "$1" = "migrate" ]; then', f"  {MIGRATE}", "fi"),
    "another case": entry('case "$1" in', f"  migrate) {MIGRATE} ;;", "  web)", "    true", "    ;;", "esac"),
    "a function": entry("prepare() {", f"  {MIGRATE}", "}"),
    "a script that the image does not start": image("CMD gunicorn") | {"scripts/release.sh": f"{MIGRATE}\n"},
    "a program that the image calls": image('CMD ["node", "x.js"]') | {"scripts/x.js": f"exec('{MIGRATE}')\n"},
    "a mere word": entry("wait_for the start") | {"docker/start": f"{MIGRATE}\n"},
    "what is only said": entry(f'echo "first of all: {MIGRATE}"', f"true # {MIGRATE}"),
    "a comment": entry(f"# {MIGRATE}"),
    "a setting decides, in the line before": entry('[ -n "$MIGRATE" ] && \\', f"  {MIGRATE}"),
    "a setting decides, in the line before, in the other way": entry('[ -n "$MIGRATE" ] &&', "", f"  {MIGRATE}"),
    "a setting decides, for a group": entry('[ -n "$MIGRATE" ] && {', f"  {MIGRATE}", "}"),
    "a setting decides, for a script": entry('[ -n "$MIGRATE" ] && ./more.sh') | {"more.sh": f"{MIGRATE}\n"},
    "only when something fails": entry("python manage.py check ||", f"  {MIGRATE}"),
    "a text": entry("cat <<'END' >help", MIGRATE, "END"),
    "never": entry("if false; then", f"  {MIGRATE}", "fi", f"false && {MIGRATE}"),
    "after the server": entry("exec gunicorn shop.wsgi", MIGRATE),
    "after what comes before the server": entry("python manage.py check && exec gunicorn shop.wsgi", MIGRATE),
}


@pytest.mark.parametrize(("files", "place"), AT_START.values(), ids=AT_START)
def test_migrations_that_run_in_every_container_are_told_with_their_place(tmp_path, files, place):
    told = suggestions(tmp_path, files)
    assert told.keys() & KINDS == {"migrations_at_start"}
    assert str(told["migrations_at_start"].why).startswith(place)
    # With the service migrate they would run twice.
    told = suggestions(tmp_path, SERVICE)
    assert told.keys() & KINDS == {"migrations_twice"}
    assert str(told["migrations_twice"].why).startswith(place)


def test_the_command_of_the_start_is_that_of_the_service(tmp_path):
    told = suggestions(tmp_path, ALEMBIC | entry("exec poetry run alembic upgrade head || exit 1"))
    assert told["migrations_at_start"].code == "command: [poetry, run, alembic, upgrade, head]"
    for line in ('alembic upgrade "$REVISION"', "cd backend && alembic upgrade heads"):
        told = suggestions(tmp_path, entry(line))
        assert told["migrations_at_start"].code == "command: [alembic, upgrade, head]"


LINES = {
    "until alembic upgrade head; do": "alembic upgrade head",
    "if ! alembic upgrade head; then": "alembic upgrade head",
    "for attempt in 1 2 3; do alembic upgrade head && break; done": "alembic upgrade head",
    "while ! alembic upgrade head; do": "alembic upgrade head",
    "timeout 60 alembic upgrade head": "timeout 60 alembic upgrade head",
    "alembic upgrade 1e3": "alembic upgrade 1e3",
    "npx @shop/run alembic upgrade head": "npx @shop/run alembic upgrade head",
    "MODE=x alembic upgrade head": None,
}
"""What a script says, and the command that is made of it."""


@pytest.mark.parametrize(("line", "command"), LINES.items(), ids=LINES)
def test_a_command_that_is_told_can_be_run_by_compose(tmp_path, line, command):
    code = suggestions(tmp_path, ALEMBIC | entry(line))["migrations_at_start"].code
    assert (yaml.safe_load(code) or {}).get("command") == (command.split() if command else None)
    # The other reader of YAML takes more for numbers than this one.
    assert not re.search(r"[ \[](\d|@|!)", code)


@pytest.mark.parametrize("line", ["rails db:migrate:status", "manage.py migrate --check", "manage.py migrate --plan"])
def test_what_only_looks_whether_there_are_migrations_runs_none(tmp_path, line):
    assert suggestions(tmp_path, RECORDS | entry(line)).keys() & KINDS == {"migrations"}


def test_a_line_without_end_does_not_hold_us_up(tmp_path):
    """Processor time of one thread, so that a busy machine changes nothing."""
    begin = time.thread_time()
    suggestions(tmp_path, WITH_MODELS | entry("goose -a " * 20_000))
    assert time.thread_time() - begin < 2


def test_scripts_that_call_each_other_end(tmp_path):
    calls = "./entrypoint.sh\n./other.sh\n" * 200
    files = WITH_MODELS | entry(calls) | {"docker/other.sh": f"{calls}{MIGRATE}\n"}
    assert suggestions(tmp_path, files)["migrations_at_start"].why.file == "docker/other.sh"


def test_what_moves_into_the_service_is_told_to_leave_the_start(tmp_path):
    told = suggestions(tmp_path, WITH_MODELS | entry(MIGRATE))["migrations_at_start"]
    for language, word in {"en": "Delete it from the start", "de": "Löscht es aus dem Start"}.items():
        assert word in (todo := words.sentences(told, language)[1]) and "ENTRYPOINT" in todo


@pytest.mark.parametrize("files", IN_DOUBT.values(), ids=IN_DOUBT)
def test_of_migrations_that_may_run_at_the_start_nothing_is_claimed(tmp_path, files):
    assert not suggestions(tmp_path, WITH_MODELS | files).keys() & KINDS


def test_migrations_that_the_generated_server_runs_too_are_told_to_run_twice(tmp_path):
    told = suggestions(tmp_path, WITH_MODELS | entry(MIGRATE), database="postgres")
    assert told.keys() & KINDS == {"migrations_twice"}


ELSEWHERE = {
    "a process before a release": {"Procfile": f"web: gunicorn shop.wsgi\nrelease: {MIGRATE}\n"},
    "a service of Compose": {"compose.yaml": f"services:\n  web:\n    build: .\n    command: sh -c '{MIGRATE} && x'\n"},
}
"""What migrates today, and the server does not start; each in its second line."""


@pytest.mark.parametrize("files", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_migrates_today_and_not_on_the_server_is_told_with_its_place(tmp_path, files):
    told = suggestions(tmp_path, WITH_MODELS | files)
    assert told.keys() & KINDS == {"migrations_elsewhere"}
    assert (told["migrations_elsewhere"].why.file, told["migrations_elsewhere"].why.line) == (next(iter(files)), 2)
    assert told["migrations_elsewhere"].code == "command: [python, manage.py, migrate, --noinput]"
    assert not suggestions(tmp_path, {}, database="postgres").keys() & KINDS


IN_CODE = {
    "alembic": (ALEMBIC | {"app/data.py": "from alembic import command\n\ncommand.upgrade(config, 'head')\n"}, 3),
    "django": (WITH_MODELS | {"shop/apps.py": 'from a import call_command\n\ncall_command("migrate")\n'}, 3),
    "entity framework": (
        {"Shop.csproj": WEB_PROJECT.replace("></", '><ItemGroup><PackageReference Include="Npgsql"/></ItemGroup></'),
         "Migrations/ShopModelSnapshot.cs": "", "Program.cs": "var app = 1;\nshop.Database.Migrate();\n"}, 2),
}  # fmt: skip


@pytest.mark.parametrize(("files", "line"), IN_CODE.values(), ids=IN_CODE)
def test_a_program_that_migrates_by_itself_is_a_question(tmp_path, files, line):
    told = suggestions(tmp_path, files)
    assert told.keys() & (KINDS | {"migrations_in_code"}) == {"migrations_in_code"}
    assert told["migrations_in_code"].why.line == line
    assert "?" in words.sentences(told["migrations_in_code"], "en")[0]


def test_a_script_of_package_json_does_not_run_where_the_image_starts_node_itself(tmp_path):
    scripts = {"start": "prisma migrate deploy && node server.js"}
    files = EXPRESS | PRISMA | {"package.json": package("express", "@prisma/client", scripts=scripts)}
    assert suggestions(tmp_path, files).keys() & KINDS == {"migrations_elsewhere"}


def test_migrations_that_nothing_runs_are_told_with_the_command_that_does(tmp_path):
    told = suggestions(tmp_path, ALEMBIC)
    assert told.keys() & KINDS == {"migrations"}
    assert told["migrations"].code == "command: [alembic, upgrade, head]"


def test_ways_that_are_not_those_of_a_stack_are_not_told_of_it(tmp_path):
    files = EXPRESS | {"package.json": package("express", "knex", scripts=START), "migrations/1_a.js": ""}
    assert suggestions(tmp_path, files).keys() & KINDS == {"migrations"}


def test_migrations_that_the_generated_server_runs_are_not_told(tmp_path):
    assert "migrations" in suggestions(tmp_path, RECORDS)
    assert not suggestions(tmp_path, {}, database="postgres").keys() & KINDS


def test_once_the_service_migrate_is_there_nothing_is_told(tmp_path):
    assert not suggestions(tmp_path, ALEMBIC | SERVICE).keys() & KINDS
