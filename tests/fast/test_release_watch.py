"""When the watch calls a release bad: right with no visitor, with a few and with many."""

import math

import pytest

from tests.fast.release_tool import tool

__all__ = ["tool"]


def judged(tool, requests, errors, before=(0, 0), probe="", container=None, looks=1, suspended=False):
    """The verdict after some looks at counters that stand still."""
    counts = tool.counters.Counts
    watch = tool.watch.Watch(
        container=lambda: container or tool.compose.Container("running"),
        probe=lambda: probe,
        counts=lambda: counts(1000 + requests, 7 + errors),
        at_switch=counts(1000, 7),
        before=counts(*before),
        usual=counts(),
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
    assert tool.counters.Counts(40, 2).since(tool.counters.Counts(1000, 7)) == tool.counters.Counts(40, 2)


# ---- latency: so many answers within each bound of the edge's histogram -------------------------------------------

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, math.inf)


def answers(tool, *groups: tuple[int, float]):
    """Counters after groups of so many requests that took so many seconds."""
    within = {bound: sum(count for count, seconds in groups if seconds <= bound) for bound in BOUNDS}
    return tool.counters.Counts(within[math.inf], 0, within)


def judged_slow(tool, usual, seen, settle_seconds=0.0):
    watch = tool.watch.Watch(
        container=lambda: tool.compose.Container("running"), probe=lambda: "", counts=lambda: seen,
        at_switch=tool.counters.Counts(), before=tool.counters.Counts(), usual=usual, suspended=lambda: False,
        settle_seconds=settle_seconds,
    )  # fmt: skip
    return watch.look()


@pytest.mark.parametrize(
    ("usual", "seen", "sentence"),
    [
        # Five times as slow.
        ([(1000, 0.04)], [(100, 0.2)], "100% of 100 requests took longer than 0.1 s; before, 0% did"),
        ([(1000, 0.08)], [(100, 0.4)], "100% of 100 requests took longer than 0.25 s; before, 0% did"),
        (
            [(980, 0.08), (20, 3)],
            [(40, 0.08), (60, 0.4)],
            "60% of 100 requests took longer than 0.25 s; before, 2% did",
        ),
        # As before, a little slower, or so fast that nobody sees it.
        ([(1000, 0.04)], [(100, 0.04)], ""),
        ([(1000, 0.04)], [(100, 0.09)], ""),
        ([(1000, 0.004)], [(100, 0.09)], ""),
        # One slow page among many, as before; one request of a minute; the slow half of a mix.
        ([(900, 0.02), (100, 2)], [(100, 2)], ""),
        ([(1000, 0.04)], [(99, 0.04), (1, 60)], ""),
        ([(1000, 0.04)], [(50, 0.04), (50, 0.2)], ""),
        # Too few to say anything, before or now.
        ([(49, 0.04)], [(100, 0.2)], ""),
        ([(1000, 0.04)], [(49, 0.2)], ""),
        # It was slow already.
        ([(1000, 8)], [(100, 20)], ""),
    ],
)
def test_a_release_must_be_about_as_fast_as_the_one_before(tool, usual, seen, sentence):
    assert judged_slow(tool, answers(tool, *usual), answers(tool, *seen)) == sentence


def test_the_first_seconds_of_a_release_may_be_slow(tool):
    usual, seen = answers(tool, (1000, 0.04)), answers(tool, (100, 0.2))
    assert judged_slow(tool, usual, seen, settle_seconds=20) == ""


def test_what_is_usual_survives_in_the_record(tool):
    counts = answers(tool, (1000, 0.04), (5, 70))
    release = tool.records.Release("r1", "image-a", "ada", counts=vars(counts))
    tool.records.write(release, "deployed")
    assert tool.records.counts_at_confirmation() == counts


def test_counters_of_probes_previews_websockets_and_grafana_are_not_visitors(tool):
    name = "caddy_http_request_duration_seconds_count"
    lines = [
        f'{name}{{code="200",handler="subroute",method="GET",server="public"}} 10',
        f'{name}{{code="502",handler="subroute",method="POST",server="public"}} 2',
        f'{name}{{code="200",handler="subroute",method="HEAD",server="public"}} 100',
        f'{name}{{code="101",handler="subroute",method="GET",server="public"}} 100',
        f'{name}{{code="500",handler="subroute",method="GET",server="preview"}} 100',
        f'{name}{{code="404",handler="subroute",method="GET",server="public"}} 1e+06',
        f'{name}{{code="502",handler="subroute",host="grafana.shop.example.com",method="GET",server="public"}} 50',
    ]
    assert tool.counters.understand("\n".join(lines)) == tool.counters.Counts(1000012, 2)


def test_the_times_of_failed_requests_do_not_count(tool):
    name = "caddy_http_response_duration_seconds_bucket"
    lines = [
        f'{name}{{code="200",handler="subroute",method="GET",server="public",le="0.1"}} 10',
        f'{name}{{code="200",handler="subroute",method="GET",server="public",le="+Inf"}} 12',
        f'{name}{{code="201",handler="subroute",method="POST",server="public",le="+Inf"}} 3',
        f'{name}{{code="502",handler="subroute",method="GET",server="public",le="+Inf"}} 100',
        f'{name}{{code="499",handler="subroute",method="GET",server="public",le="+Inf"}} 100',
    ]
    assert tool.counters.understand("\n".join(lines)).within == {0.1: 10, math.inf: 15}
