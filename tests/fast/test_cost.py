"""`richtfest cost`: what it counts, what it says of its prices, what it refuses."""

import json
import re
import shlex
import shutil
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from click.testing import CliRunner

from richtfest import summary
from richtfest.cli import group
from richtfest.commands import cost
from richtfest.generate import generate
from richtfest.prices import bill, data, report
from tests.generation import questionnaire, render

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


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """A repository with a managed database, only to be read."""
    return render({"cloud": "scaleway", "database": "managed"}, tmp_path_factory.mktemp("managed"))


@pytest.fixture
def managed(rendered, tmp_path):
    """A copy of it, to be edited."""
    return shutil.copytree(rendered, tmp_path / "managed")


def edit(repository, **variables) -> None:
    file = repository / "terraform/environments/production.tfvars.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | variables))


def counted(*arguments: str) -> dict[str, tuple[str, str]]:
    """Detail and amount of every item, by what it is."""
    return {
        item["what"]: (item["detail"], item["amount"]) for item in json.loads(asked("--json", *arguments))[0]["items"]
    }


# ---- which repository ------------------------------------------------------------------------------------------------


def test_inside_a_repository_its_price_is_told_without_naming_it(managed, monkeypatch):
    elsewhere = asked()
    monkeypatch.chdir(managed)
    assert asked() == asked(".") == asked(str(managed)) != elsewhere
    assert "Scaleway" in asked().splitlines()[0]


def test_what_new_says_lists_the_items_does_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for arguments in (["my shop"], ["my shop/again", "--dry-run"]):
        answers = ["-d", "language=en", "-d", "cloud=scaleway", "-d", "database=postgres"]
        told = CliRunner().invoke(group, ["new", *arguments, "--defaults", *answers]).output
        total, command = re.search(r"about ([0-9]+) EUR .*; (richtfest cost .*) lists the items\n", told).groups()
        listed = json.loads(asked("--json", *shlex.split(command)[2:]))[0]
        assert listed["cloud"] == "scaleway"
        assert f"{Decimal(listed['total']):.0f}" == total


def test_what_was_changed_in_the_infrastructure_is_counted(managed):
    edit(managed, volume_size=100, server_type="DEV1-L")
    items = counted(str(managed))
    assert items["volume"] == ("production, 100 GB", "8.00")
    assert items["server"] == ("production, DEV1-L", "31.27")
    assert items["database"] == ("production, DB-DEV-S", "12.00")


def test_copies_of_the_disk_are_counted_where_the_cloud_sells_them(tmp_path):
    repository = render({"server_type": "cpx22"}, tmp_path)
    edit(repository, backups=True)
    assert counted(str(repository))["backups"] == ("production, 20 %", "3.90")


def test_an_unknown_type_of_database_is_told_and_nothing_is_guessed(managed):
    edit(managed, database_type="DB-PLAY2-PICO")
    assert "no price of the database type DB-PLAY2-PICO at Scaleway; known is DB-DEV-S" in refused(str(managed))


def test_a_type_of_database_that_is_not_written_down_is_the_default_one(managed):
    file = managed / "terraform/environments/production.tfvars.json"
    variables = json.loads(file.read_text())
    del variables["database_type"]
    file.write_text(json.dumps(variables))
    assert counted(str(managed))["database"] == ("production, DB-DEV-S", "12.00")


# ---- other answers ---------------------------------------------------------------------------------------------------


def test_other_answers_leave_what_was_edited_beside_them(managed):
    edit(managed, volume_size=100, server_type="DEV1-L")
    items = json.loads(asked("--json", str(managed), "-d", "environments=staging_production"))[0]["items"]
    told = [(item["what"], item["detail"]) for item in items]
    assert ("volume", "production, 100 GB") in told and ("server", "production, DEV1-L") in told
    assert ("volume", "staging, 20 GB") in told and ("server", "staging, DEV1-M") in told
    assert counted(str(managed), "-d", "server_type=DEV1-S")["volume"] == ("production, 100 GB", "8.00")
    assert counted(str(managed), "-d", "server_type=DEV1-S")["server"] == ("production, DEV1-S", "6.55")


def test_another_database_brings_its_volume_and_none_takes_it_away(managed):
    assert "volume" not in counted(str(managed), "-d", "database=none")
    assert counted(str(managed), "-d", "database=postgres")["volume"] == ("production, 20 GB", "1.60")
    edit(managed, volume_size=100)
    assert counted(str(managed), "-d", "database=postgres")["volume"] == ("production, 100 GB", "8.00")


def test_another_cloud_takes_its_own_default_server_and_keeps_the_size_of_the_data(managed):
    edit(managed, volume_size=100)
    items = counted(str(managed), "-d", "cloud=ovhcloud", "-d", "database=postgres")
    assert items["server"] == ("production, d2-4", "15.04")
    assert items["volume"] == ("production, 100 GB", "4.82")
    assert "Hetzner Cloud has no managed PostgreSQL" in refused(str(managed), "-d", "cloud=hetzner")


def test_an_environment_of_the_teams_own_is_counted_and_one_that_is_taken_away_is_not(managed):
    folder = managed / "terraform/environments"
    for name in ("demo", "staging"):
        shutil.copy(folder / "production.tfvars.json", folder / f"{name}.tfvars.json")
    recorded = managed / ".copier-answers.yml"
    recorded.write_text(recorded.read_text().replace("environments: production", "environments: staging_production"))
    told = asked(str(managed), "-d", "environments=production")
    assert "server (demo," in told and "server (production," in told and "staging" not in told


