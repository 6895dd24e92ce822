"""What a repository costs: the same figure everywhere, every cent in a line of its own, and its date beside it."""

import json
import os
import re
import subprocess
import sys
import threading
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from richtfest.commands import cost
from richtfest.prices import bill, data, refresh
from tests.generation import ROOT, questionnaire, render

LISTS = Path(__file__).parent / "prices"
PLACES = [
    {"cloud": cloud, "environments": environments, "database": database}
    for cloud, environments, database in product(
        questionnaire()["cloud"]["choices"].values(),
        questionnaire()["environments"]["choices"].values(),
        questionnaire()["database"]["choices"].values(),
    )
]


def asked(*arguments: str, language: str = "en") -> str:
    done = CliRunner().invoke(cost.command, arguments, env={"LANG": language})
    assert done.exit_code == 0, done.output
    return done.output


def refused(*arguments: str) -> str:
    done = CliRunner().invoke(cost.command, arguments)
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    return done.output


@pytest.mark.parametrize("answers", PLACES, ids=lambda answers: "-".join(answers.values()))
def test_the_total_is_the_sum_of_the_lines(answers):
    try:
        told = bill.of_answers(answers)
    except bill.UnknownPrice as refusal:
        assert answers["database"] == "managed", refusal
        return
    printed = asked(*(word for name, value in answers.items() for word in ("-d", f"{name}={value}")))
    amounts = [Decimal(found) for found in re.findall(r"  ([0-9]+\.[0-9]{2})(?:  .*)?$", printed, re.MULTILINE)]
    assert amounts[-1] == sum(amounts[:-1]) == told.total


@pytest.mark.parametrize(("cloud", "total"), [("hetzner", "19.99"), ("scaleway", "19.26"), ("ovhcloud", "15.04")])
def test_one_server_costs_what_the_researched_table_says(cloud, total):
    """The table counts server, disk and address: 20.0, 19.3 and 15.0. The storage of the state comes on top."""
    items = bill.of_answers({"cloud": cloud}).items
    assert sum(item.amount for item in items if item.what != "state") == Decimal(total)


def test_the_questionnaire_names_the_price_of_each_cloud():
    labels = {cloud: label for label, cloud in questionnaire()["cloud"]["choices"].items()}
    assert set(labels) == set(data.clouds())
    for cloud, label in labels.items():
        assert label.endswith(f", ~{bill.of_answers({'cloud': cloud}).total:.0f} EUR")


def test_the_default_server_type_of_the_questionnaire_has_a_price_and_can_be_ordered(tmp_path):
    for cloud, prices in data.clouds().items():
        answers = yaml.safe_load((render({"cloud": cloud}, tmp_path / cloud) / ".copier-answers.yml").read_text())
        assert answers["server_type"] == prices.default
        assert prices.servers[prices.default].orderable


@pytest.mark.parametrize("environments", ["production", "staging_production"])
@pytest.mark.parametrize("cloud", data.clouds())
def test_the_readme_of_a_repository_and_the_command_name_the_same_sum(cloud, environments, tmp_path):
    repository = render({"cloud": cloud, "environments": environments, "language": "de"}, tmp_path)
    told = bill.of_repository(repository)
    sentence = f"Etwa {told.total:.0f} EUR netto im Monat, nach Preisen vom {told.cloud.date}"
    assert sentence in (repository / "README.md").read_text("utf-8")
    assert told == bill.of_answers({"cloud": cloud, "environments": environments})


def test_what_was_changed_in_the_infrastructure_is_counted(tmp_path):
    repository = render({"server_type": "cpx22"}, tmp_path)
    file = repository / "terraform/environments/production.tfvars.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"volume_size": 100, "backups": True}))
    items = {item.what: item.amount for item in bill.of_repository(repository).items}
    assert items["volume"] == Decimal("5.72")
    assert items["backups"] == Decimal("3.90")


def test_an_unknown_server_type_is_told_and_nothing_is_guessed():
    assert "no price of the server type cpx99 at Hetzner Cloud; known are cx23," in refused("-d", "server_type=cpx99")


def test_a_folder_that_is_no_repository_is_told(tmp_path):
    assert "holds no repository that richtfest made" in refused(str(tmp_path))
    (tmp_path / ".copier-answers.yml").write_text("- no\n")
    assert "holds no repository that richtfest made" in refused(str(tmp_path))


def test_a_broken_file_of_variables_is_told(tmp_path):
    repository = render({}, tmp_path)
    (repository / "terraform/environments/production.tfvars.json").write_text("{")
    assert "is no JSON with a server_type" in refused(str(repository))


def test_both_languages_say_what_is_not_included():
    assert "Not included: VAT" in asked("--compare")
    assert "Nicht enthalten: Umsatzsteuer" in asked("--compare", language="de_DE.UTF-8")
    assert "26,48" in asked(language="de_DE.UTF-8")


