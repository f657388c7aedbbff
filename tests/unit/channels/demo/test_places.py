"""The places that a resident can send."""

from madoguchi.channels.demo import places
from madoguchi.channels.demo.places import Place


def row(name: str, kind: str, lat: str = "35.1") -> dict[str, str]:
    return {"name": name, "kind": kind, "lat": lat, "lon": "139.2" if lat else ""}


def test_well_known_places_come_first_and_few_of_a_kind() -> None:
    rows = [row(f"学校{n}", "school") for n in range(9)] + [row("役場", "hall")]
    assert [place.name for place in places.to_send(rows)] == [
        *("役場", "学校0", "学校1", "学校2", "学校3"),
    ]


def test_there_are_at_most_twelve() -> None:
    rows = [row(f"{kind}{n}", kind) for kind in places.KINDS for n in range(5)]
    assert len(places.to_send(rows)) == 12


def test_a_place_without_a_point_or_of_another_kind_is_left_out() -> None:
    rows = [row("役場", "hall", ""), row("多摩川", "river"), row("港", "port")]
    assert places.to_send(rows) == [Place("港", 35.1, 139.2)]
