"""Variables of the environment that an application cannot start without: told when nothing else can be meant."""

import json

import pytest
from click.testing import CliRunner

from richtfest.adopt import words
from richtfest.adopt.suggestion import Suggestion
from richtfest.cli import group
from richtfest.template import questions
from tests.fast.adopted import DJANGO, SHOP, SPRING, suggestions
from tests.fast.trees import FASTAPI, RAILS, plant

MAIN = FASTAPI + "from app import settings\n"
PYDANTIC = "from pydantic import Field, SecretStr\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n\n"
MADE = "\n\nsettings = Settings()\n"
PROPERTIES = "src/main/resources/application.properties"
YAML = "src/main/resources/application.yml"


def shop(settings: str, **files: str) -> dict[str, str]:
    """A FastAPI application with a module of settings that it imports."""
    return SHOP | {"app/main.py": MAIN, "app/settings.py": settings} | files


def run(*arguments: object) -> str:
    return CliRunner().invoke(group, [str(one) for one in arguments], env={"LANG": "C.UTF-8"}).output


def names_of(told: dict[str, Suggestion]) -> str:
    return ", ".join(told["variables"].values["names"])


def fields(lines: str, made: str = MADE) -> dict[str, str]:
    return shop(f"{PYDANTIC}class Settings(BaseSettings):\n{lines}{made}")


NEEDED = {
    "os.environ": (shop('import os\n\nKEY = os.environ["MAIL_KEY"]\n'), "MAIL_KEY (app/settings.py:3)"),
    "environ that is imported": (
        shop('from os import environ\n\nMAIL = {"key": environ["MAIL_KEY"]}\n'), "MAIL_KEY (app/settings.py:3)"),
    "in a class of settings": (
        shop('import os\n\nclass Settings:\n    key = os.environ["MAIL_KEY"]\n'), "MAIL_KEY (app/settings.py:4)"),
    "what a condition asks": (
        shop('import os\n\nif os.environ["STAGE"] == "x":\n    A = 1\n'), "STAGE (app/settings.py:3)"),
    "pydantic": (fields("    mail_key: SecretStr\n    debug: bool = False\n"), "MAIL_KEY (app/settings.py:5)"),
    "pydantic with a prefix": (
        fields('    model_config = SettingsConfigDict(env_prefix="shop_")\n    key: str = Field(...)\n'),
        "SHOP_KEY (app/settings.py:6)"),
    "pydantic with names of its own": (
        fields('    key: str = Field(validation_alias="MAIL_KEY", min_length=8)\n'), "MAIL_KEY (app/settings.py:5)"),
    "pydantic 1": (
        shop("from pydantic import BaseSettings\n\nclass Settings(BaseSettings):\n    key: str\n\n"
             '    class Config:\n        env_prefix = "mail_"\n' + MADE), "MAIL_KEY (app/settings.py:4)"),
    "pydantic, of a class above": (
        shop(f"{PYDANTIC}class Base(BaseSettings):\n    key: str\n    url: str\n\n\n"
             f'class Settings(Base):\n    url: str = "x"\n{MADE}'), "KEY (app/settings.py:5)"),
    "django-environ": (
        DJANGO | {"shop/settings.py": 'import environ\n\nenv = environ.Env(DEBUG=(bool, False))\nKEY = env("KEY")\n'
                  'DEBUG = env("DEBUG")\nHOSTS = env.list("HOSTS", default=[])\nPORT = env.int("MAIL_PORT")\n'},
        "KEY (shop/settings.py:4), MAIL_PORT (shop/settings.py:7)"),
    "decouple": (
        DJANGO | {"shop/settings.py": 'from decouple import config\n\nKEY = config("KEY")\nA = config("A", 1)\n'},
        "KEY (shop/settings.py:3)"),
    "starlette": (
        shop('from starlette.config import Config\n\nconfig = Config(".env")\nKEY = config("KEY", cast=str)\n'),
        "KEY (app/settings.py:4)"),
    "pydantic that is looked at afterwards": (
        fields('    key: str\n\n    @model_validator(mode="after")\n    def look(self): ...\n'),
        "KEY (app/settings.py:5)"),
    "rails": (
        RAILS | {"config/initializers/mail.rb": 'Mail.setup do |mail|\n  mail.key = ENV.fetch("MAIL_KEY")\nend\n'},
        "MAIL_KEY (config/initializers/mail.rb:2)"),
    "rails, in its settings of the database": (
        RAILS | {"config/database.yml": "production:\n  host: <%= ENV.fetch('DB_HOST') %>\n"},
        "DB_HOST (config/database.yml:2)"),
    "spring": (
        SPRING | {PROPERTIES: "mail.key=${MAIL_KEY}\nmail.host=${MAIL_HOST:${FALLBACK}}\nmail.name=${spring.name}\n"},
        f"MAIL_KEY ({PROPERTIES}:1)"),
    "spring, in every profile": (
        SPRING | {YAML: "mail:\n  key: ${MAIL_KEY}\n---\nspring.config.activate.on-profile: dev\nkey: ${OTHER}\n"},
        f"MAIL_KEY ({YAML}:2)"),
    "another framework with an image": (
        {"requirements.txt": "flask\n", "Dockerfile": "FROM python:3.13\nENV STAGE=x\n", "app.py": "import config\n",
         "config.py": 'import os\n\nSTAGE = os.environ["STAGE"]\nKEY = os.environ["KEY"]\n'}, "KEY (config.py:4)"),
}  # fmt: skip
"""For each what is told."""

