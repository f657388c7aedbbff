"""Places: how often the town block is right, how honest the radius is, addresses per second.

    .venv/bin/python benchmarks/places.py

Reads the development benchmark and the shelter lists under $MADOGUCHI_SHARED (default ../shared).
The baseline is a plain longest-prefix matcher over the same packs, in the same run.
"""

import csv
import json
import os
import re
import statistics
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from madoguchi.kernel.places import api
from madoguchi.kernel.places.data import Accuracy, AddressMatch, Point
from madoguchi.kernel.places.engine.gazetteer import Gazetteer
from madoguchi.kernel.places.engine.numbers import to_kanji

SHARED = Path(os.environ.get("MADOGUCHI_SHARED", Path(__file__).parents[2] / "shared"))
DEVELOPMENT = SHARED / "data/addresses/normalize_benchmark/addresses_dev.csv"
QUESTIONS = SHARED / "data/faq/localgovfaq"
SHELTERS = SHARED / "data/shelters/gsi"
HOUSE_POINT = "8"  # 位置情報レベル of a row whose point is the house's, not the block's
NO_SHELTERS = api.ALL - {"shelter", "emergency"}
ROUNDS = 5
FOLDS = 5
READERS = ("13208", "13201", "13206", "13212", "13361")
SLIPS = 1500
STRANGE = "田川山中谷町木本原沢島野村上下石井水東西南北大小新高"
# Codes of the municipalities, from and up to.
GROUPS = {
    "all Tokyo": ("13000", "14000"),
    "23 wards": ("13100", "13200"),
    "30 Tama towns": ("13200", "13360"),
    "islands": ("13360", "14000"),
}
Locate = Callable[[str], AddressMatch]


@dataclass(frozen=True)
class Row:
    """An address with its true reading. ``point`` is None where only the block's is known."""

    text: str
    municipality: str
    town_area: str
    number: str
    point: Point | None


def development() -> list[Row]:
    with DEVELOPMENT.open(encoding="utf-8", newline="") as lines:
        return [
            Row(
                row["住所"],
                row["市区町村"],
                row["町字"],
                row["番地号"],
                point_of(row) if row["位置情報レベル"] == HOUSE_POINT else None,
            )
            for row in csv.DictReader(lines)
            if row["都道府県"] == "東京都"
        ]


def point_of(row: dict[str, str]) -> Point:
    lon, lat = row["緯度経度"].split(",")
    return Point(float(lat), float(lon))


def shelters() -> Iterator[tuple[str, Point]]:
    """Each (address, point) of the shelter lists of Tokyo once."""
    seen = set()
    for path in sorted(SHELTERS.glob("e*/13*.json")):
        for feature in json.loads(path.read_text(encoding="utf-8")).get("features", []):
            lon, lat = feature["geometry"]["coordinates"]
            one = (feature["properties"]["住所"], Point(lat, lon))
            if one not in seen:
                seen.add(one)
                yield one


def naive(gazetteer: Gazetteer) -> Locate:
    """Longest prefix among 東京都 + municipality + town block, after NFKC and 3丁目 -> 三丁目."""
    known = {
        town.prefecture + town.name + block.area: (town, block)
        for town in gazetteer.towns.values()
        for block in town.blocks
    }
    nowhere = api.locate(gazetteer, "")

    def locate(text: str) -> AddressMatch:
        plain = unicodedata.normalize("NFKC", text)
        plain = re.sub(r"([0-9]{1,2})丁目", lambda m: to_kanji(int(m[1]) or 1) + "丁目", plain)
        for end in range(min(len(plain), 24), 0, -1):
            if plain[:end] in known:
                town, block = known[plain[:end]]
                match = re.match(r"[0-9]+(?:-[0-9]+)?", plain[end:])
                number = match[0] if match else ""
                return AddressMatch(
                    town.prefecture, town.name, block.area, number, "", nowhere.place
                )
        return nowhere

    return locate


def folded(name: str) -> str:
    return name.replace("ヶ", "ケ")


def share(hits: int, count: int) -> str:
    return f"{100 * hits / count:6.2f} % of {count}" if count else "     - of 0"


