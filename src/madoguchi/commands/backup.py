"""``madoguchi backup``: everything stored into one file, while the house is open."""

import argparse
from pathlib import Path

from madoguchi.commands import choices
from madoguchi.operation import house, update_journal

HELP = "保存されているすべてを1つのファイルに写します（動いたままで実行できます）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    choices.add_data(parser)
    parser.add_argument("file", type=Path, metavar="OUT.tar.gz", help="作るファイル")


def run(arguments: argparse.Namespace) -> int:
    """Write the archive."""
    data = house.data_folder(arguments.data)
    update_journal.refuse_unfinished(data)
    house.enter(data)

    from madoguchi.operation import backup

    made = backup.make(data, arguments.file)
    print(
        f"バックアップを作りました：{arguments.file}（{made.files}個、{made.size_bytes:,}バイト）"
    )
    print("住民の情報と秘密の鍵が入っています。許可された人だけが読める場所に置いてください。")
    return 0
