"""``madoguchi restore``: put a backup in place, whole or not at all."""

import argparse
from pathlib import Path

from madoguchi.commands import choices
from madoguchi.operation import house

HELP = "バックアップから元に戻します（窓口を止めてから）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    choices.add_data(parser)
    parser.add_argument("file", type=Path, metavar="IN.tar.gz", help="バックアップのファイル")
    parser.add_argument("--force", action="store_true", help="今あるデータを置きかえる")


def run(arguments: argparse.Namespace) -> int:
    """Check the archive, then swap it in."""
    data = house.data_folder(arguments.data)

    from madoguchi.operation import restore

    aside = restore.put_back(arguments.file, data, replace=arguments.force)
    print(f"元に戻しました：{data}")
    if aside is not None:
        print(f"それまでのデータは {aside} に残しました。確かめたあとで消してください。")
    print("「madoguchi check」で確かめてから、窓口を開いてください。")
    return 0