def exact(rows: Sequence[Row], locate: Locate) -> tuple[int, int, int]:
    """Rows with the right municipality; with municipality and block; with these and the number."""
    town = block = number = 0
    for row in rows:
        match = locate(row.text)
        right_town = match.municipality == row.municipality
        right_block = right_town and folded(match.town_area) == folded(row.town_area)
        town += right_town
        block += right_block
        number += right_block and match.number == row.number != ""
    return town, block, number


def print_exact(rows: Sequence[Row], engine: Locate, baseline: Locate, of: Gazetteer) -> None:
    codes = {town.name: code for code, town in of.towns.items()}
    groups = {
        name: [r for r in rows if low <= codes[r.municipality] < high]
        for name, (low, high) in GROUPS.items()
    }
    for name, group in groups.items():
        numbered = [r for r in group if r.number]
        for who, locate in (("engine", engine), ("naive", baseline)):
            town, block, _ = exact(group, locate)
            _, _, number = exact(numbered, locate)
            print(
                f"  {name:14} {who:7} block {share(block, len(group))}"
                f" | municipality {share(town, len(group))} | 番地 {share(number, len(numbered))}"
            )


ARABIC = str.maketrans("０１２３４５６７８９－ー―", "0123456789---")
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


def half(text: str) -> str:
    return text.translate(ARABIC)


def kanji(text: str) -> str:
    return re.sub(
        "[0-9]+", lambda m: to_kanji(int(m[0])) if 0 < int(m[0]) < 1000 else m[0], half(text)
    )


def without_chome(text: str) -> str:
    return re.sub("([0-9])丁目", r"\1-", half(text)).rstrip("-")


SPELLINGS: dict[str, Callable[[str], str]] = {
    "half width": half,
    "kanji numbers": kanji,
    "丁目 left out": without_chome,
    "丁目 left out, wide": lambda t: without_chome(t).translate(WIDE),
    "一の三の五": lambda t: kanji(without_chome(t)).replace("-", "の"),
    "prefecture left out": lambda t: t.removeprefix("東京都"),
    "blanks": lambda t: re.sub("(都|市|区|丁目)", r"\1 ", t),
    "ヶ, ケ as が": lambda t: t.replace("ヶ", "が").replace("ケ", "が"),
    "が as ヶ": lambda t: t.replace("が", "ヶ"),
    "の as ノ, ノ as の": lambda t: t.translate(str.maketrans("のノ之", "ノのノ")),
    "old forms": lambda t: t.translate(str.maketrans("国沢広浜桜学区関竜", "國澤廣濱櫻學區關龍")),
    "odd hyphens": lambda t: half(t).replace("-", "‐"),
    "building": lambda t: t + " 第二コーポ町田301号室",
}


def print_spellings(rows: Sequence[Row], engine: Locate, baseline: Locate) -> None:
    known = [r for r in rows if r.town_area]
    for name, spell in SPELLINGS.items():
        spelt = [Row(spell(r.text), r.municipality, r.town_area, r.number, None) for r in known]
        mine, theirs = exact(spelt, engine)[1], exact(spelt, baseline)[1]
        print(f"  {name:22} engine {share(mine, len(spelt))} | naive {share(theirs, len(spelt))}")


def slips(name: str, random: Random) -> dict[str, str]:
    """One slip of the pen of each kind in a name."""
    at = random.randrange(len(name))
    other = random.choice(STRANGE)
    return {
        "another": name[:at] + other + name[at + 1 :],
        "one less": name[:at] + name[at + 1 :],
        "one more": name[:at] + other + name[at:],
        "swapped": name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
    }


def print_slips(gazetteer: Gazetteer, locate: Locate) -> None:
    """Right, left open (no block said) and wrong; slips that make an existing name are left out."""
    random = Random(1)
    blocks = [(t, b) for t in gazetteer.towns.values() for b in t.blocks if b.chome]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for town, block in random.sample(blocks, SLIPS):
        known = {b.oaza for b in town.blocks}
        for kind, name in slips(block.oaza, random).items():
            if name in known:
                continue
            match = locate(f"{town.prefecture}{town.name}{name}{block.chome}丁目2-3")
            right = match.town_area == block.area
            left_open = match.place.accuracy in (Accuracy.TOWN, Accuracy.DISTRICT)
            counts[kind]["right" if right else "open" if left_open else "wrong"] += 1
    for kind, count in counts.items():
        right, open_, wrong = count["right"], count["open"], count["wrong"]
        print(f"  {kind:9} right {right} | left open {open_} | wrong {wrong}")


