"""``madoguchi standby``: a second machine that is ready to take over."""

import argparse
import signal
from pathlib import Path

from madoguchi.commands import choices
from madoguchi.operation import house
from madoguchi.operation.outcome import DONE, FAILED, Failure

HELP = "予備機に写しを送り、引き継ぎ、写しに入らなかったものを調べます"
SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="すること")
    run_ = _verb(verbs, "run", "予備機へ写しを送り続けます（窓口を開いている機械で）")
    run_.add_argument("--to", type=Path, required=True, help="予備機の、写しを置くフォルダー")
    _verb(verbs, "status", "写しがどこまで届いているかを見ます")
    take = _verb(verbs, "take-over", "予備機で、写しから窓口を引き継ぎます")
    take.add_argument("copy", type=Path, metavar="COPY", help="写しのあるフォルダー")
    missing = _verb(verbs, "missing", "前の機械のデータと比べ、写しに入らなかったものを調べます")
    missing.add_argument("old", metavar="OLD", help="前の madoguchi.sqlite3、または postgresql://…")
    missing.add_argument(
        "--import", dest="take_in", action="store_true", help="足りないメッセージを取り込む"
    )


def _verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, help_: str):  # type: ignore[no-untyped-def]
    verb = verbs.add_parser(name, help=help_, description=help_)
    choices.add_data(verb)
    return verb


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked."""
    data = house.data_folder(arguments.data)
    if arguments.verb == "take-over":
        return _take_over(arguments.copy.resolve(), data)
    house.enter(data)
    if arguments.verb == "run":
        return _ship(data, arguments.to.resolve())
    return _status() if arguments.verb == "status" else _missing(arguments)


def _ship(data: Path, copy: Path) -> int:
    from madoguchi.operation import standby

    if copy.is_relative_to(data):
        raise Failure("写しは、データのフォルダーの外、できれば別の機械の上に置いてください。")
    shipping = standby.Shipping(data, copy)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: shipping.stop())
    shipping.run()
    return DONE


def _status() -> int:
    from madoguchi.web import standby

    reach = standby.reach()
    house.let_go()
    if reach is None:
        print("予備機へは写していません。「madoguchi standby run --to フォルダー」で始められます。")
        return FAILED
    print(f"{'よし' if reach.well else 'だめ'} 予備機への写し：{reach.text}")
    if reach.advice:
        print(f"      → {reach.advice}")
    return DONE if reach.well else FAILED


def _take_over(copy: Path, data: Path) -> int:
    from madoguchi.operation import standby_taking

    taken = standby_taking.take_over(copy, data)
    from madoguchi.kernel.clock import api as clock
    from madoguchi.operation import ready

    since, until = (f"{clock.jst(at):%Y年%m月%d日 %H:%M:%S}" for at in (taken.since, taken.until))
    print(f"写しから {data} を作りました。{since} までに保存されたものは、すべて入っています。")
    print(f"注意 {since} から {until} までに届いたものは、入っていないことがあります：")
    print("  ・この間に受け取り、LINEに返事をしたもの。LINEは、もう一度は送りません。")
    print("  ・この間に職員がした操作と、この間に消した個人情報。")
    print("  前の機械のデータが読めるときは「madoguchi standby missing 前の madoguchi.sqlite3」で")
    print("  調べて取り込めます。読めないときは、この間に連絡した人に、もう一度の連絡を頼んで")
    print("  ください。受け取れなかったものは、LINEが自動でもう一度送ります。")
    print(f"ケースの番号は{standby_taking.CASES_SKIPPED}番とばします（前の番号と重ねないため）。")
    print(f"処理を待っているメッセージ：{taken.waiting}件（窓口を開くと処理します）")
    house_well = taken.whole and taken.audit_ok and not taken.photos_missing
    for well, text in (
        (taken.whole, "写しの最後の印まで、行がそろっていること"),
        (taken.audit_ok, "操作の記録の封印"),
        (not taken.photos_missing, f"写真のファイル（足りないもの {taken.photos_missing}個）"),
    ):
        print(f"{'よし' if well else 'だめ'} {text}")
    print("次に「madoguchi check」「madoguchi serve」を実行し、町のアドレスをこの機械に向けます。")
    unready = ready.missing_migrations()
    if unready:
        print("だめ プログラムの版が前の機械と違います。同じ版を入れてください。")
    house.let_go()
    return DONE if house_well and not unready else FAILED


def _missing(arguments: argparse.Namespace) -> int:
    from madoguchi.kernel.clock import api as clock
    from madoguchi.operation import standby_missing

    look = standby_missing.take_in if arguments.take_in else standby_missing.find
    found = look(arguments.old)
    print(f"写しに入らなかったメッセージ：{len(found.messages)}件")
    for row in found.messages[:SHOWN]:
        at = standby_missing.moment(row["received_at"])
        print(f"  {clock.jst(at):%m月%d日 %H:%M:%S} {row['channel']} {row['external_id']}")
    if arguments.take_in:
        print(f"取り込みました：{found.taken_in}件。窓口が処理し、送った人にもう一度返事をします。")
    elif found.messages:
        print("取り込むには --import を付けて、もう一度実行してください。")
    print(f"前の機械だけが知っている、住民への送信：{found.answers}件")
    print(f"前の機械だけが知っている、職員の操作：{len(found.acts)}件（やり直してください）")
    for row in found.acts[:SHOWN]:
        at = standby_missing.moment(row["at"])
        print(f"  {clock.jst(at):%m月%d日 %H:%M:%S} {row['actor']} {row['verb']} {row['subject']}")
    house.let_go()
    return DONE
