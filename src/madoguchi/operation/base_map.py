"""Import rivers and roads of a town from an OpenStreetMap file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.towns import current
from madoguchi.kernel.towns.pack import Pack
from madoguchi.operation.outcome import Failure
from madoguchi.operation.towns import registered
from madoguchi.ui.basemap import stored
from madoguchi.ui.basemap.engine import elements, gathering, shaping

ACTOR = "system:operator"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the file: number of named things and bytes, and how finely it is drawn."""

    shapes: int
    size_bytes: int
    plan: shaping.Plan


def bring_in(file: Path, pack: Pack, tell: Callable[[str], None]) -> Imported:
    """Read the file, store what lies in the town, and note that in the audit log.

    Raises ``Failure``; the earlier map then stays as it was.
    """
    town = registered(pack)
    boundary = pack.geojson("boundary.geojson")
    if boundary is None:
        raise Failure(f"{pack.name}のデータに町の境界がないため、取り込めません。")
    region = shaping.Region(boundary)
    try:
        gathered = gathering.gather(lambda: elements.open_map(str(file)), region.box, tell)
    except elements.BadMap as error:
        raise Failure(f"{file.name}：{error}\n{_where(pack, region)}") from error
    except OSError as error:
        raise Failure(f"{file} を読めません（{error.strerror or error}）。") from error
    found = shaping.shapes(gathered, region)
    if not found:
        raise Failure(
            f"{file.name} には、{pack.name}の中の川や道がありません。\n{_where(pack, region)}"
        )
    today = f"{clock.jst(clock.now()):%Y-%m-%d}"
    try:
        packed, plan = shaping.fit(found, region.plane, today, stored.pack)
    except shaping.TooLarge as error:
        raise Failure(
            f"{pack.name}の川と道が多すぎて、地図が重くなります。"
            "主な道だけを残した .osm で試してください。"
        ) from error
    with current.use(town.pk), transaction.atomic():
        audit.record(
            "base_map.import", f"town:{town.code}", actor=ACTOR, shapes=len(found), size=len(packed)
        )
        stored.keep(town.code, packed)
    return Imported(len(found), len(packed), plan)


def take_away(pack: Pack) -> bool:
    """Remove the town's imported map; whether there was one."""
    town = registered(pack)
    with current.use(town.pk), transaction.atomic():
        if not stored.remove(town.code):
            return False
        audit.record("base_map.remove", f"town:{town.code}", actor=ACTOR)
    return True


def _where(pack: Pack, region: shaping.Region) -> str:
    """The box that a file has to cover, as other tools take it."""
    box = ",".join(f"{degrees:.4f}" for degrees in region.box)
    return f"{pack.name}に必要な範囲（西,南,東,北）：{box}"
