"""Monitoring: Prometheus, its rules and their tests, Alertmanager."""

from pathlib import Path

from richtfest.checks.outcome import Outcome, nothing_to_check, run


def prometheus(repository: Path) -> Outcome:
    """The configuration of Prometheus with all files that it names."""
    folder = repository / "monitoring" / "prometheus"
    if not (folder / "prometheus.yml").is_file():
        return nothing_to_check("prometheus", "promtool", "file monitoring/prometheus/prometheus.yml")
    return run("prometheus", ["promtool", "check", "config", "--syntax-only", "prometheus.yml"], folder)


def rules(repository: Path) -> Outcome:
    """Recording rules and alerts."""
    files = sorted((repository / "monitoring" / "prometheus" / "rules").glob("*.yml"))
    if not files:
        return nothing_to_check("rules", "promtool", "rule in monitoring/prometheus/rules")
    return run("rules", ["promtool", "check", "rules", *files], repository)


def rule_tests(repository: Path) -> Outcome:
    """The unit tests of the alerts."""
    files = sorted((repository / "monitoring" / "prometheus" / "tests").glob("*.yml"))
    if not files:
        return nothing_to_check("rule tests", "promtool", "test in monitoring/prometheus/tests")
    return run("rule tests", ["promtool", "test", "rules", *files], repository)


def alertmanager(repository: Path) -> Outcome:
    """Routes and receivers."""
    file = repository / "monitoring" / "alertmanager" / "alertmanager.yml"
    if not file.is_file():
        return nothing_to_check("alertmanager", "amtool", "file monitoring/alertmanager/alertmanager.yml")
    return run("alertmanager", ["amtool", "check-config", file], repository)


CHECKS = [prometheus, rules, rule_tests, alertmanager]
