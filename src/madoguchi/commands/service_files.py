"""``madoguchi service-files``: systemd, nginx and Caddy for this machine."""

import argparse
import sys
from pathlib import Path

from madoguchi.commands import choices
from madoguchi.operation import service_files

HELP = "この機械で動かし続けるための設定（systemd、nginx、Caddy）を書き出します"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="書き出す場所")
    parser.add_argument("--hostname", required=True, help="町のページのホスト名")
    parser.add_argument("--user", default="madoguchi", help="動かす利用者（madoguchi）")
    parser.add_argument("--port", type=choices.port, default=8000, help="窓口のポート（8000）")
    parser.add_argument(
        "--backups", default="/var/backups/madoguchi", help="バックアップの場所", metavar="DIR"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the files and say where each belongs."""
    machine = service_files.Machine(
        host=arguments.hostname.lower(),
        command=str(Path(sys.argv[0]).absolute()),
        user=arguments.user,
        port=arguments.port,
        backups=arguments.backups,
    )
    for path in service_files.write(arguments.out, machine):
        print(path)
    print("それぞれの置き場所は、ファイルの1行目と docs/operator/running.md にあります。")
    return 0
