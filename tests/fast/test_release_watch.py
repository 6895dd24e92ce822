"""When the watch calls a release bad: right with no visitor, with a few and with many."""

import pytest

from tests.fast.release_tool import tool

__all__ = ["tool"]


def judged(tool, requests, errors, before=(0, 0), probe="", container=None, looks=1, suspended=False):
    """The verdict after some looks at counters that stand still."""
    counts = tool.edge.Counts
    watch = tool.watch.Watch(
        container=lambda: container or tool.compose.Container("running"),
        probe=lambda: probe,
        counts=lambda: counts(1000 + requests, 7 + errors),
        at_switch=counts(1000, 7),
        before=counts(*before),
        suspended=lambda: suspended,
    )
    return next((verdict for verdict in (watch.look() for _ in range(looks)) if verdict), "")


@pytest.mark.parametrize(
    ("requests", "errors", "before", "sentence"),
    [
        (0, 0, (0, 0), ""),
        (1, 1, (0, 0), ""),  # one visitor's bad luck
        (4, 4, (0, 0), ""),
        (5, 5, (0, 0), "5 of 5 requests failed (100%, limit 20%)"),
        (24, 5, (0, 0), "5 of 24 requests failed (21%, limit 20%)"),
        (25, 5, (0, 0), ""),
        (49, 9, (0, 0), ""),
        (50, 3, (0, 0), "3 of 50 requests failed (6%, limit 5%)"),
        (10000, 500, (0, 0), ""),
        (10000, 501, (0, 0), "501 of 10000 requests failed (5%, limit 5%)"),
        # What the release before failed is no fault of this one, if it is more than noise.
        (1000, 200, (100, 17), ""),
        (1000, 230, (100, 17), "230 of 1000 requests failed (23%, limit 22%)"),
        (1000, 100, (2, 1), "100 of 1000 requests failed (10%, limit 5%)"),
    ],
)
def test_customers_requests(tool, requests, errors, before, sentence):
    assert judged(tool, requests, errors, before) == sentence


@pytest.mark.parametrize(("looks", "sentence"), [(2, ""), (3, "3 of 3 own probes failed (status 500)")])
def test_own_probes(tool, looks, sentence):
    assert judged(tool, 0, 0, probe="status 500", looks=looks) == sentence


@pytest.mark.parametrize(
    ("state", "restarts", "sentence"),
    [
        ("running", 0, ""),
        ("running", 1, "the container was restarted 1 time(s)"),
        ("exited", 0, "the container ended"),
        ("missing", 0, "the container ended"),
        ("unknown", 0, ""),  # Docker is being updated; the probes see whether the application answers
    ],
)
def test_the_container(tool, state, restarts, sentence):
    assert judged(tool, 0, 0, container=tool.compose.Container(state, restarts)) == sentence


def test_answers_of_maintenance_are_nobodys_fault(tool):
    assert judged(tool, 1000, 1000, suspended=True) == ""


def test_an_edge_that_was_restarted_counts_from_zero(tool):
    assert tool.edge.Counts(40, 2).since(tool.edge.Counts(1000, 7)) == tool.edge.Counts(40, 2)


def test_counters_of_probes_previews_and_websockets_are_not_visitors(tool):
    name = "caddy_http_request_duration_seconds_count"
    lines = [
        f'{name}{{code="200",handler="subroute",method="GET",server="public"}} 10',
        f'{name}{{code="502",handler="subroute",method="POST",server="public"}} 2',
        f'{name}{{code="200",handler="subroute",method="HEAD",server="public"}} 100',
        f'{name}{{code="101",handler="subroute",method="GET",server="public"}} 100',
        f'{name}{{code="500",handler="subroute",method="GET",server="preview"}} 100',
        f'{name}{{code="404",handler="subroute",method="GET",server="public"}} 1e+06',
    ]
    assert tool.edge.read_counts("\n".join(lines)) == tool.edge.Counts(1000012, 2)
