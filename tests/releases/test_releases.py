"""What a release promises, on a real Docker behind the real edge: nobody notices, and a bad one goes back."""

import asyncio
import signal
import subprocess
import time
import urllib.request

import pytest

from tests.releases.conftest import wait_until
from tests.releases.load import Load, ask


def run_under_load(*steps) -> Load:
    """Run blocking steps in order while customers ask; the load with what it counted."""

    async def story() -> Load:
        async with Load() as load:
            for step in steps:
                await asyncio.to_thread(step)
        print(load)
        return load

    return asyncio.run(story())


# ---- good releases -----------------------------------------------------------------------------------


def test_before_the_first_release_the_server_says_so(server):
    assert "nothing has been released yet" in server.release("status")
    assert server.status()["release"] is None
    assert server.history() == []


def test_a_first_release_serves(server):
    told = server.release("deploy", "good")
    assert "r1 is in service" in told
    assert server.serving() == "good"
    first = server.history()[0]
    assert (first["commit"], first["actor"], first["result"]) == ("0123abc", "test", "deployed")
    assert first["figures"]["probes"] > 1


def test_a_second_release_and_the_way_back_lose_no_request(server):
    server.release("deploy", "good")
    load = run_under_load(lambda: server.release("deploy", "better"), lambda: server.release("rollback"))
    assert load.failed == 0, load
    assert load.total > 1000
    assert set(load.bodies) == {"good", "better"}
    assert server.serving() == "good"
    assert server.running() == {"blue"}


def test_a_rollback_finds_the_container_that_served(server, docker):
    def container() -> str:
        return docker("inspect", "--format", "{{.Id}}", f"application-app-{server.status()['colour']}-1")

    server.release("deploy", "good")
    first = container()
    server.release("deploy", "better")
    told = server.release("rollback")
    print(told)
    assert container() == first


def test_a_rollback_takes_back_the_settings_that_the_release_ran_with(server):
    secrets = server.application / "application.env"
    secrets.write_text('GREETING="first"\n')
    server.release("deploy", "good")
    secrets.write_text('GREETING="second"\n')
    server.release("deploy", "current")
    assert ask("/greeting") == (200, "second")
    load = run_under_load(lambda: server.release("rollback"))
    assert load.failed == 0, load
    assert ask("/greeting") == (200, "first"), "a bad setting is taken back like a bad image"
    server.release("deploy", "better")
    assert ask("/greeting") == (200, "second"), "the next release gets the settings of now"
    server.release("deploy", "best")
    server.release("rollback", "r1")
    assert ask("/greeting") == (200, "first")
    kept = server.root / "var/lib/release/configurations"
    assert kept.stat().st_mode & 0o077 == 0
    assert {path.name for path in kept.iterdir()} >= {server.history()[0]["configuration"]}


def test_the_same_image_again_is_nothing_to_do_until_the_settings_change(server):
    server.release("deploy", "good")
    assert "nothing to do" in server.release("deploy", "good")
    (server.application / "application.env").write_text('GREETING="hello $$ you"\n')
    server.release("deploy", "current")
    assert server.status()["release"] == "r2"
    assert ask("/greeting") == (200, "hello $ you")


def test_a_reason_comes_by_standard_input_and_what_has_no_place_in_it_is_left_out(server):
    server.release("deploy", "good", "--input", words="REASON=the header, again \x1b[31m`rm`\n")
    assert server.history()[0]["reason"] == "the header, again   31m rm"
    assert "--input knows" in server.release("deploy", "better", "--input", words="PATH=/tmp\n", expect=5)


def test_prometheus_learns_of_releases(server):
    server.release("recover")
    metrics = server.root / "var/lib/node-exporter/release.prom"
    assert 'deploy_total{service="shop",environment="production",result="deployed"} 0' in metrics.read_text()
    server.release("deploy", "good")
    server.release("deploy", "unhealthy", expect=1)
    text = metrics.read_text()
    assert 'deploy_total{service="shop",environment="production",result="deployed"} 1' in text
    assert 'deploy_total{service="shop",environment="production",result="failed"} 1' in text
    assert 'deploy_last_success{service="shop",environment="production"} 0' in text
    assert 'app_release_info{service="shop",environment="production",release="r1",commit="0123abc"' in text


# ---- bad releases ------------------------------------------------------------------------------------