def test_all_clouds_stand_side_by_side_and_a_missing_offer_is_said():
    told = asked("--compare", "-d", "environments=staging_production")
    assert all(prices.name in told for prices in data.clouds().values())
    totals = next(line for line in told.splitlines() if line.strip().startswith("total")).split()[1:]
    wanted = [bill.of_answers({"cloud": c, "environments": "staging_production"}).total for c in data.clouds()]
    assert [Decimal(total) for total in totals] == wanted


def test_old_prices_say_so():
    cloud = data.clouds()["hetzner"]
    fresh = date.fromordinal(cloud.date.toordinal() + data.STALE_AFTER_DAYS)
    assert not cloud.is_stale(fresh)
    assert cloud.is_stale(date.fromordinal(fresh.toordinal() + 1))
    told = bill.of_answers({})
    assert "older than 90 days" not in cost._one(told, cost.WORDS["en"], fresh)
    assert "older than 90 days" in cost._one(told, cost.WORDS["en"], date(2030, 1, 1))


def test_a_broken_file_of_prices_is_told_in_one_sentence():
    with pytest.raises(data.PricesError, match="cannot be used"):
        data.read("hetzner: {name: x}")
    with pytest.raises(data.PricesError, match="cannot be used"):
        data.read(data.path().read_text("utf-8").replace('"19.49"', '"a lot"'))


# ---- reading today's prices ------------------------------------------------------------------------------------------


@pytest.fixture
def published():
    """The clouds' lists on loopback; gives the address of one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.strip("/")
            allowed = name != "hetzner" or self.headers["Authorization"] == "Bearer any"
            content = (LISTS / f"{name}.json").read_bytes() if allowed else b"{}"
            self.send_response(200 if allowed else 401)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield lambda cloud: f"http://127.0.0.1:{server.server_port}/{cloud}"
    server.shutdown()
    server.server_close()


def test_hetzners_prices_are_read_and_written(published, monkeypatch):
    monkeypatch.setenv("HCLOUD_TOKEN", "any")
    text = refresh.written(
        data.path().read_text("utf-8"), "hetzner", refresh.amounts("hetzner", published("hetzner")), date(2027, 1, 2)
    )
    now, before = data.read(text)["hetzner"], data.clouds()["hetzner"]
    assert now.date == date(2027, 1, 2)
    assert now.servers["cpx22"].price.amount == Decimal("20.49")
    assert (now.ipv4.amount, now.volume_gb.amount, now.volume_gb.date) == (
        Decimal("0.60"), Decimal("0.0600"), date(2027, 1, 2),
    )  # fmt: skip
    assert now.state.amount == before.state.amount
    assert now.state.date == before.date, "what is not published keeps the date at which it was read"
    assert data.read(text)["scaleway"] == data.clouds()["scaleway"]


def test_scaleways_prices_are_read_from_its_first_zone(published):
    text = refresh.written(
        data.path().read_text("utf-8"), "scaleway", refresh.amounts("scaleway", published("scaleway")), date(2027, 1, 2)
    )
    now = data.read(text)["scaleway"]
    assert now.servers["DEV1-M"].price.amount == Decimal("21.90")
    assert now.servers["BASIC3-X2C-4G"].price.date == date(2027, 1, 2)
    assert now.ipv4.date == data.clouds()["scaleway"].ipv4.date
    assert data.read(text)["hetzner"] == data.clouds()["hetzner"]


def test_ovhclouds_prices_are_read_by_the_hour(published):
    text = refresh.written(
        data.path().read_text("utf-8"), "ovhcloud", refresh.amounts("ovhcloud", published("ovhcloud")), date(2027, 1, 2)
    )
    now = data.read(text)["ovhcloud"]
    assert now.servers["d2-4"].price.amount == Decimal("15.04")
    assert now.servers["d2-2"].price.amount == Decimal("8.03")
    assert now.volume_gb.date == data.clouds()["ovhcloud"].volume_gb.date


def test_a_server_type_that_is_gone_is_told_and_nothing_is_written():
    with pytest.raises(refresh.RefreshError, match="publishes no price of cpx12, cpx22"):
        refresh.written(data.path().read_text("utf-8"), "hetzner", {"cpx32": Decimal(1)}, date(2027, 1, 2))


def test_another_shape_no_answer_and_no_token_are_told(published, monkeypatch):
    with pytest.raises(refresh.RefreshError, match="another shape"):
        refresh.amounts("ovhcloud", published("scaleway"))
    with pytest.raises(refresh.RefreshError, match="could not be read"):
        refresh.amounts("scaleway", "http://127.0.0.1:9/")
    monkeypatch.delenv("HCLOUD_TOKEN", raising=False)
    with pytest.raises(refresh.RefreshError, match="set HCLOUD_TOKEN"):
        refresh.amounts("hetzner", published("hetzner"))


def test_the_command_of_maintainers_refuses_an_unknown_cloud_and_leaves_the_file_alone():
    before = data.path().read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "richtfest.prices.refresh", "aws"],
        cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "there is no cloud aws; there are hetzner, scaleway, ovhcloud\n"
    assert data.path().read_bytes() == before
