"""``madoguchi init``: data folder, secret key, tables, towns, the first administrator's way in."""

import argparse

from madoguchi.commands import choices
from madoguchi.operation import house, update_journal

HELP = "データのフォルダーと表を作り、町を登録します（くり返しても安全）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    choices.add_data(parser)
    parser.add_argument(
        "--town", action="append", required=True, help="市区町村名か5桁のコード（何度でも指定可）"
    )
    parser.add_argument("--hostname", default="", help="この町のホスト名（町が1つなら不要）")
    parser.add_argument("--phone", default="", help="住民に案内する代表電話")
    parser.add_argument("--link", action="store_true", help="管理者のサインイン用リンクを出す")
    parser.add_argument(
        "--url", default="http://127.0.0.1:8000", help="リンクの先頭（町のページのアドレス）"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prepare everything that ``serve`` needs."""
    packs = [choices.town(name) for name in arguments.town]
    data = house.data_folder(arguments.data)
    house.furnish(data)
    update_journal.refuse_unfinished(data)
    house.enter(data)

    from madoguchi.operation import ready

    ready.refuse_older()
    house.build_tables()

    from madoguchi.operation import towns

    print(f"データのフォルダー：{data}")
    for pack in packs:
        town = towns.open_town(pack.code, hostname=arguments.hostname, phone=arguments.phone)
        print(f"町：{pack.name}（{pack.code}）")
        if arguments.link or not towns.has_administrator(town):
            token = towns.administrator_link(town)
            print(
                f"管理者のサインイン用リンク（1回限り、30分）：{arguments.url}/staff/enter/{token}"
            )
    house.let_go()
    return 0