DOUBTFUL = {
    "a default": shop('import os\n\nKEY = os.environ.get("MAIL_KEY", "")\n'),
    "a condition": shop('import os\n\nif os.environ.get("MAIL"):\n    KEY = os.environ["MAIL_KEY"]\n'),
    "a condition in one line": shop('import os\n\nKEY = os.environ["A"] if DEBUG else ""\nB = C or os.environ["B"]\n'),
    "an attempt": shop('import os\n\ntry:\n    KEY = os.environ["MAIL_KEY"]\nexcept KeyError:\n    KEY = ""\n'),
    "a function": shop('import os\n\ndef key():\n    return os.environ["MAIL_KEY"]\n'),
    "what the code sets": shop('import os\n\nos.environ.setdefault("KEY", "x")\nKEY = os.environ["KEY"]\n'),
    "a module that nothing imports": SHOP | {"app/import_prices.py": 'import os\n\nKEY = os.environ["MAIL_KEY"]\n'},
    "a program of its own": shop("", **{"scripts/settings.py": 'import os\n\nKEY = os.environ["MAIL_KEY"]\n'}),
    "a test": shop("", **{"tests/settings.py": 'import os\n\nKEY = os.environ["MAIL_KEY"]\n'}),
    "a comment": shop('# KEY = os.environ["MAIL_KEY"]\n'),
    "what a container has": shop('import os\n\nHOME = os.environ["HOME"]\n'),
    "settings that nobody makes": fields("    key: str\n", made=""),
    "settings that are made with values": fields("    key: str\n", made='\n\nsettings = Settings(key="x")\n'),
    "settings that come from elsewhere": fields('    model_config = SettingsConfigDict(yaml_file="a")\n    key: str\n'),
    "settings that are filled before": fields(
        '    key: str\n\n    @model_validator(mode="before")\n    def fill(cls, values): ...\n'),
    "a module that a condition imports": SHOP | {
        "app/main.py": f"{FASTAPI}if MAIL:\n    from app import settings\n",
        "app/settings.py": 'import os\n\nKEY = os.environ["MAIL_KEY"]\n'},
    "a type that may be None": fields("    key: str | None\n    other: Mail\n    third: ClassVar[str]\n"),
    "a field with a default": fields('    key: str = Field(default="x")\n    other: str = Field("x")\n'),
    "settings for developers": DJANGO | {"shop/settings_dev.py": 'import os\n\nKEY = os.environ["MAIL_KEY"]\n',
                                         "shop/settings.py": "import settings_dev\n"},
    "rails with a default": RAILS | {"config/puma.rb": 'port ENV.fetch("PORT", 3000)\nx ENV.fetch("X") { 5 }\n'},
    "rails in a condition": RAILS | {
        "config/initializers/mail.rb": 'if ENV["MAIL"]\n  Mail.key = ENV.fetch("MAIL_KEY")\nend\n'
                                       'Mail.x = ENV.fetch("X") if ENV["X"]\nMail.y = -> do\n  ENV.fetch("Y")\nend\n'},
    "rails for developers": RAILS | {"config/environments/development.rb": 'key = ENV.fetch("MAIL_KEY")\n'},
    "kamal": RAILS | {"config/deploy.yml": 'key: <%= ENV.fetch("MAIL_KEY") %>\n'},
    "spring with a default": SPRING | {PROPERTIES: "mail.key=${MAIL_KEY:none}\n# a=${B}\n"},
    "spring in a profile": SPRING | {"src/main/resources/application-dev.properties": "mail.key=${MAIL_KEY}\n"},
}  # fmt: skip


