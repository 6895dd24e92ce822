"""What the record of releases says: what serves, where a rollback leads, which images stay, what Prometheus learns."""

import errno
import json
import os
import time

import pytest

from tests.fast.release_tool import record, tool

__all__ = ["tool"]


@pytest.mark.parametrize(
    ("attempts", "serving", "targets"),
    [
        ("", None, ""),
        ("A", "A", ""),
        ("A B", "B", "A"),
        ("A B C", "C", "B A"),
        ("A B!", "A", ""),  # went back by itself
        ("A B C!", "B", "A"),
        ("A B <A", "A", ""),  # B was taken out
        ("A B C <B", "B", "A"),
        ("A B C <B <A", "A", ""),  # twice: never to what was taken out
        ("A B C <A", "A", ""),  # what was passed by is taken out too
        ("A B C <A D", "D", "A"),
        ("A B <A B", "B", "A"),  # taken out, and released again
        ("A B <A C", "C", "A"),
        ("A B A", "A", "B"),  # the same image cannot be a way back
        ("A A B", "B", "A A"),  # new settings with the same image
        ("A B <A <B", "B", "A"),  # somebody named what had been taken out
        ("A1 A2", "A", "A"),  # bad settings are taken back like a bad image
        ("A1 A2 <A1", "A", ""),
        ("A1 B1 <A2", "A", ""),  # its settings were not kept: never to what was taken out all the same
        ("A1 B1 B2 <B1", "B", "A"),
    ],
)
def test_where_a_rollback_leads(tool, attempts, serving, targets):
    record(tool, *attempts.split())
    now = tool.records.serving()
    assert (now.image if now else None) == (f"image-{serving}" if serving else None)
    assert [target.image for target in tool.records.targets()] == [f"image-{name}" for name in targets.split()]


def test_images_of_the_last_five_good_releases_are_kept(tool):
    record(tool, *["A", "B", "C", "D!", "E", "F", "G", "G", "H"])
    assert tool.records.kept_images() == {f"image-{name}" for name in "CEFGH"}


def test_releases_are_numbered_on_also_after_a_torn_line(tool):
    record(tool, "A", "B")
    with tool.records.FILE.open("a") as stream:
        stream.write('{"release": "r3", "im')
    assert tool.records.next_id() == "r3"
    record(tool, "C")
    assert [release.image for release in tool.records.history()] == ["image-A", "image-B", "image-C"]
    assert tool.records.next_id() == "r4"


def test_a_full_disk_tears_no_line(tool, monkeypatch):
    record(tool, "A")
    before = tool.records.FILE.read_bytes()

    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tool.files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        record(tool, "B")
    assert tool.records.FILE.read_bytes() == before


def test_metrics_are_recomputed_from_the_record(tool):
    record(tool, "A", "B!", "C", "<A")
    tool.metrics.publish(tool.settings.read())
    told = dict(
        line.rsplit(" ", 1) for line in tool.settings.METRICS.read_text().splitlines() if not line.startswith("#")
    )
    labels = 'service="shop",environment="production"'
    assert told[f'deploy_total{{{labels},result="deployed"}}'] == "3"
    assert told[f'deploy_total{{{labels},result="rolled_back"}}'] == "1"
    assert told[f'deploy_total{{{labels},result="failed"}}'] == "0"
    assert told[f"deploy_rollback_total{{{labels}}}"] == "1"
    assert told[f"deploy_restore_seconds_count{{{labels}}}"] == "2"
    assert told[f'app_release_info{{{labels},release="r4",commit="",image="image-A"}}'] == "1"


def test_metrics_say_whether_a_release_is_in_progress(tool):
    record(tool, "A")
    for under_way in (True, False):
        tool.metrics.publish(tool.settings.read(), under_way=under_way)
        line = f'release_in_progress{{service="shop",environment="production"}} {int(under_way)}'
        assert line in tool.settings.METRICS.read_text().splitlines()


def test_a_backup_is_missed_only_where_one_is_made(tool):
    def figure() -> list[str]:
        tool.metrics.publish(tool.settings.read())
        lines = tool.settings.METRICS.read_text().splitlines()
        return [line.split()[-1] for line in lines if line.startswith("backup_last_success_timestamp_seconds{")]

    compose = tool.root / "opt/app/compose.yml"
    compose.write_text("services:\n  edge:\n    image: caddy\n")
    assert figure() == []
    compose.write_text("services:\n  backup:\n    image: backup\n")
    assert figure() == ["0"]
    tool.backups.remember("dump.sql.gz")
    assert abs(time.time() - int(figure()[0])) < 60


def test_metrics_that_cannot_be_written_are_no_reason_to_fail(tool, capsys, monkeypatch):
    monkeypatch.setattr(tool.metrics, "METRICS", tool.root / "opt/app/settings.env/release.prom")
    tool.metrics.publish(tool.settings.read())
    assert "could not be written" in capsys.readouterr().out


def test_history_and_status_say_the_same_to_people_and_programs(tool, capsys, monkeypatch):
    monkeypatch.setattr(tool.compose, "look", lambda colour: tool.compose.Container("running"))
    record(tool, "A", "B", "<A")
    assert tool.cli.main(["history", "--json"]) == 0
    attempts = json.loads(capsys.readouterr().out)
    assert [attempt["release"] for attempt in attempts] == ["r3", "r2", "r1"]
    assert tool.cli.main(["history"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == ["r3", "r2", "r1"]
    assert tool.cli.main(["status"]) == 0
    assert "shop production: r3 serves since" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("image", "allowed"),
    [
        ("ghcr.io/acme/shop@sha256:" + "a" * 64, True),
        ("ghcr.io/acme/shop@sha256:" + "a" * 63, False),
        ("ghcr.io/acme/shop@sha256:" + "A" * 64, False),
        ("ghcr.io/acme/shop@sha256:" + "a" * 64 + "\n", False),
        ("ghcr.io/acme/shop:latest", False),
        ("ghcr.io/acme/shop-evil@sha256:" + "a" * 64, False),
        ("ghcrxio/acme/shop@sha256:" + "a" * 64, False),
        ("evil.example.com/ghcr.io/acme/shop@sha256:" + "a" * 64, False),
    ],
)
def test_only_digests_of_the_own_repository_are_allowed(tool, image, allowed):
    if allowed:
        tool.settings.require_allowed(image, tool.settings.read())
    else:
        with pytest.raises(tool.outcome.Refused, match="is not allowed here"):
            tool.settings.require_allowed(image, tool.settings.read())


@pytest.mark.parametrize(
    ("line", "sentence"),
    [("DOMAIN=", None), ("WATCH_SECONDS=long", "holds a time that is no number"), ("", "lacks the line")],
)
def test_settings_that_are_wrong_are_refused_with_one_sentence(tool, line, sentence, capsys):
    file = tool.root / "opt/app/settings.env"
    text = file.read_text()
    file.write_text(text + line + "\n" if line else text.replace("PROJECT=shop", ""))
    code = tool.cli.main(["history"])
    assert code == (5 if sentence else 0)
    assert not sentence or sentence in capsys.readouterr().err


@pytest.mark.parametrize("words", [["deploy"], ["fly"], [], ["rollback", "3"], ["deploy", "x", "--act", "y"]])
def test_what_is_no_verb_is_refused_with_the_usage(tool, words, capsys):
    with pytest.raises(SystemExit) as ended:
        tool.cli.main(words)
    assert ended.value.code == 5
    assert "Usage: release VERB" in capsys.readouterr().err
