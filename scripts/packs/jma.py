"""Area codes of the Japan Meteorological Agency for a municipality."""

from typing import Any

from packs.sources import Sources, Town


def codes(sources: Sources, town: Town) -> dict[str, str]:
    """City, 市町村等をまとめた地域 and the chain class20 -> class15 -> class10 -> office.

    ``city`` is the code of telegrams (コード表 AreaInformationCity), the same digits as class20.
    """
    area: dict[str, Any] = sources.json("jma/bosai_json/area.json")
    city = town.code + "00"
    class20 = area["class20s"][city]
    class15 = class20["parent"]
    class10 = area["class15s"][class15]["parent"]
    office = area["class10s"][class10]["parent"]
    table = sources.csv(sources.data / "jma" / "warning_area" / "CityCode.csv")
    local = next((list(r.values())[4] for r in table if r["@code"] == city), class15)
    return {
        "city": city,
        "area_local": local,
        "class20": city,
        "class15": class15,
        "class15_name": area["class15s"][class15]["name"],
        "class10": class10,
        "class10_name": area["class10s"][class10]["name"],
        "office": office,
        "office_name": area["offices"][office]["name"],
    }


def english_name(sources: Sources, town: Town) -> str:
    """e.g. "Chofu City"."""
    name: str = sources.json("jma/bosai_json/area.json")["class20s"][town.code + "00"]["enName"]
    return name
