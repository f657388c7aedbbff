"""``madoguchi update``: to a newer version, or back to where it was."""

import argparse
import sys
from pathlib import Path

from madoguchi.commands import choices
from madoguchi.operation import house

HELP = "新しい版にします（失敗したら前の状態に戻ります。途中で止まっていたら、戻します）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    choices.add_data(parser)
    parser.add_argument(
        "--wheel", type=Path, metavar="FILE.whl", help="新しい版のファイル（省くと、表の形だけ）"
    )
    parser.add_argument(
        "--service", default="", metavar="NAME", help="前後に止めて開く systemd のサービスの名前"
    )


def run(arguments: argparse.Namespace) -> int:
    """Update, or put back what was killed on its way."""
    data = house.data_folder(arguments.data)
    house.enter(data)

    from madoguchi.operation import updating

    outcome = updating.run(
        data,
        arguments.wheel,
        updating.Service(arguments.service),
        lambda words: print(words, file=sys.stderr),
    )
    print(
        {
            updating.Outcome.UPDATED: "新しくなりました。「madoguchi check」で確かめてください。",
            updating.Outcome.NOTHING: "変えるものはありません。今の版のままで開けます。",
            updating.Outcome.PUT_BACK: "前の更新が途中で止まっていたので、その前の状態に戻しました"
            "。窓口は開けます。新しくするには、もう一度実行してください。",
        }[outcome]
    )
    house.let_go()
    return 0
