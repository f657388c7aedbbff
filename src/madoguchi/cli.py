"""The ``madoguchi`` command."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol, cast

from madoguchi.commands import (
    backup,
    base_map,
    check,
    demo,
    init,
    line,
    locate,
    restore,
    serve,
    service_files,
    staff,
    standby,
    triage,
    update,
)
from madoguchi.operation.outcome import USAGE, Failure


class Command(Protocol):
    """A module of ``madoguchi.commands``."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what the command takes."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it; returns the exit code, raises ``Failure`` with the reason in Japanese."""


COMMANDS = {
    "init": init,
    "demo": demo,
    "serve": serve,
    "check": check,
    "update": update,
    "service-files": service_files,
    "backup": backup,
    "restore": restore,
    "standby": standby,
    "base-map": base_map,
    "line": line,
    "staff": staff,
    "locate": locate,
    "triage": triage,
}


class Parser(argparse.ArgumentParser):
    """argparse that speaks Japanese when the usage is wrong."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to see the usage; exit 2."""
        self.exit(
            USAGE,
            f"指定が正しくありません：{message}\n使い方は「{self.prog} --help」で見られます。\n",
        )


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(
        prog="madoguchi", description="窓口：小さな自治体の住民サービスを1つで動かします。"
    )
    chosen = top.add_subparsers(
        dest="command", required=True, metavar="コマンド", parser_class=Parser
    )
    for name, module in COMMANDS.items():
        command = cast(Command, module)
        made = chosen.add_parser(name, help=command.HELP, description=command.HELP)
        command.add_arguments(made)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 done, 1 failed, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the locale of the machine says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    arguments = parser().parse_args(argv)
    command = cast(Command, COMMANDS[arguments.command])
    try:
        code = command.run(arguments)
        sys.stdout.flush()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return failure.code
    except BrokenPipeError:  # the reader of the pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
