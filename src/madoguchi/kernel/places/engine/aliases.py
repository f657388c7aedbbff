"""Short names by which people call a public facility: 調布市立第一小学校 -> 第一小, 一小."""

import re
from collections.abc import Callable

Spell = Callable[[str], list[str]]

_SCHOOL = re.compile(r"^(.+?)(小学校|中学校|小中学校|高等学校|義務教育学校|保育園|幼稚園)$")
_SHORT = {"小学校": "小", "中学校": "中", "高等学校": "高", "小中学校": "小中"}
_COUNTED = re.compile(r"^第([一二三四五六七八九十]+)$")
_OWNER = re.compile(r"^(?:東京都立|都立|県立|.{1,6}?[市区町村]立|私立|国立大学法人)")
_NOTE = re.compile(r"[（(].*?[)）]|\s+")


def of_facility(name: str, kind: str, town: str) -> list[str]:
    """Names a resident may use; the official name itself is not among them."""
    bare = _NOTE.sub("", name)
    found = {bare, bare.removeprefix(town)}
    without_owner = _OWNER.sub("", bare)
    found.add(without_owner)
    for one in tuple(found):
        found.update(_school(one))
    if kind == "station" and not bare.endswith(("駅", "停留場")):
        found = {bare + "駅"}
    if kind == "hall":
        office = town[-1] + ("役場" if town[-1] in "町村" else "役所")
        found |= {town + office[1:], office}
        if office.endswith("役場"):
            found.add("役場")
    return sorted(x for x in found if len(x) >= 2 and x != name)


def _school(name: str) -> set[str]:
    match = _SCHOOL.match(name)
    if not match:
        return set()
    stem, level = match[1], match[2]
    short = _SHORT.get(level)
    if short is None:
        return set()
    found = {stem + short} if len(stem) > 1 else set()
    counted = _COUNTED.match(stem)
    if counted:
        found |= {counted[1] + short, counted[1] + level}
    elif level == "高等学校":
        found.add(stem + "高校")
    return found