def test_a_region_of_another_cloud_is_refused_in_the_words_of_new(tmp_path):
    wrong = ["-d", "language=en", "-d", "cloud=scaleway", "-d", "region=fsn1"]
    told = CliRunner().invoke(group, ["new", str(tmp_path / "shop"), "--defaults", *wrong])
    assert refused(*wrong) == told.output == "Error: region must be one of scaleway: fr-par, nl-ams, pl-waw\n"


def test_comparing_refuses_what_belongs_to_one_cloud():
    for answer in ("server_type=DEV1-L", "region=fr-par", "cloud=scaleway"):
        assert f"leave out -d {answer}, or --compare" in refused("--compare", "-d", answer)


def test_a_repository_is_compared_whatever_its_server_is(managed):
    assert "32.87" in asked(str(managed), "--compare")


# ---- what is said of the prices --------------------------------------------------------------------------------------


def test_a_price_from_another_time_or_place_says_so_where_it_counts():
    told = asked("-d", "cloud=scaleway", "-d", "environments=staging_production")
    assert told.count("  IPv4 address: 2026-05-01, from an older list, before the prices of June 2026.\n") == 1
    assert "managed PostgreSQL:" not in told
    assert "  managed PostgreSQL: 2026-05-01, from a note by" in asked("-d", "cloud=scaleway", "-d", "database=managed")
    assert "data volume: " not in asked()
    assert "  data volume: 2026-05-27, from api.hetzner.cloud/v1/pricing (dev" in asked("-d", "database=postgres")
    assert "  server: 2026-07-30, from api.scaleway.com" in asked(
        "-d", "cloud=scaleway", "-d", "server_type=BASIC3-X2C-4G"
    )
    assert "  IPv4 address: 2026-05-01, from" in asked("--compare")


def test_the_oldest_price_of_a_bill_decides_whether_it_is_stale():
    told = bill.of_answers({"database": "postgres"})
    assert told.oldest == data.clouds()["hetzner"].volume_gb.date < told.cloud.date
    fresh = told.oldest + timedelta(days=data.STALE_AFTER_DAYS)
    assert not told.is_stale(fresh)
    assert told.is_stale(fresh + timedelta(days=1))
    assert "older than 90 days" not in report.one(told, "en", fresh)
    assert f"The oldest, of {told.oldest}, is older than 90 days" in report.one(told, "en", fresh + timedelta(days=1))
    assert not bill.of_answers({}).is_stale(fresh + timedelta(days=1))


def test_new_says_when_its_prices_are_old_or_unknown(tmp_path):
    made = generate(tmp_path / "shop", {"language": "en"}, write=False)
    oldest = bill.of_answers({}).oldest
    assert "older than" not in summary.tell(made, oldest, dry_run=True)
    assert "prices older than 90 days are among them" in summary.tell(made, date(2030, 1, 1), dry_run=True)
    unknown = generate(tmp_path / "shop", {"language": "en", "server_type": "cpx99"}, write=False)
    assert "no price is known for cpx99" in summary.tell(unknown, oldest, dry_run=True)


def test_the_region_whose_prices_they_are_is_named():
    assert "Prices of Scaleway (fr-par): " in asked("-d", "cloud=scaleway")
    assert "may differ" not in asked("-d", "cloud=scaleway")
    assert "Those of nl-ams may differ." in asked("-d", "cloud=scaleway", "-d", "region=nl-ams")


def test_what_a_managed_database_costs_besides_is_said_only_when_there_is_one(managed):
    for arguments in ([str(managed)], ["--compare", str(managed)]):
        assert "the copies that Scaleway keeps of the database (0.03 per GB" in asked(*arguments)
    assert "10 GB are included, by the note" in asked(str(managed))
    assert "the copies that" not in asked("-d", "cloud=scaleway", "-d", "database=postgres")


def test_german_is_spoken_throughout():
    told = asked("-d", "cloud=scaleway", "-d", "database=managed", language="de_DE.UTF-8")
    assert "aus einer Notiz Dritter" in told and "10 GB sind enthalten" in told and "Auch nicht enthalten" in told
    for word in (" from ", " by ", " read ", "before", "hour"):
        assert word not in told + asked("--compare", language="de_DE.UTF-8")


# ---- for scripts -----------------------------------------------------------------------------------------------------


def test_scripts_get_every_cloud_and_the_reason_why_one_has_no_price():
    told = {found["cloud"]: found for found in json.loads(asked("--compare", "--json", "-d", "database=managed"))}
    assert list(told) == list(data.clouds())
    assert told["scaleway"]["total"] == "32.87"
    assert told["hetzner"]["total"] is told["ovhcloud"]["total"] is None
    assert "OVHcloud has no managed PostgreSQL" in told["ovhcloud"]["reason"]


def test_scripts_get_where_each_price_is_from_and_whether_one_is_old():
    old = bill.of_answers({"cloud": "scaleway", "database": "managed"})
    fresh, stale = (json.loads(report.as_json({"scaleway": old}, day))[0] for day in (old.oldest, date(2030, 1, 1)))
    assert (fresh["stale"], stale["stale"], fresh["oldest"]) == (False, True, "2026-05-01")
    items = {item["what"]: item for item in fresh["items"]}
    assert items["database"]["date"] == "2026-05-01"
    assert items["database"]["source"].startswith("a note by others")
    assert items["database"]["note"].startswith("10 GB are included")
    assert items["server"]["source"] == fresh["source"]
    assert Decimal(fresh["total"]) == sum(Decimal(item["amount"]) for item in fresh["items"])