def test_a_release_that_fails_a_fifth_of_its_requests_goes_back_by_itself_and_says_why(server):
    server.release("deploy", "good")
    server.configure(WATCH_SECONDS=20)
    told = []
    load = run_under_load(lambda: told.append(server.release("deploy", "failing", expect=3)))
    bad = server.history()[0]
    print(f"exposed for {load.seconds('failing'):.2f} s: {bad['sentence']}")
    assert "r2 was rolled back: " in told[0]
    assert "requests failed (" in told[0] and "limit 5%" in told[0]
    assert not load.broken
    assert load.failed < 200
    assert load.seconds("failing") < 3
    assert server.serving() == "good"
    assert bad["result"] == "rolled_back"
    assert bad["figures"]["errors"] > 0
    assert server.running() == {"blue"}


def test_a_release_that_is_much_slower_goes_back_by_itself_and_says_why(server):
    server.release("deploy", "good")
    server.configure(WATCH_SECONDS=6)
    load = run_under_load(lambda: None, lambda: time.sleep(1), lambda: server.release("deploy", "slow", expect=3))
    assert load.failed == 0, load
    told = server.history()[0]["sentence"]
    print(f"exposed for {load.seconds('slow'):.2f} s: {told}")
    assert "requests took longer than 0.1 s; before, " in told
    assert server.serving() == "good"


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [("dying", "the container was restarted 1 time(s)"), ("fading", "own probes failed (status 500)")],
)
def test_a_release_that_turns_bad_without_any_visitor_goes_back_by_itself(server, behaviour, sentence):
    server.release("deploy", "good")
    server.configure(WATCH_SECONDS=30)
    begin = time.monotonic()
    told = server.release("deploy", behaviour, expect=3)
    print(f"{behaviour}: went back after {time.monotonic() - begin:.1f} s, of which 4 were good")
    assert sentence in told
    assert time.monotonic() - begin < 20
    assert server.serving() == "good"


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [("crashing", "this image crashes on purpose"), ("unhealthy", "was not healthy within 5 s: status 500")],
)
def test_a_release_that_does_not_start_well_never_gets_traffic(server, behaviour, sentence):
    server.release("deploy", "good")
    load = run_under_load(lambda: server.release("deploy", behaviour, expect=1))
    assert load.failed == 0, load
    assert set(load.bodies) == {"good"}
    assert sentence in server.history()[0]["sentence"]
    assert server.running() == {"blue"}


def test_the_log_of_the_edge_names_failed_requests_and_not_who_asked(server):
    server.release("deploy", "good")
    server.release("maintenance", "on")
    assert ask("/cart?token=s3cret")[0] == 503
    server.release("maintenance", "off")
    assert ask("/fine")[0] == 200
    subprocess.run(["docker", "stop", "application-app-blue-1"], check=True, capture_output=True)
    assert ask("/gone?token=s3cret")[0] == 502
    told = server.compose("logs", "edge")
    assert '"uri":"/cart"' in told and '"status":503' in told
    assert '"uri":"/gone"' in told and '"status":502' in told and "app-blue" in told
    assert "s3cret" not in told and "/fine" not in told
    assert "User-Agent" not in told and "remote_ip" not in told


def test_a_first_release_that_is_bad_leaves_nothing_in_service(server):
    server.release("deploy", "unhealthy", expect=1)
    assert server.status()["release"] is None
    server.configure(WATCH_SECONDS=10)
    server.release("deploy", "fading", expect=3)
    assert server.status()["colour"] is None
    server.release("deploy", "good")
    assert server.serving() == "good"


def test_what_is_not_allowed_is_refused(server):
    for image in ("docker.io/library/nginx@sha256:" + "0" * 64, "nginx:latest", "x; rm -rf /", "--help"):
        server.release("deploy", "--", image, expect=5)
    assert "is not allowed here" in server.release("deploy", server.images["good"].split("@")[0], expect=5)
    assert server.history() == []


def test_an_image_that_the_registry_does_not_have_changes_nothing(server):
    server.release("deploy", "good")
    gone = server.images["good"].split("@")[0] + "@sha256:" + "0" * 64
    assert "could not be pulled" in server.release("deploy", gone, expect=1)
    assert server.serving() == "good"


# ---- going back --------------------------------------------------------------------------------------


