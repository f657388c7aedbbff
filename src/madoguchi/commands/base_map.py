"""``madoguchi base-map``: rivers and roads under the points of the staff map."""

import argparse
import sys
from pathlib import Path

from madoguchi.commands import choices
from madoguchi.operation import house

HELP = "OpenStreetMap のファイルから、職員の地図に川と道を入れます"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="すること")
    bring = verbs.add_parser("import", help=HELP, description=HELP)
    bring.add_argument(
        "file", type=Path, metavar="町.osm", help=".osm、.osm.gz、.osm.bz2（国全体でもよい）"
    )
    take = verbs.add_parser("remove", help="入れた川と道を消します")
    for verb in (bring, take):
        choices.add_data(verb)
        verb.add_argument("--town", required=True, help="市区町村名か5桁のコード")


def run(arguments: argparse.Namespace) -> int:
    """Import or remove."""
    pack = choices.town(arguments.town)
    data = house.data_folder(arguments.data)
    house.enter(data)

    from madoguchi.operation import base_map

    if arguments.verb == "remove":
        removed = base_map.take_away(pack)
        print(f"{pack.name}の川と道を消しました。" if removed else "入れたものはありませんでした。")
    else:
        made = base_map.bring_in(arguments.file, pack, lambda words: print(words, file=sys.stderr))
        print(
            f"{pack.name}の地図に川と道を入れました（{made.shapes:,}種類、{made.size_bytes:,}バイト）。"
        )
        if made.plan.without:
            print("大きくなりすぎるため、細い川や細い道を省きました。")
        print("出典「© OpenStreetMap contributors (ODbL)」は、地図と印刷に表示されます。")
    house.let_go()
    return 0
