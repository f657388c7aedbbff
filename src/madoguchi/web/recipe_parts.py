"""What a recipe holds of every town: services, departments, the map's tiles, words to look for."""

from typing import Any

from madoguchi.kernel.people.models import Department
from madoguchi.kernel.towns.models import Town
from madoguchi.ui import recipes, services, tiles
from madoguchi.ui.recipes import Part, RecipeRefused


def register() -> None:
    """Add the parts."""
    for part in PARTS:
        recipes.register(part)


def _read_services(town: Town) -> dict[str, list[str]]:
    known = {service.name for service in services.known()}
    off = town.settings.get(services.CHANNELS_OFF, ())
    return {
        "on": sorted(known.intersection(town.services)),
        "channels_off": sorted(known.intersection(off)),
    }


def _check_services(value: Any) -> dict[str, list[str]]:
    given = recipes.fields(value, "サービス", required=("on", "channels_off"))
    kinds = {"on": "service", "channels_off": "channel"}
    for name, kind in kinds.items():
        known = {service.name for service in services.known() if service.kind == kind}
        if unknown := set(recipes.texts(given[name], "サービスの名前")) - known:
            raise RecipeRefused(
                f"この窓口にないサービスがあります（{sorted(unknown)[0]}）。新しい版にしてください。"
            )
    return given


def _tell_services(town: Town, value: dict[str, list[str]]) -> list[str]:
    lines = []
    for service in services.known():
        now = services.is_on(town, service)
        if service.kind == "channel":
            then = service.name not in value["channels_off"]
        else:
            then = service.name in value["on"]
        if now != then:
            lines.append(f"「{service.title.ja}」を{'使う' if then else '切る'}")
    return lines


def _write_services(town: Town, value: dict[str, list[str]]) -> None:
    town.services = value["on"]
    town.settings = {**town.settings, services.CHANNELS_OFF: value["channels_off"]}
    town.save(update_fields=["services", "settings"])


def _read_departments(_town: Town) -> list[str]:
    rows = Department.objects.filter(active=True).order_by("order", "pk")
    return [name for name in rows.values_list("name", flat=True) if _may_travel(name)]


def _may_travel(name: str) -> bool:
    """A department that a town named after a telephone, say, stays at home."""
    try:
        recipes.text(name, "課の名前")
    except RecipeRefused:
        return False
    return True


def _check_departments(value: Any) -> list[str]:
    return recipes.texts(value, "課の名前")


def _missing(value: list[str]) -> list[str]:
    known = set(Department.objects.values_list("name", flat=True))
    return [name for name in value if name not in known]


def _tell_departments(_town: Town, value: list[str]) -> list[str]:
    return [f"「{name}」を加える" for name in _missing(value)]


def _write_departments(_town: Town, value: list[str]) -> None:
    """Ours stay: people and cases belong to them."""
    after = Department.objects.count()
    for number, name in enumerate(_missing(value)):
        Department.objects.create(name=name, order=after + number)


def _check_map(value: Any) -> dict[str, str]:
    given = recipes.fields(value, "地図", required=("tiles",))
    if given["tiles"] not in ("", *tiles.SOURCES):
        raise RecipeRefused("知らない地図です。")
    return given


def _read_map(town: Town) -> dict[str, str]:
    chosen = str(town.settings.get("tiles", ""))
    return {"tiles": chosen if chosen in tiles.SOURCES else ""}


def _tell_map(town: Town, value: dict[str, str]) -> list[str]:
    if _read_map(town) == value:
        return []
    source = tiles.SOURCES.get(value["tiles"])
    return [f"地図の下地を「{source.credit if source else 'この機械の中のデータだけ'}」にする"]


def _write_map(town: Town, value: dict[str, str]) -> None:
    town.settings = {**town.settings, "tiles": value["tiles"]}
    town.save(update_fields=["settings"])


def _read_words(town: Town) -> list[str]:
    section = town.settings.get("sns")
    kept = section.get("words") if isinstance(section, dict) else None
    return [w for w in kept if _may_travel(w)] if isinstance(kept, list) else []


def _tell_words(town: Town, value: list[str]) -> list[str]:
    return [f"「{word}」を探すことばに加える" for word in value if word not in _read_words(town)]


def _write_words(town: Town, value: list[str]) -> None:
    section = town.settings.get("sns")
    kept = section if isinstance(section, dict) else {}
    both = [*_read_words(town), *(word for word in value if word not in _read_words(town))]
    town.settings = {**town.settings, "sns": {**kept, "words": both}}
    town.save(update_fields=["settings"])


PARTS = (
    Part(
        "services", 10, "使う機能", _read_services, _check_services, _tell_services, _write_services
    ),
    Part(
        "departments",
        20,
        "課の名前",
        _read_departments,
        _check_departments,
        _tell_departments,
        _write_departments,
    ),
    Part("map", 30, "地図の下地", _read_map, _check_map, _tell_map, _write_map),
    Part(
        "words",
        40,
        "SNSで探すことば",
        _read_words,
        lambda value: recipes.texts(value, "探すことば"),
        _tell_words,
        _write_words,
    ),
)