def test_a_second_rollback_never_returns_to_the_release_that_was_taken_out(server):
    for behaviour in ("good", "better", "best"):
        server.release("deploy", behaviour)
    begin = time.monotonic()
    server.release("rollback")
    print(f"a rollback took {time.monotonic() - begin:.1f} s")
    assert server.serving() == "better"
    server.release("rollback")
    assert server.serving() == "good"
    assert "no earlier good release" in server.release("rollback", expect=5)


def test_a_rollback_to_a_named_release_needs_no_registry(server):
    for behaviour in ("good", "better", "best"):
        server.release("deploy", behaviour)
    server.put_before_docker('[ "$1" != pull ] || exit 1')
    server.release("rollback", "r1")
    assert server.serving() == "good"
    assert (server.history()[0]["rollback_of"], server.history()[0]["rollback_to"]) == ("r3", "r1")
    assert "is what serves now" in server.release("rollback", "r1", expect=5)
    assert "there is no release r99" in server.release("rollback", "r99", expect=5)


def test_images_of_the_last_five_good_releases_stay_and_older_ones_go(server, docker):
    server.configure(WATCH_SECONDS=0)
    released = ["good", "better", "best", "brave", "calm", "kind", "nice"]
    for behaviour in released:
        server.release("deploy", behaviour)
    here = docker("image", "ls", "--digests", "--format", "{{.Repository}}@{{.Digest}}")
    assert [behaviour for behaviour in released if server.images[behaviour] in here] == released[2:]
    server.release("rollback", "r1")
    assert server.serving() == "good"


# ---- for people ------------------------------------------------------------------------------------------------


def test_logs_and_exec_reach_the_container_that_serves(server):
    server.release("deploy", "good")
    assert "listening as good" in server.release("logs", "--tail", "5")
    server.release("deploy", "better")
    assert "listening as better" in server.release("logs")
    assert server.release("exec", "/application", "greet", "two words") == "better greets two words\n"
    server.release("exec", "/application", "fail", expect=1)


# ---- interruptions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "serving", "result"),
    [
        ("fetched", "good", None),
        ("starting", "good", "failed"),
        ("the new colour started", "good", "failed"),
        ("verifying", "good", "failed"),
        ("switching", "good", "failed"),
        ("switched", "good", "rolled_back"),
        ("watching", "good", "rolled_back"),
        ("recorded", "better", "deployed"),
        ("the former colour stopped", "better", "deployed"),
    ],
)
def test_after_kill_9_at_any_moment_one_release_serves_and_nobody_noticed(server, moment, serving, result):
    server.release("deploy", "good")
    load = run_under_load(
        lambda: server.release("deploy", "better", killed=moment, expect=-signal.SIGKILL),
        lambda: server.release("recover"),
    )
    assert load.failed == 0, load
    assert server.serving() == serving
    assert server.results() == ["deployed", result][: 2 if result else 1]
    assert server.status()["under_way"] is None
    assert len(server.running()) == 1
    server.release("deploy", "best")
    assert server.serving() == "best"


@pytest.mark.parametrize("moment", ["verifying", "switched", "recorded"])
def test_after_kill_9_in_a_rollback_one_release_serves(server, moment):
    server.release("deploy", "good")
    server.release("deploy", "better")
    load = run_under_load(
        lambda: server.release("rollback", killed=moment, expect=-signal.SIGKILL), lambda: server.release("recover")
    )
    assert load.failed == 0, load
    assert server.serving() == ("better" if moment == "verifying" else "good")
    assert len(server.running()) == 1


def test_after_kill_9_on_the_way_back_the_bad_release_stays_out(server):
    server.release("deploy", "good")
    server.configure(WATCH_SECONDS=20)
    server.release("deploy", "fading", killed="going back", expect=-signal.SIGKILL)
    server.release("recover")
    assert server.serving() == "good"
    assert server.results() == ["deployed", "rolled_back"]


def test_a_command_that_outlives_a_killed_release_keeps_the_next_one_waiting(server):
    server.release("deploy", "good")
    server.put_before_docker('case "$*" in *" up "*) touch at-work; sleep 3 ;; esac')
    process = server.start("deploy", "better")
    wait_until((server.root / "at-work").exists, "Compose was never called")
    process.kill()
    process.communicate()
    assert server.release("recover") == "", "Compose is still at work"
    begin = time.monotonic()
    server.release("deploy", "best")
    assert time.monotonic() - begin > 3
    assert server.serving() == "best"
    assert server.results() == ["deployed", "failed", "deployed"]


