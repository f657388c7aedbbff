"""The live map without sockets: a cached first load, then small changes by sequence number."""

import gzip
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import brotli

from madoguchi.kernel.cases import api as cases
from madoguchi.kernel.cases.data import CaseFilter
from madoguchi.services.disaster import open_posts
from madoguchi.services.disaster.data import SERVICE

FIELDS = (
    "id",
    "number",
    "lat",
    "lon",
    "radius_m",
    "accuracy",
    "urgency",
    "state",
    "categories",
    "title",
    "place_label",
    "witnesses",
    "doubtful",
    "ask_pending",
    "updated",
    "posts",
)
COLUMNS = (*FIELDS[:-2], "updated_at", "seq")
CASE_ID, WITNESSES = FIELDS.index("id"), FIELDS.index("witnesses")
SNAPSHOT_S = 30.0
MOST_CHANGES = 1000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything on the map up to ``seq``, compressed once for everybody."""

    seq: int
    made_at: float
    brotli: bytes
    gzip: bytes

    @property
    def etag(self) -> str:
        """Names this snapshot."""
        return f'"s{self.seq}"'


class Snapshots:
    """One snapshot a town, made again when it is old and something has changed.

    A snapshot may be up to ``SNAPSHOT_S`` old: the page asks for the changes since at once.
    """

    def __init__(self) -> None:
        self._made: dict[int, Snapshot] = {}
        self._lock = threading.Lock()

    def get(self, town_id: int) -> Snapshot:
        """The snapshot of the current town; only one thread makes it, the others wait."""
        with self._lock:
            known = self._made.get(town_id)
            now = time.monotonic()
            if known is not None:
                fresh = now - known.made_at < SNAPSHOT_S
                if fresh or known.seq == cases.last_seq():
                    return known
            made = self._make(now)
            self._made[town_id] = made
            return made

    def forget(self) -> None:
        """Drop everything (between tests)."""
        with self._lock:
            self._made.clear()

    @staticmethod
    def _make(now: float) -> Snapshot:
        seq = cases.last_seq()  # before the rows: what changes meanwhile is asked for again
        rows = cases.compact_rows(CaseFilter(service=SERVICE), COLUMNS)
        plain = encode(seq, rows, open_posts.counts())
        return Snapshot(
            seq, now, brotli.compress(plain, quality=5), gzip.compress(plain, compresslevel=6)
        )


snapshots = Snapshots()


def encode(
    seq: int, rows: Sequence[Sequence[Any]], posts: Mapping[int, int], *, more: bool = False
) -> bytes:
    """The JSON that the map reads: field names once, then one list a row (see ``FIELDS``).

    ``posts``: how many open posts tell of a case, by its id; they are no witnesses.
    """
    shown = [_row(row, posts.get(row[CASE_ID], 0)) for row in rows]
    body = {"seq": seq, "more": more, "fields": FIELDS, "rows": shown}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def changes(since: int) -> tuple[int, bytes]:
    """What changed after ``since``: the new sequence number and the JSON.

    At most ``MOST_CHANGES`` rows; ``more`` tells the page to ask again at once.
    """
    seq = cases.last_seq()
    rows = cases.changes_since(since, MOST_CHANGES, service=SERVICE, columns=COLUMNS)
    more = len(rows) == MOST_CHANGES
    if rows:
        seq = rows[-1][-1] if more else max(seq, rows[-1][-1])
    posts = open_posts.counts([row[CASE_ID] for row in rows]) if rows else {}
    return seq, encode(seq, rows, posts, more=more)


def _row(row: Sequence[Any], posts: int) -> list[Any]:
    """One case: coordinates to a metre, the time of the change in seconds, no sequence number."""
    *shown, updated_at, _seq = row
    for column in (2, 3):
        if shown[column] is not None:
            shown[column] = round(shown[column], 5)
    shown[WITNESSES] = max(0, shown[WITNESSES] - posts)
    return [*shown, int(updated_at.timestamp()), posts]
