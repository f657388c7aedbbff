"""``madoguchi serve``: the pages and the work behind them, in the foreground."""

import argparse

from madoguchi.commands import choices
from madoguchi.operation import house, update_journal
from madoguchi.operation.outcome import USAGE, Failure

HELP = "窓口を開きます（Ctrl+C か SIGTERM で止まります）"
THREADS = 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    choices.add_data(parser)
    choices.add_address(parser)
    parser.add_argument(
        "--threads", type=choices.count, default=THREADS, help=f"同時に答える数（{THREADS}）"
    )
    parser.add_argument(
        "--workers", type=choices.count, default=1, help="プロセスの数（PostgreSQLのときだけ2以上）"
    )
    parser.add_argument(
        "--only",
        choices=["web", "worker"],
        help="ページだけ、または裏の処理だけを動かす（PostgreSQLのときだけ）",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    if not house.on_postgres() and (arguments.workers > 1 or arguments.only):
        raise Failure(
            "--workers と --only は PostgreSQL のときに使えます（MADOGUCHI_DB=postgres）。\n"
            "SQLite では1つのプロセスがすべてを受け持ちます。速さが足りないときは"
            " --threads を増やしてください。",
            USAGE,
        )
    data = house.data_folder(arguments.data)
    update_journal.refuse_unfinished(data)
    house.enter(data)

    from madoguchi.operation import ready, serving

    ready.refuse_unready()
    plan = serving.Plan(
        host=arguments.host,
        port=arguments.port,
        threads=arguments.threads,
        workers=arguments.workers,
        part=serving.Part(arguments.only or "all"),
        announce=f"窓口を開きました：http://{arguments.host}:{arguments.port}/",
    )
    with house.hold(data, alone=not house.on_postgres()):
        return serving.serve(plan)
