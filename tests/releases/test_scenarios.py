"""What happens to a server in its years: the disk fills up, memory leaks, clocks jump, and customers keep open what
they have while it is released to."""

import socket
import subprocess
import threading
import time

import pytest

from tests.releases.conftest import wait_until
from tests.releases.load import ADDRESS, TLS, ask
from tests.releases.test_releases import run_under_load


def test_a_full_disk_at_any_write_loses_no_request_and_the_next_command_repairs(server):
    server.release("deploy", "good")
    ended = []

    def fill_up_at_every_write() -> None:
        for write in range(1, 40):
            image = "better" if server.serving() == "good" else "good"
            before = server.serving()
            told = server.release("deploy", image, full=write, expect=None)
            assert "Traceback" not in told
            server.release("recover")
            ended.append(server.serving())
            assert len(server.running()) == 1
            if ended[-1] != before:
                return

    load = run_under_load(fill_up_at_every_write)
    print(f"{len(ended)} writes; serving after each: {ended}")
    assert load.failed == 0, load
    assert len(ended) > 5, "the disk was never full"
    assert ended[-1] == "better", "a release with space for all of its writes does not serve"


def test_a_release_that_leaks_memory_goes_back_when_it_is_killed(server):
    server.release("deploy", "good")
    server.configure(WATCH_SECONDS=30, APPLICATION_MEMORY="64m")
    told = server.release("deploy", "leaking", expect=3)
    assert "the container was restarted 1 time(s)" in told
    assert server.serving() == "good"


def test_an_image_without_the_health_path_never_gets_traffic(server):
    server.release("deploy", "good")
    load = run_under_load(lambda: server.release("deploy", "healthless", expect=1))
    assert load.failed == 0, load
    assert "/healthz was not healthy within 5 s: status 404" in server.history()[0]["sentence"]
    assert server.serving() == "good"


def test_a_rollback_by_three_releases_needs_no_registry(server):
    for image in ("good", "better", "best", "brave"):
        server.release("deploy", image)
    server.put_before_docker('[ "$1" != pull ] || exit 1')
    load = run_under_load(lambda: server.release("rollback", "r1"))
    assert load.failed == 0, load
    assert server.serving() == "good"
    server.release("rollback", expect=5)


def test_a_clock_that_jumps_back_changes_nothing(server):
    server.release("deploy", "good")
    history = server.root / "var/lib/release/releases.jsonl"
    line = server.history()[0]
    ahead = history.read_text().replace(str(line["ended"]), str(line["ended"] + 86400))
    history.write_text(ahead)
    server.release("deploy", "better")
    assert server.serving() == "better"
    server.release("rollback")
    assert server.serving() == "good"
    assert [attempt["release"] for attempt in server.history()] == ["r3", "r2", "r1"]


# ---- what customers have open ------------------------------------------------------------------------------------


def switch_while(server, customer) -> None:
    """Release while a customer is busy, in a thread of their own."""
    server.release("deploy", "good")
    busy = threading.Thread(target=customer)
    busy.start()
    time.sleep(0.5)
    server.release("deploy", "better")
    busy.join(30)
    assert not busy.is_alive()
    assert server.serving() == "better"


def test_a_long_download_is_finished_by_the_release_that_began_it(server):
    got = []
    switch_while(server, lambda: got.append(ask("/download", seconds=20)))
    assert got == [(200, "\n".join(["good"] * 80))]


def test_a_websocket_lives_until_its_release_is_stopped_and_the_next_one_reaches_the_new_release(server):
    server.release("deploy", "good")
    first = open_websocket()
    server.release("deploy", "better")
    assert server.running() == {"green"}
    frames = read_to_the_end(first)
    assert frames.count(b"good") > 10, "it was cut at the switch"
    second = open_websocket()
    assert b"better" in second.recv(1000)
    second.close()


def open_websocket() -> socket.socket:
    connection = TLS.wrap_socket(socket.create_connection(ADDRESS, timeout=20), server_hostname="localhost")
    connection.sendall(
        b"GET /websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert b" 101 " in connection.recv(1000)
    return connection


def read_to_the_end(connection: socket.socket) -> bytes:
    found = b""
    try:
        while more := connection.recv(65536):
            found += more
    except OSError:
        pass  # the edge may reset it
    return found


@pytest.mark.needs("curl")
def test_one_http_2_connection_lives_through_a_release_and_the_way_back(server, tmp_path):
    server.release("deploy", "good")
    client = subprocess.Popen(
        ["curl", "--silent", "--insecure", "--http2", "--rate", "20/s",
         "--resolve", f"localhost:{ADDRESS[1]}:127.0.0.1", "--output", tmp_path / "answers",
         "--write-out", "%{http_code} %{http_version} %{num_connects}\n",
         f"https://localhost:{ADDRESS[1]}/?[1-200]"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until((tmp_path / "answers").exists, "the client does not start")
    server.release("deploy", "better")
    server.release("rollback")
    told = client.communicate(timeout=60)[0].splitlines()
    assert [line.rsplit(" ", 1)[0] for line in told] == ["200 2"] * 200
    assert sum(int(line.split()[-1]) for line in told) == 1, "it had to connect again"


# ---- many --------------------------------------------------------------------------------------------------------


@pytest.mark.needs("wrk")
def test_a_release_under_fifty_busy_connections_loses_none_of_forty_thousand_requests(server):
    server.release("deploy", "good")
    client = subprocess.Popen(
        ["wrk", "--threads", "2", "--connections", "50", "--duration", "25s", f"https://localhost:{ADDRESS[1]}/"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(1)
    server.release("deploy", "better")
    server.release("rollback")
    server.release("deploy", "best")
    told = client.communicate(timeout=60)[0]
    print(told)
    requests = int(told.split(" requests in ")[0].split()[-1])
    assert requests >= 40_000
    assert "Non-2xx" not in told and "Socket errors" not in told


def test_a_thousand_switches_lose_no_request(server):
    server.release("deploy", "good")
    server.release("deploy", "better", killed="watching", expect=-9)  # both colours run, nobody tidies up
    gate = server.application / "gate"

    def switch() -> None:
        for _ in range(1000):
            now, then = ("green", "blue") if (gate / "live-green").exists() else ("blue", "green")
            (gate / f"live-{now}").rename(gate / f"live-{then}")
            time.sleep(0.01)

    load = run_under_load(switch)
    assert load.failed == 0, load
    assert min(load.bodies["good"], load.bodies["better"]) > 1000
    server.release("recover")
