"""What a repository costs: the same figure in the questionnaire, the README and the bill, with what it is made of."""

from decimal import Decimal

import pytest
import yaml

from richtfest.prices import bill, data, environments
from tests.generation import questionnaire, render

README = {
    "en": {
        "cost": "About {total} EUR net per month, at prices of {dates}. That is",
        "to": "to",
        "volume": "a data volume of 20 GB,",
        "database": "PostgreSQL run by the cloud,",
    },
    "de": {
        "cost": "Etwa {total} EUR netto im Monat, nach Preisen vom {dates}. Das sind",
        "to": "bis",
        "volume": "ein Datenvolume von 20 GB,",
        "database": "PostgreSQL, von der Cloud betrieben,",
    },
}


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


def test_the_questionnaire_names_what_a_managed_database_really_adds():
    """The volume for its copies comes with it."""
    label = next(label for label, value in questionnaire()["database"]["choices"].items() if value == "managed")
    with_it, without = (bill.of_answers({"cloud": "scaleway", "database": choice}) for choice in ("managed", "none"))
    assert label.endswith(f"(Scaleway, ~{with_it.total - without.total:.0f} EUR)")


def test_what_is_generated_of_a_managed_database_is_what_the_price_is_of(tmp_path):
    repository = render({"cloud": "scaleway", "database": "managed"}, tmp_path)
    variables = yaml.safe_load((repository / "terraform/environments/production.tfvars.json").read_text())
    assert variables["database_type"] == data.clouds()["scaleway"].managed_postgres.type
    assert variables["volume_size"] == environments.DATA_VOLUME_GB


def test_the_default_server_type_of_the_questionnaire_has_a_price_and_can_be_ordered(tmp_path):
    for cloud, prices in data.clouds().items():
        answers = yaml.safe_load((render({"cloud": cloud}, tmp_path / cloud) / ".copier-answers.yml").read_text())
        assert answers["server_type"] == prices.default
        assert prices.servers[prices.default].orderable


def test_every_readme_names_the_sum_of_the_command_with_its_dates_and_its_parts(repositories):
    seen = set()
    for name, repository in repositories.items():
        answers = yaml.safe_load((repository / ".copier-answers.yml").read_text("utf-8"))
        words, told = README[answers["language"]], bill.of_repository(repository)
        assert told == bill.of_answers(answers), name
        assert told.oldest < told.newest or told.oldest == told.newest == told.cloud.date
        one_date = told.oldest == told.newest
        dates = told.oldest if one_date else f"{told.oldest} {words['to']} {told.newest}"
        readme = (repository / "README.md").read_text("utf-8")
        assert words["cost"].format(total=f"{told.total:.0f}", dates=dates) in readme, name
        assert (words["volume"] in readme) == (answers["database"] != "none"), name
        assert (words["database"] in readme) == (answers["database"] == "managed"), name
        seen.add((answers["language"], answers["database"]))
    assert {("en", "managed"), ("de", "postgres")} <= seen


def test_a_readme_names_no_sum_where_no_price_is_known(tmp_path):
    readme = (render({"server_type": "cpx99", "database": "postgres"}, tmp_path) / "README.md").read_text("utf-8")
    assert "EUR" not in readme
    assert "a server of type `cpx99`" in readme
    assert README["en"]["volume"] in readme


def test_every_word_of_the_prices_is_there_in_both_languages():
    for cloud in data.clouds().values():
        prices = [server.price for server in cloud.servers.values()]
        prices += [price for price in (cloud.ipv4, cloud.volume_gb, cloud.backup_percent, cloud.state) if price]
        if cloud.managed_postgres:
            prices.append(cloud.managed_postgres.price)
            assert set(cloud.managed_postgres.beyond) == {"en", "de"}
        for price in prices:
            assert set(price.source) == {"en", "de"}
            assert set(price.note) in ({"en", "de"}, set())
            assert " read by " not in price.source["de"]


def test_a_broken_file_of_prices_is_told_in_one_sentence():
    with pytest.raises(data.PricesError, match="cannot be used"):
        data.read("hetzner: {name: x}")
    with pytest.raises(data.PricesError, match="cannot be used"):
        data.read(data.path().read_text("utf-8").replace('"19.49"', '"a lot"'))
