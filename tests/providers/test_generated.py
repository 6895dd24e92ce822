"""Every combination of answers gives Terraform that its tool formats, accepts and tests without a word."""

import json

import pytest

from richtfest.checks import infrastructure
from tests import generation
from tests.providers.conftest import TOOLS

TOUCHED = ("environments", "iac", "region", "cloud", "database")
"""The answers that reach Terraform."""


def combinations() -> list[dict[str, object]]:
    seen: dict[str, dict[str, object]] = {}
    for answers in generation.covering_answers():
        touched = {name: answers[name] for name in TOUCHED}
        touched["database"] = (
            "managed" if touched["database"] == "managed" else "none"
        )  # one on the server is no affair of it
        seen.setdefault(json.dumps(touched), touched)
    return list(seen.values())


def parameters() -> list:
    return [
        pytest.param(answers, id=generation.name_of(answers), marks=pytest.mark.needs(TOOLS[str(answers["iac"])]))
        for answers in combinations()
    ]


def test_both_tools_are_among_the_combinations():
    assert {answers["iac"] for answers in combinations()} == set(TOOLS)


@pytest.mark.parametrize("answers", parameters())
def test_formats_validates_and_passes_its_own_tests(answers, workplace):
    place = workplace(**answers)
    formatted = place.run("fmt", "-check", "-diff", "-recursive")
    assert formatted.returncode == 0, formatted.stdout
    started = place.run("init", "-backend=false")
    assert started.returncode == 0, started.stdout
    validated = place.run("validate")
    assert validated.returncode == 0, validated.stdout
    assert "Warning" not in validated.stdout
    tested = place.run("test")
    assert tested.returncode == 0, tested.stdout
    assert "Warning" not in tested.stdout
    assert " 0 failed" in tested.stdout
    assert "Success! 0 passed" not in tested.stdout


@pytest.mark.parametrize("environments", ["production", "staging_production"])
def test_there_is_one_file_of_variables_per_environment(environments, workplace):
    folder = workplace(environments=environments).folder / "environments"
    wanted = {"production.tfvars.json"} | ({"staging.tfvars.json"} if "staging" in environments else set())
    assert {path.name for path in folder.iterdir()} == wanted


def test_answers_arrive_in_the_variables(workplace):
    place = workplace(
        project_name="shop-api",
        domain="api.example.org",
        dns_zone="example.org",
        region="hel1",
        server_type="cpx32",
        environments="staging_production",
    )
    told = {
        e: json.loads((place.folder / f"environments/{e}.tfvars.json").read_text()) for e in ("production", "staging")
    }
    shared = {"project_name": "shop-api", "dns_zone": "example.org", "region": "hel1", "server_type": "cpx32"}
    assert told["production"] == shared | {"environment": "production", "domain": "api.example.org"}
    assert told["staging"] == shared | {"environment": "staging", "domain": "staging.api.example.org"}


def test_a_public_grafana_gets_its_name(workplace):
    place = workplace(grafana_public=True)
    assert json.loads((place.folder / "environments/production.tfvars.json").read_text())["subdomains"] == ["grafana"]


def test_a_long_domain_still_gives_a_legal_bucket_name(workplace):
    label = "a" * 45
    backend = workplace(domain=f"{label}.example.com").folder / "hetzner/backend.hcl"
    name = next(line for line in backend.read_text().splitlines() if line.startswith("bucket")).split('"')[1]
    assert name == f"{label}-terraform-state"
    assert len(name) <= 63


@pytest.mark.parametrize("iac", [pytest.param(iac, marks=pytest.mark.needs(TOOLS[iac])) for iac in TOOLS])
def test_richtfest_check_proves_it_with_either_tool(iac, workplace, monkeypatch):
    """OpenTofu wants a key of the state even for its tests."""
    place = workplace(iac=iac)
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    assert [(outcome.tool, outcome.status) for outcome in infrastructure.terraform(place.repository)] == [
        (TOOLS[iac], "ok")
    ] * 4
