"""``madoguchi locate``: addresses of a table to points. No database, no network."""

import argparse
import sys

HELP = "CSVの住所の列から、町字・緯度経度・精度を付けます（設定もネットも不要）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", metavar="IN.csv", help="UTF-8 または Shift_JIS のCSV")
    parser.add_argument("--column", required=True, help="住所の列の名前（例：住所）")
    parser.add_argument(
        "--town", help="住所に市区町村名がないときの町（例：調布市）。省くと東京都の全市区町村"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the table with eight more columns to stdout."""
    from madoguchi.kernel.places import locate

    return locate.run(arguments.file, arguments.column, arguments.town, sys.stdout, sys.stderr)