@pytest.mark.parametrize(("files", "names"), NEEDED.values(), ids=NEEDED)
def test_a_variable_without_a_default_is_told_with_its_place(tmp_path, files, names):
    assert names_of(suggestions(tmp_path, files)) == names


@pytest.mark.parametrize("files", DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_variable_that_the_start_may_do_without_is_not_told(tmp_path, files):
    assert not [kind for kind in suggestions(tmp_path, files) if kind.startswith("variables")]


SPLIT = DJANGO | {
    "shop/wsgi.py": 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.production")\n',
    "shop/settings/base.py": 'import environ\n\nenv = environ.Env()\nKEY = env("KEY")\n',
    "shop/settings/production.py": 'from .base import *\n\nMAIL = env.str("MAIL_KEY")\n',
    "shop/settings/heroku.py": 'from .base import *\n\nADDON = env.str("ADDON")\n',
}


def test_of_split_settings_of_django_only_those_of_the_server_must_be_there(tmp_path):
    told = suggestions(tmp_path, SPLIT)["variables"].values["names"]
    assert set(told) == {"KEY (shop/settings/base.py:4)", "MAIL_KEY (shop/settings/production.py:3)"}


def test_what_the_server_sets_itself_is_not_told(tmp_path):
    files = shop('import os\n\nURL = os.environ["DATABASE_URL"]\n')
    assert "variables" in suggestions(tmp_path, files)
    assert "variables" not in suggestions(tmp_path, files, database="postgres")


SET_BY_IMAGES = {
    "rails": (
        RAILS | {"config/puma.rb": 'environment ENV.fetch("RAILS_ENV")\nkey ENV.fetch("KEY")\n'}, "config/puma.rb:2"),
    "spring": (SPRING | {PROPERTIES: "server.port=${SERVER_PORT}\nkey=${KEY}\n"}, f"{PROPERTIES}:2"),
    "python": (
        shop('import os\n\nA = os.environ["PYTHONUNBUFFERED"]\nKEY = os.environ["KEY"]\n'), "app/settings.py:4"),
    "a value with = in it, then a second line": (
        SPRING | {PROPERTIES: "a=${STAGE}\nkey=${KEY}\n",
                  "Dockerfile": 'FROM a\nENV OPTIONS="--set KEY=x" \\\n    STAGE=x\n'}, f"{PROPERTIES}:2"),
    "the older way": (
        SPRING | {PROPERTIES: "a=${STAGE}\nkey=${KEY}\n", "Dockerfile": "FROM a\nENV STAGE of KEY=x\n"},
        f"{PROPERTIES}:2"),
    "not in the stage that is built last": (
        SPRING | {PROPERTIES: "key=${KEY}\n", "Dockerfile": "FROM a AS b\nENV KEY=x\nFROM a\n"}, f"{PROPERTIES}:1"),
}  # fmt: skip
"""Images that set every variable but KEY, and where that is told to stand."""


@pytest.mark.parametrize(("files", "place"), SET_BY_IMAGES.values(), ids=SET_BY_IMAGES)
def test_what_the_image_sets_is_not_told(tmp_path, files, place):
    assert names_of(suggestions(tmp_path, files)) == f"KEY ({place})"


@pytest.mark.parametrize("stack", questions()["stack"]["choices"].values())
def test_the_image_of_every_stack_is_read(tmp_path, stack):
    files = shop('import os\n\nKEY = os.environ["KEY"]\n')
    assert "variables" in suggestions(tmp_path, files, stack=stack)


def test_what_the_services_of_the_server_name_is_told_no_more(tmp_path):
    files = shop('import os\n\nKEY = os.environ["MAIL_KEY"]\nURL = os.environ["MAIL_URL"]\n')
    told = suggestions(tmp_path, files | {"server/compose.yml": "MAIL_KEY: x\n"})
    assert names_of(told) == "MAIL_URL (app/settings.py:4)"


def test_what_the_script_of_the_tests_names_is_still_told_for_the_server_and_no_more_for_the_tests(tmp_path):
    files = shop('import os\n\nKEY = os.environ["MAIL_KEY"]\nURL = os.environ["MAIL_URL"]\n')
    told = suggestions(tmp_path, files | {"scripts/test.sh": "export MAIL_KEY=x\n"})["variables"]
    assert len(told.values["names"]) == 2 and "scripts/test.sh" in words.sentences(told, "en")[1]
    told = suggestions(tmp_path, {"scripts/test.sh": "export MAIL_KEY=x MAIL_URL=y\n"})["variables_server"]
    assert len(told.values["names"]) == 2
    assert "set NAME" in words.sentences(told, "en")[1] and "scripts/test.sh" not in words.sentences(told, "en")[1]
    assert not suggestions(tmp_path, {"server/compose.yml": "# MAIL_KEY MAIL_URL\n"}).keys() & {"variables_server"}


def test_of_many_variables_all_are_told_but_at_the_end_of_new_where_detect_is_named(tmp_path):
    lines = "".join(f'V{number} = os.environ["V{number}"]\n' for number in range(8))
    plant(tmp_path, shop(f"import os\n\n{lines}"))
    every = ", ".join(f"V{number} (app/settings.py:{number + 3})" for number in range(8))
    assert f"no default: {every}\n" in run("detect", tmp_path)
    [told] = [one for one in json.loads(run("detect", "--json", tmp_path))["suggestions"] if one["kind"] == "variables"]
    assert told["values"]["names"] == every and told["headline"].endswith(every)
    new = run("new", tmp_path, "--defaults", "--dry-run", "-d", "domain=shop.example.com")
    assert "V4 (app/settings.py:7) (+3)\n" in new and "`richtfest detect` shows" in new


def test_the_example_of_an_environment_that_has_a_value_for_all_is_told(tmp_path):
    files = shop('import os\n\nKEY = os.environ["MAIL_KEY"]\n', **{".env.example": "MAIL_KEY=x\n"})
    told = suggestions(tmp_path, files)["variables_example"]
    assert "what .env.example says" in words.sentences(told, "en")[1]
    assert "was in .env.example steht" in words.sentences(told, "de")[1]
    for empty in ("OTHER=x\n", "MAIL_KEY=\nOTHER=x\n", 'MAIL_KEY=""\n', "MAIL_KEY= # yours\n", "# MAIL_KEY=x\n"):
        assert "variables" in suggestions(tmp_path, {".env.example": empty})
