"""What a release promises, on a real Docker behind the real edge: nobody notices, and a bad one goes back."""

import asyncio
import json
import signal
import time

import pytest

from tests.releases.load import Load, ask


def run_under_load(*steps) -> Load:
    """Run blocking steps in order while customers ask; the load with what it counted."""

    async def story() -> Load:
        async with Load() as load:
            for step in steps:
                await asyncio.to_thread(step)
        return load

    return asyncio.run(story())


def test_before_the_first_release_the_server_says_so(server):
    assert "nothing has been released yet" in server.release("status")
    assert server.status()["release"] is None
    assert server.history() == []


def test_a_first_release_serves(server):
    server.release("deploy", "good")
    assert ask() == 200
    assert server.serving() == "good"
    assert server.history()[0]["commit"] == "0123abc"


def test_a_second_release_and_the_way_back_lose_no_request(server):
    server.release("deploy", "good")
    load = run_under_load(lambda: server.release("deploy", "better"), lambda: server.release("rollback"))
    print(f"{load.failed} of {load.total} requests failed: {dict(load.bodies)}")
    assert load.failed == 0, load.broken[:3]
    assert load.total > 1000
    assert set(load.bodies) == {"good", "better"}
    assert server.serving() == "good"


def test_a_release_that_fails_a_fifth_of_its_requests_goes_back_by_itself_and_says_why(server):
    server.release("deploy", "good")
    told = []
    load = run_under_load(lambda: told.append(server.release("deploy", "failing", expect=3)))
    figures = server.history()[0]["figures"]
    print(f"{load.failed} of {load.total} requests failed, all of them the bad release's own: {figures}")
    assert "requests failed (" in told[0] and "limit" in told[0]
    assert not load.broken
    assert load.failed < 200
    assert server.serving() == "good"
    assert server.history()[0]["result"] == "rolled back"


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [("crashing", "this image crashes on purpose"), ("unhealthy", "was not healthy within 8 s: status 500")],
)
def test_a_release_that_does_not_start_well_never_gets_traffic(server, behaviour, sentence):
    server.release("deploy", "good")
    load = run_under_load(lambda: server.release("deploy", behaviour, expect=1))
    assert load.failed == 0
    assert set(load.bodies) == {"good"}
    assert sentence in server.history()[0]["sentence"]


def test_a_first_release_that_is_bad_leaves_nothing_in_service(server):
    server.release("deploy", "unhealthy", expect=1)
    assert server.status()["release"] is None
    server.release("deploy", "good")
    assert server.serving() == "good"


def test_a_second_rollback_never_returns_to_the_release_that_was_taken_out(server):
    for behaviour in ("good", "better", "best"):
        server.release("deploy", behaviour)
    server.release("rollback")
    assert server.serving() == "better"
    server.release("rollback")
    assert server.serving() == "good"
    assert "no earlier good release" in server.release("rollback", expect=5)


def test_a_rollback_to_a_named_release(server):
    for behaviour in ("good", "better", "best"):
        server.release("deploy", behaviour)
    server.release("rollback", "r1")
    assert server.serving() == "good"
    assert "is what serves now" in server.release("rollback", "r1", expect=5)
    assert "there is no release r99" in server.release("rollback", "r99", expect=5)


def test_an_image_of_another_repository_or_a_tag_is_refused(server):
    for image in ("docker.io/library/nginx@sha256:" + "0" * 64, "nginx:latest", "x; rm -rf /"):
        assert "is not allowed here" in server.release("deploy", image, expect=5)
    assert server.history() == []


def test_an_image_that_the_registry_does_not_have_changes_nothing(server):
    server.release("deploy", "good")
    gone = server.images["good"].split("@")[0] + "@sha256:" + "0" * 64
    assert "could not be pulled" in server.release("deploy", gone, expect=1)
    assert server.serving() == "good"


def test_the_same_image_again_is_nothing_to_do_until_the_configuration_changes(server):
    server.release("deploy", "good")
    assert "nothing to do" in server.release("deploy", "good")
    (server.root / "opt/app/application.env").write_text('GREETING="hello"\n')
    server.release("deploy", "current")
    assert server.status()["release"] == "r2"


@pytest.mark.parametrize("seconds", [0.3, 1.0, 3.0])
def test_a_killed_release_leaves_one_confirmed_release_and_the_next_command_repairs(server, seconds):
    server.release("deploy", "good")

    def kill() -> None:
        process = server.start("deploy", "better")
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        server.release("recover")

    load = run_under_load(kill)
    assert load.failed == 0, load.broken[:3]
    assert server.serving() == "good"
    assert ask() == 200
    assert server.status()["under_way"] is None
    server.release("deploy", "better")
    assert server.serving() == "better"


def test_two_releases_at_once_run_one_after_the_other(server):
    server.release("deploy", "good")
    first = server.start("deploy", "better")
    time.sleep(1)
    second = server.release("deploy", "best")
    first.communicate()
    assert "test is releasing since" in second
    assert server.serving() == "best"
    assert [attempt["result"] for attempt in server.history()] == ["deployed"] * 3


def test_a_lost_connection_does_not_stop_a_release(server):
    server.release("deploy", "good")
    process = server.start("deploy", "better")
    time.sleep(1)
    process.stdout.close()
    process.send_signal(signal.SIGHUP)
    assert process.wait(60) == 0
    assert server.serving() == "better"


def test_maintenance_answers_503_and_is_taken_off_again(server):
    server.release("deploy", "good")
    server.release("maintenance", "on")
    assert ask() == 503
    assert server.status()["maintenance"] is True
    server.release("maintenance", "off")
    assert ask() == 200


def test_a_person_who_types_docker_compose_up_does_no_harm(server):
    server.release("deploy", "good")
    load = run_under_load(lambda: server.compose("up", "--detach"))
    assert load.failed == 0
    assert server.serving() == "good"


def test_prometheus_learns_of_releases(server):
    server.release("deploy", "good")
    server.release("deploy", "unhealthy", expect=1)
    text = (server.root / "var/lib/node-exporter/release.prom").read_text()
    assert 'deploy_total{service="shop",environment="production",result="deployed"} 1' in text
    assert 'deploy_total{service="shop",environment="production",result="failed"} 1' in text
    assert 'app_release_info{service="shop",environment="production",release="r1"' in text


def test_the_record_survives_a_line_torn_by_a_power_cut(server):
    server.release("deploy", "good")
    record = server.root / "var/lib/release/releases.jsonl"
    with record.open("a") as stream:
        stream.write('{"release": "r2", "ima')
    assert server.serving() == "good"
    server.release("deploy", "better")
    assert json.loads(server.release("history", "--json"))[0]["image"] == server.images["better"]
