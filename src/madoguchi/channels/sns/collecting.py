"""The thread that listens: one station for each network of each town that has switched it on."""

import os
import random
import time
from collections.abc import Mapping

from django.conf import settings

from madoguchi.channels import registry
from madoguchi.channels.sns import setup as setups
from madoguchi.channels.sns.data import CHANNEL
from madoguchi.channels.sns.hearing_bluesky import BlueskyStation
from madoguchi.channels.sns.hearing_mastodon import MastodonStation
from madoguchi.channels.sns.reach import Caller
from madoguchi.channels.sns.setup import Setup
from madoguchi.channels.sns.station import Means, Station
from madoguchi.channels.sns.taking import Terms
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

PAUSE_S = 2.0

Key = tuple[int, str, str]
"""(town id, network, everything that the station was made from)"""


class Stations:
    """The open connections of this process; they follow what the towns set."""

    def __init__(self, means: Means, environment: Mapping[str, str]) -> None:
        self._means = means
        self._environment = environment
        self._open: dict[Key, Station] = {}

    def step(self) -> int:
        """Look after every town once; how many frames came."""
        wanted: dict[Key, Setup] = {}
        for town in registry.towns_of(CHANNEL):
            if setups.KEEPER.of(town):
                wanted |= self._wanted(town)
        for key in self._open.keys() - wanted.keys():
            self._open.pop(key).close()
        found = 0
        for key, setup in wanted.items():
            with current.use(setup.town_id):
                if key not in self._open:
                    self._open[key] = self._station(key[1], setup)
                found += self._open[key].step()
        return found

    def close(self) -> None:
        """Hang up everywhere."""
        for station in self._open.values():
            station.close()
        self._open.clear()

    def _wanted(self, town: Town) -> dict[Key, Setup]:
        """The stations of a town; a changed setting makes another station."""
        setup = setups.read(town, self._environment)
        made_from = repr(sorted(setups.KEEPER.of(town).items(), key=str))
        networks = [("mastodon", setup.mastodon), ("bluesky", setup.bluesky)]
        return {(town.pk, name, made_from): setup for name, on in networks if on is not None}

    def _station(self, network: str, setup: Setup) -> Station:
        in_order = network == "bluesky"
        terms = Terms(setup.sieve.lets_in, setup.daily_limit, remembers=not in_order)
        if network == "mastodon":
            assert setup.mastodon is not None
            return MastodonStation(setup.mastodon, terms, self._means)
        assert setup.bluesky is not None
        return BlueskyStation(setup.bluesky, terms, self._means)


_stations: list[Stations] = []


def step() -> int:
    """What the thread does again and again."""
    if not _stations:
        caller = Caller(local=settings.SNS_LOCAL)
        # Only spreads reconnects in time: nothing secret hangs on it.
        luck = random.random
        _stations.append(Stations(Means(caller, time.monotonic, luck), os.environ))
    return _stations[0].step()
