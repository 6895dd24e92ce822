"""Today's prices are read from the clouds' lists and written into the file; what is not published keeps its past."""

import os
import subprocess
import sys
import threading
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from richtfest.prices import data, refresh
from tests.generation import ROOT

LISTS = Path(__file__).parent / "prices"


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
    assert (now.state.date, now.state.source) == (before.date, before.source), "it was not read today, nor there"
    assert now.region == "fsn1"
    assert data.read(text)["scaleway"] == data.clouds()["scaleway"]


def test_scaleways_prices_are_read_from_its_first_zone(published):
    text = refresh.written(
        data.path().read_text("utf-8"), "scaleway", refresh.amounts("scaleway", published("scaleway")), date(2027, 1, 2)
    )
    now = data.read(text)["scaleway"]
    assert now.servers["DEV1-M"].price.amount == Decimal("21.90")
    assert now.servers["BASIC3-X2C-4G"].price.date == date(2027, 1, 2)
    before = data.clouds()["scaleway"]
    assert (now.ipv4, now.managed_postgres) == (before.ipv4, before.managed_postgres)
    assert now.state.source == before.source != now.source
    assert data.read(text)["hetzner"] == data.clouds()["hetzner"]


def test_ovhclouds_prices_are_read_by_the_hour(published):
    text = refresh.written(
        data.path().read_text("utf-8"), "ovhcloud", refresh.amounts("ovhcloud", published("ovhcloud")), date(2027, 1, 2)
    )
    now = data.read(text)["ovhcloud"]
    assert now.servers["d2-4"].price.amount == Decimal("15.04")
    assert now.servers["d2-2"].price.amount == Decimal("8.03")
    assert now.volume_gb.date == data.clouds()["ovhcloud"].volume_gb.date


def test_prices_that_are_written_again_stay_the_same(published):
    before = data.path().read_text("utf-8")
    for cloud in ("scaleway", "ovhcloud"):
        amounts = refresh.amounts(cloud, published(cloud))
        once = refresh.written(before, cloud, amounts, date(2027, 1, 2))
        assert once != before
        assert refresh.written(once, cloud, amounts, date(2027, 1, 2)) == once


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
