from datetime import timedelta

from madoguchi.kernel.clock import api as time
from madoguchi.kernel.measures import api
from madoguchi.kernel.towns import current


def span():
    return time.now() - timedelta(hours=1), time.now() + timedelta(seconds=1)


def test_events_are_counted_with_their_values(town):
    for minutes in (10.0, 20.0, 60.0):
        api.note("disaster", "answered", minutes, channel="line")
    api.note("disaster", "answered", channel="web")
    api.note("disaster", "opened", 1.0)
    assert api.tally("disaster", "answered", *span()) == api.Tally(4, 3, 90.0, 30.0, 10.0, 60.0)
    assert api.tally("disaster", "answered", *span(), channel="line").count == 3
    assert api.tally("disaster", "answered", *span(), channel="web").total == 0.0
    assert api.tally("disaster", "none", *span()) == api.Tally(0, 0, 0.0, None, None, None)


def test_the_span_holds_its_begin_and_not_its_end(town, clock):
    begin = time.now()
    api.note("s", "n")
    clock.advance(timedelta(minutes=1))
    api.note("s", "n")
    assert api.tally("s", "n", begin, time.now()).count == 1


def test_another_town_counts_for_itself(town, other_town):
    api.note("s", "n")
    with current.use(other_town.pk):
        assert api.tally("s", "n", *span()).count == 0
