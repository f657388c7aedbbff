"""``madoguchi triage``: messages to categories, urgency, place, group. No database, no network."""

import argparse
import sys

HELP = "JSONLのメッセージを、種類・緊急度・場所・まとまりに分けます（設定もネットも不要）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "file", metavar="IN.jsonl", help='1行に1件 {"id","town","channel","sent_at","text"}'
    )


def run(arguments: argparse.Namespace) -> int:
    """Write one line of JSON for each message to stdout, in the same order."""
    from madoguchi.services.disaster import triage

    return triage.run(arguments.file, sys.stdout, sys.stderr)
