"""Thirty days of ordinary traffic with one error in a thousand requests wake nobody, however few or many come: the
generated rules, evaluated by the real Prometheus every half minute of those days."""

import json
import math
import random
import subprocess
from pathlib import Path

import yaml

from tests.generation import ROOT

RULES = ROOT / "templates/monitoring/prometheus/rules"
SCRAPE, EVALUATION = 15, 30
"""Seconds between two measurements, and between two looks at the rules."""
LEVELS = 0.2, 1, 3, 10, 60, 300, 600
"""Requests a minute, each of a service of its own."""
DAY = 24 * 3600 // SCRAPE
ERRORS = 0.001
NEEDED = {"HighErrorRate", "ServiceDown"}
"""What wakes somebody because of visitors. What it needs of the recorded series is found out below."""
COUNT = 'caddy_http_request_duration_seconds_count{{job="edge",instance="edge",server="public",method="GET",code="{}",service="at {} a minute",environment="production"}}'  # noqa: E501


def needed_rules() -> dict:
    """The rules of NEEDED and the recorded series that they ask for, and no others: those take their time."""
    groups = [
        group for file in sorted(RULES.glob("*.yml")) for group in yaml.safe_load(file.read_text("utf-8"))["groups"]
    ]
    wanted = " ".join(rule["expr"] for group in groups for rule in group["rules"] if rule.get("alert") in NEEDED)
    while True:
        more = [
            rule["expr"]
            for group in groups
            for rule in group["rules"]
            if rule.get("record", "-") in wanted and rule["expr"] not in wanted
        ]
        if not more:
            break
        wanted = " ".join([wanted, *more])
    for group in groups:
        group["rules"] = [r for r in group["rules"] if r.get("alert") in NEEDED or r.get("record", "-") in wanted]
    return {"groups": [group for group in groups if group["rules"]]}


def poisson(chance: random.Random, mean: float) -> int:
    """A random number of independent events: by Knuth's method, for many by the normal distribution."""
    if mean > 30:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, product, events = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        events += 1
    return events


def counter(chance: random.Random, each: list[float]) -> str:
    """A counter that begins at 0, as promtool reads it; `each`: how many are to be expected between two scrapes."""
    total, told = 0, ["0"]
    for mean in each:
        total += poisson(chance, mean)
        told.append(str(total))
    return " ".join(told)


def pages(toolbox, folder: Path, visitors: dict[float, tuple[list[float], list[float]]]) -> str:
    """What promtool says of services for which somebody is woken; by requests a minute the good and the bad ones that
    are to be expected between two scrapes."""
    rules = needed_rules()
    (folder / "rules.yml").write_text(json.dumps(rules))
    seconds = SCRAPE * len(next(iter(visitors.values()))[0])
    case = {
        "interval": f"{SCRAPE}s",
        "input_series": [
            {"series": COUNT.format(code, level), "values": counter(random.Random(f"{level} {code}"), each)}  # noqa: S311
            for level, (good, bad) in visitors.items()
            for code, each in ((200, good), (500, bad))
        ],
        "promql_expr_test": [
            {"expr": f'count by (service) (count_over_time(ALERTS{{alertstate="firing"}}[{seconds}s]))',
             "eval_time": f"{seconds}s", "exp_samples": []},
        ],
    }  # fmt: skip
    told = {"rule_files": ["rules.yml"], "evaluation_interval": f"{EVALUATION}s", "tests": [case],
            "group_eval_order": [group["name"] for group in rules["groups"]]}  # fmt: skip
    (folder / "case.yml").write_text(json.dumps(told))
    done = subprocess.run([toolbox("promtool"), "test", "rules", folder / "case.yml"], capture_output=True, text=True,
                          check=False)  # fmt: skip
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_thirty_ordinary_days_wake_nobody(toolbox, tmp_path):
    means = {level: level * SCRAPE / 60 for level in LEVELS}
    days = {level: ([mean * (1 - ERRORS)] * 30 * DAY, [mean * ERRORS] * 30 * DAY) for level, mean in means.items()}
    assert pages(toolbox, tmp_path, days) == ""


def test_the_simulation_sees_twenty_bad_minutes(toolbox, tmp_path):
    hour, bad = 3600 // SCRAPE, 1200 // SCRAPE
    days = {}
    for level in (3, 60, 600):
        mean = level * SCRAPE / 60
        good = [mean] * hour + [mean * 0.6] * bad + [mean] * hour
        days[level] = (good, [0.0] * hour + [mean * 0.4] * bad + [0.0] * hour)
    told = pages(toolbox, tmp_path, days)
    assert all(f'service="at {level} a minute"' in told for level in days), told
