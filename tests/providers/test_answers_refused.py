"""A value that cannot work is refused before anything is touched, in one sentence that says what would work."""

import json
from pathlib import Path

import pytest

from tests.providers.conftest import sentence
from tests.providers.hetzner_stand_in import HetznerStandIn

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICZoUrqgCu4TY6H9iNOqqPT"

VALUES = {
    "project_name": ("Shop_1", "project_name must be at most 30 lower-case letters, digits and single dashes"),
    "environment": ("prod", "environment must be production or staging."),
    "domain": (
        "https://shop.example.com",
        "domain must be a full domain name in lower case, such as shop.example.com.",
    ),
    "dns_zone": ("example", "dns_zone must be empty or a domain name in lower case, such as example.com."),
    "subdomains": (["a.b"], "subdomains must be single names such as grafana, without the domain."),
    "region": ("ash", "region must be one of Hetzner's locations in the EU: fsn1"),
    "server_type": ("large", "server_type must be a server type of Hetzner Cloud, such as cpx22."),
    "ssh_sources": (["203.0.113.7"], "ssh_sources must be networks such as 203.0.113.7/32 or 2001:db8::/48."),
    "volume_size": (5, "volume_size must be 0 (no volume) or a whole number of GB between 10 and 10000."),
    "ssh_host_private_key": ("ssh-ed25519 AAAA", "ssh_host_private_key must be a private key in OpenSSH format"),
}

FILES = {
    "two keys in one file": ("admin/two.pub", f"{KEY} a\n{KEY} b\n", "Every file in terraform/keys/admin must hold"),
    "a private key": (
        "admin/ada.pub",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n",
        "Every file in terraform/keys/admin must hold exactly one public key",
    ),
    "a key with options": ("deploy/github.pub", f"no-pty {KEY}\n", "Every file in terraform/keys/deploy must hold"),
    "an actor with a space": (
        "deploy/git hub.pub",
        f"{KEY}\n",
        "File names in terraform/keys/deploy must be letters",
    ),
}


@pytest.fixture(scope="module")
def plan(workplace, host_key, terraform_environment):
    """Plan with some variables changed and some files of keys/ replaced, against an empty cloud; gives the output."""
    place = workplace(project_name="shop")
    (place.folder / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    assert place.run("init").returncode == 0

    def run(variables: dict, keys: dict[str, str], sold_out: tuple[str, ...] = ()) -> tuple[int, str]:
        for path in sorted((place.folder / "keys").rglob("*.pub")):
            path.unlink()
        for name, text in keys.items():
            (place.folder / "keys" / name).parent.mkdir(parents=True, exist_ok=True)
            (place.folder / "keys" / name).write_text(text)
        changed = place.folder / "changed.tfvars.json"
        changed.write_text(json.dumps({"ssh_host_private_key": host_key.read_text()} | variables))
        with HetznerStandIn() as cloud:
            cloud.sold_out = set(sold_out)
            done = place.run(
                "plan",
                "-var-file=environments/production.tfvars.json",
                f"-var-file={Path(changed).name}",
                HCLOUD_ENDPOINT=cloud.endpoint,
                HCLOUD_TOKEN="x" * 64,
            )
        return done.returncode, sentence(done.stdout)

    return run


ADA = {"admin/ada.pub": f"{KEY} ada@example.com\n"}


def test_what_is_right_is_planned(plan):
    code, told = plan({}, ADA)
    assert code == 0, told


@pytest.mark.parametrize("name", VALUES)
def test_refuses_a_value(name, plan):
    value, wanted = VALUES[name]
    code, told = plan({name: value}, ADA)
    assert code == 1
    assert wanted in told


@pytest.mark.parametrize("case", FILES)
def test_refuses_a_key_file(case, plan):
    file, text, wanted = FILES[case]
    code, told = plan({}, ADA | {file: text})
    assert code == 1
    assert wanted in told


def test_refuses_to_lock_everybody_out(plan):
    code, told = plan({}, {})
    assert code == 1
    assert "Put at least one public key into terraform/keys/admin, such as ada.pub" in told


def test_a_sold_out_type_comes_with_advice(plan):
    code, told = plan({"server_type": "cpx22"}, ADA, sold_out=("cpx22",))
    assert code == 1
    assert (
        "Hetzner does not sell the server type cpx22 in fsn1 now (sold out, withdrawn or unknown): set server_type in "
        "environments/production.tfvars.json to one that is on sale and as large: ccx13, cpx32."
    ) in told


def test_an_unknown_type_comes_with_what_there_is(plan):
    code, told = plan({"server_type": "cx99"}, ADA)
    assert code == 1
    assert "to one that is on sale and as large: cpx12, cpx22, ccx13, cpx32." in told


def test_says_so_when_nothing_as_large_is_left(plan):
    code, told = plan({"server_type": "cpx32"}, ADA, sold_out=("cpx32", "ccx13"))
    assert code == 1
    assert "to a smaller type or take another region, for nothing as large is on sale here." in told


def test_a_new_server_without_its_host_key_is_refused(plan):
    code, told = plan({"ssh_host_private_key": None}, ADA | {"host/production.pub": f"{KEY}\n"})
    assert code == 1
    assert "A new server needs the private half of keys/host/production.pub" in told
