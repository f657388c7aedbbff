"""Facilities that a few towns publish: schools of 調布市, nurseries and sights of 八王子市."""

import re
from pathlib import Path

import xlrd

from packs.places import RADIUS_M, Spot, aliases_of, kind_of
from packs.shelters import tidy
from packs.sources import Sources, Town

SIGHT = re.compile(
    r"(公園|緑地|城跡|神社|寺|大橋|墓地|植物園|科学園|ミュージアム|薬王院|庭園|アリーナ)$"
)
SPLIT = re.compile("[のなるむと、]|周辺|付近|名所|から")


def chofu_schools(path: Path, town: Town) -> list[Spot]:
    sheet = xlrd.open_workbook(path).sheet_by_index(0)
    head = sheet.row_values(0)
    spots = []
    for number in range(1, sheet.nrows):
        row = dict(zip(head, sheet.row_values(number), strict=True))
        name = tidy(str(row["名称"]))
        if not name or not row["緯度（10進法）"]:
            continue
        spots.append(
            Spot(
                name,
                kind_of(name, "school"),
                aliases_of(name, town),
                row["緯度（10進法）"],
                row["経度（10進法）"],
                RADIUS_M["school"],
                tidy(row["所在地"]),
                "chofu-schools",
            )
        )
    return spots


def hachioji_nurseries(sources: Sources, town: Town) -> list[Spot]:
    path = sources.data / "facilities" / "hachioji_childcare" / "nurseryFacilities.csv"
    spots = []
    for row in sources.csv(path):
        name = tidy(row["Name"])
        if not (name and row["latitude"] and row["longitude"]):
            continue
        address = tidy(row["Add1"] + row["Add2"]).replace("ー", "-")
        spots.append(
            Spot(
                name,
                "nursery",
                aliases_of(name, town),
                float(row["latitude"]),
                float(row["longitude"]),
                150,
                address,
                "hachioji-nurseries",
            )
        )
    return spots


def hachioji_sights(sources: Sources) -> list[Spot]:
    """Only the sights whose title holds the plain name of a place."""
    path = sources.data / "tourism" / "hachioji_keikan100" / "hachioji-keikan100.csv"
    spots = []
    for row in sources.csv(path):
        for name in SPLIT.split(tidy(row["name"])):
            if SIGHT.search(name) and len(name) >= 3 and name != "森公園":
                spots.append(
                    Spot(
                        name,
                        kind_of(name, "facility"),
                        (),
                        float(row["lat"]),
                        float(row["lon"]),
                        300,
                        "八王子市" + tidy(row["住所"]),
                        "hachioji-keikan100",
                    )
                )
                break
    return spots
