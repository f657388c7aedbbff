"""``madoguchi line``: is the town connected to LINE; the menu below the conversation."""

import argparse

from madoguchi.commands import choices
from madoguchi.operation import house
from madoguchi.operation.outcome import DONE, FAILED

HELP = "町のLINEの接続を確かめ、リッチメニューを入れます"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="すること")
    for name, help_ in (
        ("check", "LINEに聞いて、接続を確かめます"),
        ("menu", "リッチメニューを入れます（前のものは置きかわります）"),
    ):
        verb = verbs.add_parser(name, help=help_, description=help_)
        choices.add_data(verb)
        verb.add_argument("--town", required=True, help="市区町村名か5桁のコード")
        verb.add_argument(
            "--url", default="", help="町のページのアドレス（省くと https://町のホスト名）"
        )


def run(arguments: argparse.Namespace) -> int:
    """Ask LINE; exit 1 when something is to be done."""
    pack = choices.town(arguments.town)
    house.enter(house.data_folder(arguments.data))

    from madoguchi.channels.line import checking
    from madoguchi.operation import line

    if arguments.verb == "menu":
        print(f"リッチメニューを入れました（{line.put_menu(pack, arguments.url)}）。")
        house.let_go()
        return DONE
    found = line.check(pack, arguments.url)
    for step in found:
        print(f"{'よし' if step.well else 'だめ'} {step.title}：{step.text}")
        if step.todo:
            print(f"      → {step.todo}")
    house.let_go()
    return DONE if checking.connected(found) else FAILED