@pytest.mark.parametrize(("phase", "code", "result"), [("verifying", 1, "failed"), ("watching", 3, "rolled_back")])
def test_ctrl_c_goes_back_at_once(server, phase, code, result):
    server.release("deploy", "good")
    server.configure(WATCH_SECONDS=20)
    process = server.start("deploy", "unhealthy" if phase == "verifying" else "better")
    server.wait_for_phase(phase)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=30)
    assert process.returncode == code
    assert "it was interrupted (SIGINT)" in told and "Traceback" not in told
    assert server.serving() == "good"
    assert server.results() == ["deployed", result]


def test_a_lost_connection_does_not_stop_a_release(server):
    server.release("deploy", "good")
    process = server.start("deploy", "better")
    server.wait_for_phase("starting")
    process.stdout.close()
    process.send_signal(signal.SIGHUP)
    assert process.wait(60) == 0
    assert server.serving() == "better"


def test_two_releases_at_once_run_one_after_the_other(server):
    server.release("deploy", "good")

    def both() -> None:
        first = server.start("deploy", "better")
        server.wait_for_phase("starting")
        assert "test is releasing since" in server.release("deploy", "best")
        assert first.wait() == 0

    load = run_under_load(both)
    assert load.failed == 0, load
    assert server.serving() == "best"
    assert server.results() == ["deployed"] * 3


def test_a_release_that_has_to_wait_too_long_gives_up(server):
    server.configure(LOCK_SECONDS=1)
    process = server.start("deploy", "good")
    server.wait_for_phase("watching")
    assert "test is releasing since" in server.release("deploy", "better", expect=4)
    assert process.wait() == 0


def test_the_record_survives_a_line_torn_by_a_power_cut(server):
    server.release("deploy", "good")
    with (server.root / "var/lib/release/releases.jsonl").open("a") as stream:
        stream.write('{"release": "r2", "ima')
    assert server.serving() == "good"
    server.release("deploy", "better")
    assert server.results() == ["deployed", "deployed"]
    assert server.serving() == "better"


# ---- people ------------------------------------------------------------------------------------------


def test_maintenance_answers_503_and_is_taken_off_again(server):
    server.release("deploy", "good")
    server.release("maintenance", "on")
    assert ask()[0] == 503
    assert server.status()["maintenance"] is True
    server.release("deploy", "better")
    server.release("maintenance", "off")
    assert server.serving() == "better"


def test_maintenance_that_is_taken_off_in_the_watch_is_not_held_against_the_release(server):
    server.release("deploy", "good")
    server.configure(WATCH_SECONDS=6)

    def deploy_in_maintenance() -> None:
        server.release("maintenance", "on")
        process = server.start("deploy", "better")
        server.wait_for_phase("watching")
        time.sleep(1)
        server.release("maintenance", "off")
        told, _ = process.communicate()
        assert process.returncode == 0, told

    load = run_under_load(deploy_in_maintenance)
    assert load.statuses[503] > 100
    assert server.serving() == "better"


@pytest.mark.parametrize(
    "typed", [["up", "--detach"], ["up", "--detach", "--remove-orphans"], ["ps"], ["logs", "edge"]]
)
def test_a_person_who_types_docker_compose_does_no_harm(server, typed):
    server.release("deploy", "good")
    load = run_under_load(lambda: server.compose(*typed))
    assert load.failed == 0, load
    assert server.serving() == "good"


def test_a_person_cannot_start_a_colour_without_a_release_by_accident(server):
    server.release("deploy", "good")
    subprocess.run(["docker", "compose", "up", "--detach", "app-blue"], cwd=server.application, check=False)
    assert server.serving() == "good"


def test_probes_of_the_monitoring_get_an_answer_and_are_not_counted_as_visitors(server):
    server.release("deploy", "good")
    assert ask("/healthz", "HEAD") == (200, "")
    with urllib.request.urlopen("http://127.0.0.1:9180/metrics") as answer:
        counted = [line for line in answer.read().decode().splitlines() if "request_duration_seconds_count" in line]
    public = [line for line in counted if 'server="public"' in line and 'code="200"' in line]
    assert len(public) == 1
    assert 'method="HEAD"' in public[0]
