"""``madoguchi demo``: a real town with invented people, in a folder made anew at each start."""

import argparse
import os
import shutil
from pathlib import Path

from madoguchi.commands import choices
from madoguchi.operation import house

HELP = "実在の町のデータで、住民と職員の画面を試します（前回の内容は消えます）"
THREADS = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    choices.add_address(parser)
    parser.add_argument("--town", default="調布市", help="市区町村名か5桁のコード（調布市）")
    parser.add_argument(
        "--data", type=Path, default=Path("var/demo"), help="デモのデータを置く場所（var/demo）"
    )


def run(arguments: argparse.Namespace) -> int:
    """Set the town up anew and serve it until told to stop."""
    pack = choices.town(arguments.town)

    from madoguchi.operation import serving, trying

    serving.refuse_taken(arguments.host, arguments.port)
    data = arguments.data.resolve() / pack.code
    house.furnish(data)
    with house.hold(data, alone=True):
        for old in data.iterdir():
            if old.is_dir():
                shutil.rmtree(old)
            elif old.name != house.LOCK:
                old.unlink()
        house.furnish(data)
        os.environ["MADOGUCHI_DB"] = "sqlite"
        return trying.run(pack, data, arguments.host, arguments.port, THREADS)