def print_invented(gazetteer: Gazetteer) -> None:
    """Points seen in the questions and answers of a city outside Tokyo, read as messages to a town.

    「市役所」 is each town's own hall and left out; two addresses in Tokyo are truly there.
    """
    texts = [
        text
        for path in sorted(QUESTIONS.glob("*.json"))
        for text in path.read_text(encoding="utf-8").splitlines()
    ]
    for code in READERS:
        points = [
            mention.text
            for text in texts
            for mention in api.find(gazetteer, text, code)
            if mention.place.point and not mention.text.endswith("役所")
        ]
        name = gazetteer.towns[code].name
        print(f"  {name} {len(points)} points of {len(set(points))} names in {len(texts)} texts")


def print_radius(name: str, pairs: Iterable[tuple[str, Point]], locate: Locate) -> None:
    """Only places at town-block level or better: that is where a radius promises something."""
    seen: dict[str, list[tuple[float, int]]] = defaultdict(list)
    coarser = 0
    for text, true in pairs:
        place = locate(text).place
        if place.point is None or place.accuracy not in (Accuracy.ADDRESS, Accuracy.BLOCK):
            coarser += 1
            continue
        away = api.distance_m(place.point, true)
        seen[place.town_code].append((away, place.radius_m))
    for group, (low, high) in GROUPS.items():
        some = [one for code, several in seen.items() if low <= code < high for one in several]
        if some:
            print(
                f"  {name:11} {group:13} inside {share(sum(d <= r for d, r in some), len(some))}"
                f" | median radius {statistics.median(r for _, r in some):.0f} m"
            )
    print(f"  {name:11} {held_out(seen)} | {coarser} addresses not at block level")


def held_out(seen: dict[str, list[tuple[float, int]]]) -> str:
    """The scale of the radii fitted to 95 % on four fifths of the towns, tried on the fifth.

    The packs' radii as they stand have four constants fitted on these points, so the shares above
    are not out of sample; this one is, for the scale alone.
    """
    inside = 0
    radii = []
    for n in range(FOLDS):
        others = [d / r for code, some in seen.items() if int(code) % FOLDS != n for d, r in some]
        scale = statistics.quantiles(others, n=20)[-1]
        fold = [one for code, some in seen.items() if int(code) % FOLDS == n for one in some]
        inside += sum(d <= scale * r for d, r in fold)
        radii += [scale * r for _, r in fold]
    return (
        f"scale held out inside {share(inside, len(radii))}"
        f" | median radius {statistics.median(radii):.0f} m"
    )


def per_second(texts: Sequence[str], locate: Locate) -> float:
    """Best of some rounds, by CPU time of this process."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for text in texts:
            locate(text)
        best = min(best, time.process_time() - start)
    return len(texts) / best


def main() -> None:
    start = time.process_time()
    gazetteer = api.gazetteer(None, NO_SHELTERS)
    built = time.process_time() - start

    def engine(text: str) -> AddressMatch:
        return api.locate(gazetteer, text)

    baseline = naive(gazetteer)
    rows = development()
    print(f"places: {len(gazetteer.towns)} municipalities, gazetteer built in {built:.2f} s CPU")
    print("town block exact (target 99.8 %):")
    print_exact(rows, engine, baseline, gazetteer)
    print("the same addresses in other spellings:")
    print_spellings(rows, engine, baseline)
    print("a slip of the pen in the name of the block:")
    print_slips(gazetteer, engine)
    print("places invented in a text of elsewhere (2 addresses are in Tokyo):")
    print_invented(api.gazetteer())
    print("true point inside the stated radius (target 95 %, median radius 450 m):")
    print_radius("development", [(r.text, r.point) for r in rows if r.point], engine)
    print_radius("shelters", shelters(), engine)
    texts = [r.text for r in rows]
    mine, theirs = per_second(texts, engine), per_second(texts, baseline)
    print("speed on one core, CPU time (target 5,000/s):")
    print(f"  engine {mine:,.0f}/s | naive {theirs:,.0f}/s | ratio {mine / theirs:.2f}")
    print(f"  load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
