"""Each fault is told by one mail, in time, and by one more when it is over; nothing else is told."""

import time
from itertools import pairwise

import pytest

from tests.monitoring.conftest import World
from tests.monitoring.faults import FAULTS

pytestmark = pytest.mark.needs("caddy", "blackbox_exporter", "node_exporter", "docker", "compose", "base-images")
PERIOD = 180
"""Seconds without a beat after which the outside service raises its alarm: a period of two minutes, one of grace."""


def test_all_is_well_before_anything_happens(world: World):
    assert all(server.mailbox.mails == [] for name, server in world.servers.items() if name != "first day")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_told_in_time_and_so_is_its_end(world: World, fault):
    story = world.story_of(fault)
    assert not story.failure
    assert story.told <= fault.within


@pytest.mark.parametrize("name", sorted({fault.server or fault.name for fault in FAULTS}))
def test_one_mail_for_each_fault_one_for_its_end_and_nothing_else(world: World, name):
    faults = [fault for fault in FAULTS if name in (fault.server, fault.name)]
    for fault in faults:
        world.story_of(fault)
    server = world.servers[name]
    subjects = sorted(mail.subject for mail in server.mailbox.mails)
    assert server.fired() == {fault.alert for fault in faults}, subjects
    assert len(subjects) == 2 * len(faults), subjects
    assert sum(subject.startswith("resolved") for subject in subjects) == len(faults), subjects


@pytest.mark.parametrize("name", ["calm", "calm, many visitors", "calm, few visitors"])
def test_calm_with_half_a_percent_of_errors_tells_nobody_anything(world: World, name):
    server = world.servers[name]
    time.sleep(max(0, 600 - (time.monotonic() - world.begun)))
    assert name == "calm, few visitors" or server.visitors.seen[500] >= 10, "there were no errors to be calm about"
    assert server.fired() == set()
    assert server.mailbox.mails == []


@pytest.mark.parametrize(("name", "within"), [("Prometheus is killed", 480), ("Alertmanager is killed", 240)])
def test_the_outside_service_notices_that_the_monitoring_is_dead(world: World, name, within):
    server = world.servers[name]
    time.sleep(max(0, within + PERIOD - (time.monotonic() - world.begun)))
    last = server.outside.beats[-1]
    alarm = last + PERIOD - world.begun
    print(f"{name}: last beat after {last - world.begun:.0f} s, alarm after {alarm:.0f} s")
    assert alarm < within
    assert server.mailbox.mails == []


def test_the_heartbeat_beats_every_minute_all_the_time(world: World):
    time.sleep(max(0, 300 - (time.monotonic() - world.begun)))
    pauses = [later - earlier for earlier, later in pairwise(world.servers["calm"].outside.beats)]
    assert len(pauses) > 4
    assert all(50 < pause < 75 for pause in pauses), pauses
