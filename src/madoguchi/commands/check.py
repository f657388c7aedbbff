"""``madoguchi check``: is everything in order, and what to do if not."""

import argparse
import json

from madoguchi.commands import choices
from madoguchi.operation import house

HELP = "データベース・記録・送信・権限などを確かめ、すべきことを示します"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    choices.add_data(parser)
    parser.add_argument("--json", action="store_true", help="結果をJSONで出す")


def run(arguments: argparse.Namespace) -> int:
    """Print one line a finding; exit 1 when something is broken."""
    data = house.data_folder(arguments.data)
    house.enter(data)

    from madoguchi.operation import checks

    findings = checks.all_findings(data)
    if arguments.json:
        print(json.dumps([f.as_json() for f in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            print(finding.as_text())
    house.let_go()
    return 1 if any(f.grade is checks.Grade.BAD for f in findings) else 0
