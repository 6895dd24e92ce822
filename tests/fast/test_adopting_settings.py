"""Settings of an application that is adopted: the names under which it answers, and those that its commands take."""

import pytest

from tests.fast import trees
from tests.fast.adopted import DJANGO, suggestions
from tests.fast.trees import RAILS


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("ALLOWED_HOSTS = []\n", True),
        ('ALLOWED_HOSTS = ["shop.example.com"]\n', True),
        ('ALLOWED_HOSTS = ["shop.example.com", "localhost"]\n', False),
        ('ALLOWED_HOSTS = ["*"]\n', False),
        ("ALLOWED_HOSTS = env.list('HOSTS')\n", False),
        ("ALLOWED_HOSTS = []\nif PRODUCTION:\n    ALLOWED_HOSTS = [name]\n", False),
        ("ALLOWED_HOSTS = []\nALLOWED_HOSTS += names\n", False),
    ],
)
def test_names_that_django_refuses_are_told_when_they_are_written_out(tmp_path, settings, told):
    answers = {"domain": "shop.example.com"}
    assert ("hosts" in suggestions(tmp_path, DJANGO | {"shop/settings.py": settings}, **answers)) == told


SPLIT = DJANGO | {
    "manage.py": trees.MANAGE.replace("shop.settings", "shop.settings.dev"),
    "shop/wsgi.py": trees.MANAGE.replace("shop.settings", "shop.settings.production"),
    "shop/settings/base.py": "ALLOWED_HOSTS = []\n",
    "shop/settings/dev.py": 'from .base import *\nALLOWED_HOSTS = ["*"]\n',
    "shop/settings/production.py": 'from .base import *\n\nALLOWED_HOSTS = ["shop.example.org"]\n',
    "shop/migrations/0001_initial.py": "",
}
"""Settings of the server and of those who develop, each in a module of its own."""


def test_of_split_settings_of_django_those_of_the_server_count(tmp_path):
    told = suggestions(tmp_path, SPLIT, domain="shop.example.com")["hosts"]
    assert str(told.why).startswith("shop/settings/production.py:3")
    told = suggestions(tmp_path, {"shop/settings/production.py": "from .base import *\n"}, domain="shop.example.com")
    assert str(told["hosts"].why).startswith("shop/settings/base.py:1")


def test_migrations_with_other_settings_than_the_server_are_told_until_the_server_says_which(tmp_path):
    told = suggestions(tmp_path, SPLIT)["settings_differ"]
    assert (told.why.file, told.code.split()[-1]) == ("manage.py", "shop.settings.production")
    compose = {"server/compose.yml": "services:\n  migrate:\n    environment:\n      DJANGO_SETTINGS_MODULE: a\n"}
    assert "settings_differ" not in suggestions(tmp_path, compose)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('config.hosts << "shop.example.com"', True),
        ('config.hosts = ["shop.example.com", "127.0.0.1"]', False),
        ('config.hosts = [".example.com", "127.0.0.1"]', False),
        ('config.hosts << ENV["HOST"]', False),
        ('config.hosts << /.*[.]example[.]com/', False),
        ('config.hosts << "other.com"\n  config.hosts.clear', False),
        ('# config.hosts << "other.com"', False),
    ],
)  # fmt: skip
def test_names_that_rails_refuses_are_told_when_they_are_written_out(tmp_path, line, told):
    files = RAILS | {"config/environments/production.rb": f"Rails.application.configure do\n  {line}\nend\n"}
    assert ("hosts" in suggestions(tmp_path, files, domain="shop.example.com")) == told
