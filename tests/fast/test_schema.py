"""schema.env: its two numbers become labels; a migration that they do not tell of is refused, with file and line."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.fast.test_workflows import copy_sources
from tests.generation import ROOT, render

TEMPLATES = ROOT / "templates"
SQL = "db/migrations/0002_next.sql"
ALEMBIC = """
from alembic import op

def upgrade():
    {}

def downgrade():
    op.drop_column("orders", "note")
"""
DJANGO = """
from django.db import migrations

class Migration(migrations.Migration):
    operations = [{}]
"""


@cache
def scripts(application_folder: str) -> Path:
    """The scripts that this file is about, generated."""
    folder = Path(tempfile.mkdtemp(prefix="richtfest-schema-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy_sources(folder / "template", [TEMPLATES / "scripts" / name for name in ("schema.py.jinja", "squawk.txt")])
    return render({"application_folder": application_folder}, folder / "shop", folder / "template") / "scripts"


@pytest.fixture
def application_folder() -> str:
    """Where the application lies; a test that wants another one names it."""
    return "."


@pytest.fixture
def repository(tmp_path, application_folder) -> Path:
    """A repository whose main has one migration, and a branch."""
    (tmp_path / "scripts").mkdir()
    for name in ("schema.py", "squawk.txt"):
        shutil.copy(scripts(application_folder) / name, tmp_path / "scripts")
    write(tmp_path, "schema.env", "# Numbers.\nSCHEMA=1\nSCHEMA_FLOOR=1\n")
    write(tmp_path, "db/migrations/0001_first.sql", "CREATE TABLE orders (id bigint, note text);\n")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path)
    git(tmp_path, "switch", "--quiet", "--create", "work")
    return tmp_path


def write(repository: Path, name: str, text: str) -> None:
    (repository / name).parent.mkdir(parents=True, exist_ok=True)
    (repository / name).write_text(text)


def numbers(repository: Path, schema: int, floor: int) -> None:
    write(repository, "schema.env", f"# Numbers.\nSCHEMA={schema}\nSCHEMA_FLOOR={floor}\n")


def git(repository: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words], cwd=repository, check=True)


def commit(repository: Path) -> None:
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "work")


def run(repository: Path, verb: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "scripts/schema.py", verb], cwd=repository, capture_output=True, text=True,
                          env=os.environ | environment, check=False)  # fmt: skip


def test_the_numbers_become_labels_and_none_as_long_as_there_is_no_migration(repository):
    assert run(repository, "labels").stdout == "app.schema=1\napp.schema-floor=1\n"
    shutil.copy(TEMPLATES / "schema.env", repository)
    assert run(repository, "labels").stdout == ""


@pytest.mark.parametrize("text", ["", "SCHEMA=1\n", "SCHEMA=one\nSCHEMA_FLOOR=1\n", "SCHEMA=1\nSCHEMA_FLOOR=2\n"])
@pytest.mark.parametrize("verb", ["labels", "check"])
def test_a_file_that_says_nothing_sensible_is_refused_in_one_sentence(repository, text, verb):
    write(repository, "schema.env", text)
    done = run(repository, verb)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "SCHEMA" in done.stderr


def test_a_change_without_migrations_agrees(repository):
    write(repository, "app/main.py", "print()\n")
    assert run(repository, "check").returncode == 0


@pytest.mark.needs("squawk")
@pytest.mark.parametrize("committed", [True, False])
def test_every_migration_raises_the_schema(repository, committed):
    write(repository, SQL, "ALTER TABLE orders ADD COLUMN paid boolean;\n")
    if committed:
        commit(repository)
    done = run(repository, "check")
    assert done.returncode == 1
    assert f"{SQL} changes the database: raise SCHEMA" in done.stderr
    numbers(repository, 2, 1)
    assert run(repository, "check").returncode == 0


@pytest.mark.needs("squawk")
@pytest.mark.parametrize("application_folder", ["services/api"])
@pytest.mark.parametrize("committed", [True, False])
def test_only_migrations_in_the_folder_of_the_application_count(repository, committed):
    write(repository, f"services/other/{SQL}", "DROP TABLE orders;\n")
    if committed:
        commit(repository)
    assert run(repository, "check").returncode == 0
    write(repository, f"services/api/{SQL}", "DROP TABLE orders;\n")
    if committed:
        commit(repository)
    done = run(repository, "check")
    assert done.returncode == 1
    assert f"services/api/{SQL} changes the database: raise SCHEMA" in done.stderr
    assert f"services/api/{SQL}:1: ban-drop-table takes away what older releases use" in done.stderr


@pytest.mark.needs("squawk")
@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        (SQL, "ALTER TABLE orders\n  DROP COLUMN note;\n", ":2: ban-drop-column"),
        (SQL, "SELECT 1;\nDROP TABLE orders;\n", ":2: ban-drop-table"),
        (SQL, "ALTER TABLE orders RENAME COLUMN note TO remark;\n", ":1: renaming-column"),
        (SQL, "ALTER TABLE orders RENAME TO purchases;\n", ":1: renaming-table"),
        (SQL, "ALTER TABLE orders ALTER COLUMN note TYPE int USING 1;\n", ":1: changing-column-type"),
        (SQL, "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;\n", ":1: adding-not-nullable-field"),
        ("alembic/versions/a1_b.py", ALEMBIC.format('op.drop_column("orders", "note")'), ":5: drop_column"),
        (
            "migrations/versions/a.py",
            ALEMBIC.format('op.alter_column("o", "n", new_column_name="m")'),
            ":5: alter_column",
        ),
        ("alembic/versions/a1_b.py", ALEMBIC.format('op.alter_column("o", "n", nullable=False)'), ":5: alter_column"),
        ("shop/migrations/0002_x.py", DJANGO.format('migrations.RemoveField("order", "note")'), ":5: RemoveField"),
        ("db/migrate/2_x.rb", "def change\n  remove_column :orders, :note\nend\n", ":2: remove_column"),
    ],
)
def test_what_takes_something_away_raises_the_floor(repository, name, text, what):
    write(repository, name, text)
    numbers(repository, 2, 1)
    done = run(repository, "check")
    assert done.returncode == 1
    assert f"{name}{what} takes away what older releases use" in done.stderr
    numbers(repository, 3, 2)
    assert run(repository, "check").returncode == 0


@pytest.mark.needs("squawk")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        (SQL, "CREATE INDEX CONCURRENTLY i ON orders (note);\nALTER TABLE orders ADD COLUMN a text;\n"),
        (SQL, "-- squawk-ignore ban-drop-table\nDROP TABLE orders_of_last_year;\n"),
        ("db/migrations/0002_next.down.sql", "DROP TABLE orders;\n"),
        ("alembic/versions/a1_b.py", ALEMBIC.format('op.add_column("orders", "paid")')),
        ("alembic/versions/a1_b.py", ALEMBIC.format('op.drop_table("old")  # keeps the floor: never released')),
        ("shop/migrations/0002_x.py", DJANGO.format('migrations.AddField("order", "paid")')),
        ("db/migrate/2_x.rb", "def up\n  add_column :a, :b\nend\ndef down\n  remove_column :a, :b\nend\n"),
    ],
)
def test_what_only_adds_or_says_why_not_leaves_the_floor(repository, name, text):
    write(repository, name, text)
    numbers(repository, 2, 1)
    done = run(repository, "check")
    assert done.returncode == 0, done.stderr


def test_the_numbers_never_fall(repository):
    numbers(repository, 0, 0)
    assert "the numbers only ever grow" in run(repository, "check").stderr


def test_a_merge_that_main_has_overtaken_is_compared_with_where_it_began(repository):
    git(repository, "switch", "--quiet", "main")
    write(repository, "db/migrations/0009_other.sql", "CREATE TABLE others (id bigint);\n")
    commit(repository)
    git(repository, "switch", "--quiet", "work")
    assert run(repository, "check").returncode == 0


@pytest.mark.parametrize("environment", [{"BASE": "0" * 40}, {}])
def test_without_anything_to_compare_with_it_is_not_checked_and_says_so(repository, environment):
    if not environment:
        git(repository, "branch", "--quiet", "--delete", "--force", "main")
    done = run(repository, "check", **environment)
    assert done.returncode == 125
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.needs("squawk")
def test_sql_that_nobody_understands_is_refused_with_its_line(repository):
    write(repository, SQL, "ALTER TABEL orders;\n")
    numbers(repository, 2, 1)
    done = run(repository, "check")
    assert done.returncode == 1
    assert f"{SQL}:1" in done.stderr


def test_the_linter_of_the_tests_is_the_one_of_generated_repositories():
    ours = (ROOT / "tests/toolbox/wheels/squawk.txt").read_text("utf-8").splitlines()
    assert (TEMPLATES / "scripts/squawk.txt").read_text("utf-8").splitlines()[1:] == ours
