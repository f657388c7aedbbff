"""Options that several commands share."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from madoguchi.operation.outcome import USAGE, Failure

if TYPE_CHECKING:
    from madoguchi.kernel.towns.pack import Pack


def add_data(parser: argparse.ArgumentParser) -> None:
    """``--data``: the folder of everything a town has stored."""
    parser.add_argument(
        "--data",
        type=Path,
        help="データのフォルダー（省くと環境変数 MADOGUCHI_DATA、なければ ./var）",
    )


def add_address(parser: argparse.ArgumentParser) -> None:
    """``--host`` and ``--port``."""
    parser.add_argument("--host", default="127.0.0.1", help="待ち受けるアドレス（127.0.0.1）")
    parser.add_argument("--port", type=port, default=8000, help="待ち受けるポート（8000）")


def port(text: str) -> int:
    """A TCP port."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(
            f"ポートは1から65535の数で指定してください（今の指定：{text}）"
        )
    return int(text)


def count(text: str) -> int:
    """A number of processes or threads."""
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError(f"1から256の数で指定してください（今の指定：{text}）")
    return int(text)


def town(asked: str) -> "Pack":
    """The pack of a town that can be served, by its name or code."""
    from madoguchi.kernel.towns import pack

    try:
        found = pack.load(asked.strip()) if asked.strip().isdecimal() else pack.by_name(asked)
    except pack.UnknownTown as unknown:
        raise Failure(f"{unknown}\n{_served()}", USAGE) from unknown
    except pack.NoPacks as missing:
        raise Failure(str(missing)) from missing
    if not found.served:
        raise Failure(f"{found.name}は、住所を読むためのデータだけがあります。\n{_served()}", USAGE)
    return found


def _served() -> str:
    from madoguchi.kernel.towns import pack

    names = [f"{p.name}({p.code})" for p in pack.all_packs() if p.served]
    rows = ["　".join(names[i : i + 5]) for i in range(0, len(names), 5)]
    return "選べる町：\n  " + "\n  ".join(rows)
