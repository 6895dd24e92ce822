"""`python -m richtfest.prices.refresh [CLOUD...]`: writes today's prices into the template's file of prices.

For maintainers. It reads what the clouds publish for everybody (Hetzner: with HCLOUD_TOKEN, any project's token), and
changes nothing but amounts, dates, sources and the region. What a cloud does not publish there keeps its amount,
with its date and its source.
"""

import json
import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from richtfest.prices import data

HOURS = Decimal(730)
"""Hours of a month, as the clouds count them."""

ADDRESSES = {
    "hetzner": "https://api.hetzner.cloud/v1/pricing",
    "scaleway": "https://api.scaleway.com/product-catalog/v2alpha1/public-catalog/products?page_size=1000&zone=fr-par-1",
    "ovhcloud": "https://eu.api.ovh.com/v1/order/catalog/public/cloud?ovhSubsidiary=FR",
}
"""What is asked of each cloud."""

REGIONS = {"hetzner": "fsn1", "scaleway": "fr-par", "ovhcloud": "null"}
"""Whose prices are read; OVHcloud's catalog names no region."""


class RefreshError(Exception):
    """The prices could not be read; nothing was written. The message is one sentence for a person."""


def main() -> int:
    """Refresh the clouds that are named, or all; exit code 1 when one could not be read."""
    wanted = sys.argv[1:] or list(data.clouds())
    text = data.path().read_text("utf-8")
    try:
        for cloud in wanted:
            if cloud not in data.clouds():
                raise RefreshError(f"there is no cloud {cloud}; there are {', '.join(data.clouds())}")
            text = written(text, cloud, amounts(cloud), date.today())
    except RefreshError as error:
        print(error, file=sys.stderr)
        return 1
    data.path().write_text(text, "utf-8")
    print(f"{data.path()} holds the prices of today for {', '.join(wanted)}: read the difference, then run the tests.")
    return 0


def amounts(cloud: str, address: str | None = None) -> dict[str, Decimal]:
    """Today's prices of a cloud by the name that the file has for them, EUR net per month (per GB for volume_gb).

    Raises:
        RefreshError: no answer, or one in another shape than expected.
    """
    try:
        found = READERS[cloud](_fetch(address or ADDRESSES[cloud], cloud))
    except (KeyError, IndexError, TypeError, ValueError, ArithmeticError) as error:
        raise RefreshError(f"the prices of {cloud} come in another shape than before ({error!r})") from error
    if not found:
        raise RefreshError(f"the prices of {cloud} come in another shape than before (nothing was found)")
    return found


def written(text: str, cloud: str, amounts: Mapping[str, Decimal], today: date) -> str:
    """The text of the file of prices with these amounts of one cloud.

    The cloud's date becomes today; what was not read keeps its amount, and when and where that was read.

    Raises:
        RefreshError: a server type of the file is no longer published: somebody has to look.
    """
    known = data.read(text)[cloud]
    lost = [name for name, server in known.servers.items() if server.orderable and name not in amounts]
    if lost:
        raise RefreshError(f"{cloud} publishes no price of {', '.join(lost)} any more: change {data.path()} by hand")
    head, section, tail = _parts(text, cloud)
    former = {"date": known.date.isoformat(), "source": _line(section, "source")}
    lines = []
    for line in section.splitlines(keepends=True):
        name = line.strip().partition(":")[0]
        if name in amounts:
            line = re.sub(r'price: "[0-9.]+"', f'price: "{amounts[name]}"', line)
            line = re.sub(r', (date: [0-9-]+|source: (\{[^}]*\}|"[^"]*"|[^,}]*))', "", line)
        elif 'price: "' in line:
            own = "".join(f", {name}: {value}" for name, value in former.items() if f" {name}: " not in line)
            line = re.sub(r'price: "[0-9.]+"', lambda price, own=own: price[0] + own, line)
        lines.append(line)
    section = "".join(lines)
    for name, value in {"date": today.isoformat(), "source": _host(cloud), "region": REGIONS[cloud]}.items():
        section = section.replace(f"\n  {name}: {_line(section, name)}\n", f"\n  {name}: {value}\n", 1)
    return head + section + tail


def _line(section: str, name: str) -> str:
    """What stands behind a name that belongs to the whole cloud."""
    return re.search(rf"^  {name}: (.*)$", section, re.MULTILINE)[1]


def _parts(text: str, cloud: str) -> tuple[str, str, str]:
    heading = re.search(rf"^{cloud}:\n", text, re.MULTILINE)
    end = re.compile(r"^[a-z]+:\n", re.MULTILINE).search(text, heading.end())
    begin, stop = heading.start(), end.start() if end else len(text)
    return text[:begin], text[begin:stop], text[stop:]


def _host(cloud: str) -> str:
    return ADDRESSES[cloud].removeprefix("https://").partition("?")[0]


def _fetch(address: str, cloud: str) -> Any:
    ask = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310 - https, or a test's
    if cloud == "hetzner":
        if not os.environ.get("HCLOUD_TOKEN"):
            raise RefreshError(
                "Hetzner tells its prices to those who have a project: set HCLOUD_TOKEN, reading is enough"
            )
        ask.add_header("Authorization", f"Bearer {os.environ['HCLOUD_TOKEN']}")
    try:
        with urllib.request.urlopen(ask, timeout=60) as answer:  # noqa: S310
            return json.load(answer)
    except (OSError, ValueError) as error:
        raise RefreshError(f"{address} could not be read: {error}") from error


def _hetzner(told: Any) -> dict[str, Decimal]:
    pricing = told["pricing"]
    if pricing["currency"] != "EUR":
        raise ValueError(f"currency {pricing['currency']}")

    def in_falkenstein(prices: list[dict[str, Any]]) -> Decimal | None:
        return next((_cents(p["price_monthly"]["net"]) for p in prices if p["location"] == "fsn1"), None)

    found = {kind["name"]: in_falkenstein(kind["prices"]) for kind in pricing["server_types"]}
    found["ipv4"] = next(in_falkenstein(ip["prices"]) for ip in pricing["primary_ips"] if ip["type"] == "ipv4")
    found["volume_gb"] = Decimal(pricing["volume"]["price_per_gb_month"]["net"]).quantize(Decimal("0.0001"))
    found["backup_percent"] = Decimal(pricing["server_backup"]["percentage"]).quantize(Decimal(1))
    return {name: amount for name, amount in found.items() if amount is not None}


def _scaleway(told: Any) -> dict[str, Decimal]:
    found = {}
    for product in told["products"]:
        if product["product_category"] == "Instance" and product["locality"].get("zone") == "fr-par-1":
            price = product["price"]["retail_price"]
            hourly = Decimal(price["units"]) + Decimal(price["nanos"]) / 10**9
            found[product["product"]] = _cents(hourly * HOURS)
    return found


def _ovhcloud(told: Any) -> dict[str, Decimal]:
    found = {}
    for addon in told["addons"]:
        name, _, kind = addon["planCode"].rpartition(".")
        if kind == "consumption":
            found[name] = _cents(Decimal(addon["pricings"][0]["price"]) / 10**8 * HOURS)
    return found


def _cents(amount: Any) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)


READERS: dict[str, Callable[[Any], dict[str, Decimal]]] = {
    "hetzner": _hetzner,
    "scaleway": _scaleway,
    "ovhcloud": _ovhcloud,
}

if __name__ == "__main__":
    sys.exit(main())
