"""Seal entries in batches, each batch chained to the one before, and check the chain.

``digest = HMAC(previous digest, town, number, time, the batch's entries in order of id)``,
under a key that the database does not hold: whoever can write to the tables, even past the
triggers, cannot make a chain that verifies. A batch is an exact set of entries, not a span of ids:
on PostgreSQL a lower id may commit later and is then sealed by a later batch.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from django.db import transaction

from madoguchi.kernel.audit.keys import sign
from madoguchi.kernel.audit.models import Entry, Head, Seal
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.models import Town

BATCH = 500


@dataclass(frozen=True, slots=True)
class Break:
    """The first seal of a town that does not hold; ``why`` in Japanese, for the operator."""

    town: str
    seal: int
    why: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Outcome of ``verify``: sealed and still unsealed entries, and where the chain breaks.

    ``heads`` maps each town's code to "number:digest" of its newest seal. Written down outside the
    database, it also shows that an older copy of the whole database was put back.
    """

    ok: bool
    sealed: int
    unsealed_tail: int
    broken_at: tuple[Break, ...]
    heads: dict[str, str]


def seal(now: datetime) -> int:
    """Seal all entries that are committed by now, of every town; returns how many.

    Cheap without work: one read, no write lock. Any number of callers may run at once.
    """
    with current.everywhere("find entries to seal"):
        towns = list(
            Entry.objects.filter(seal=None).order_by().values_list("town", flat=True).distinct()
        )
    sealed = 0
    for town in towns:
        with current.use(town):
            while count := _seal_batch(now):
                sealed += count
    return sealed


def _seal_batch(now: datetime) -> int:
    town = current.town_id()
    with transaction.atomic():
        Head.objects.get_or_create(town_id=town)
        head = Head.objects.select_for_update().get()
        entries = list(Entry.objects.filter(seal=None).order_by("id")[:BATCH])
        if not entries:
            return 0
        number = head.number + 1
        digest = _digest(head.digest, town, number, now, entries)
        made = Seal.objects.create(number=number, at=now, count=len(entries), digest=digest)
        Entry.objects.filter(pk__in=[e.pk for e in entries]).update(seal=made)
        Head.objects.update(number=number, digest=digest)
    return len(entries)


def _digest(previous: str, town: int, number: int, at: datetime, entries: Iterable[Entry]) -> str:
    lines = [_canonical(previous, town, number, _stamp(at))]
    lines += [_canonical(e.pk, _stamp(e.at), e.verb, e.subject, e.actor, e.ids) for e in entries]
    return sign("seal", b"\n".join(lines))


def _canonical(*parts: object) -> bytes:
    return json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def verify() -> AuditReport:
    """Recompute every seal of every town from the entries that stand under it.

    Sealers and writers may go on meanwhile.
    """
    chains = []
    tail = 0
    for town in Town.objects.order_by("code"):
        with current.use(town.pk):
            chains.append(_walk(town))
            tail += Entry.objects.filter(seal=None).count()
    breaks = tuple(chain.broken for chain in chains if chain.broken is not None)
    return AuditReport(
        ok=not breaks,
        sealed=sum(chain.sealed for chain in chains),
        unsealed_tail=tail,
        broken_at=breaks,
        heads={chain.town: f"{chain.number}:{chain.digest}" for chain in chains if chain.number},
    )


@dataclass(slots=True)
class _Chain:
    """How far a town's chain holds."""

    town: str
    number: int = 0
    digest: str = ""
    sealed: int = 0
    broken: Break | None = None

    def breaks(self, why: str) -> Self:
        self.broken = Break(self.town, self.number + 1, why)
        return self


def _walk(town: Town) -> _Chain:
    chain = _Chain(town.code)
    while True:
        start = chain.number
        for made, entries in _sealed_batches(after=start):
            if made.number != chain.number + 1:
                return chain.breaks("封印が欠けています。")
            digest = _digest(chain.digest, town.pk, made.number, made.at, entries)
            if made.count != len(entries) or made.digest != digest:
                return chain.breaks("記録が封印の後に変えられています。")
            chain.number, chain.digest = made.number, made.digest
            chain.sealed += made.count
        head = Head.objects.first() or Head()
        if (head.number, head.digest) == (chain.number, chain.digest):
            return chain
        # A head further on is a sealer at work, unless no new seal is found on the next walk.
        if head.number <= chain.number or chain.number == start > 0:
            return chain.breaks("末尾の封印が取り除かれています。")


def _sealed_batches(after: int) -> Iterator[tuple[Seal, list[Entry]]]:
    """Seals with their entries, in order from number ``after + 1``, some at a time."""
    while seals := list(Seal.objects.filter(number__gt=after).order_by("number")[:50]):
        under: dict[int | None, list[Entry]] = defaultdict(list)
        for entry in Entry.objects.filter(seal__in=seals).order_by("id"):
            under[entry.seal_id].append(entry)
        for made in seals:
            yield made, under[made.pk]
        after = seals[-1].number
