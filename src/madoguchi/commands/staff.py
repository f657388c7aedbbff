"""``madoguchi staff``: who may enter, in which department, with which role."""

import argparse

from madoguchi.commands import choices
from madoguchi.operation import house

HELP = "職員を登録し、サインイン用リンクを出します"
ROLES = {"閲覧": "viewer", "対応": "operator", "責任者": "manager", "管理者": "admin"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="すること")
    add = _verb(verbs, "add", "職員を登録し、サインイン用リンクを出します")
    add.add_argument("--name", required=True, help="氏名")
    add.add_argument("--role", choices=ROLES, default="対応", help="権限（対応）")
    add.add_argument("--department", default="", help="課の名前（なければ作ります）")
    _verb(verbs, "list", "職員の番号、氏名、権限、課を並べます")
    for name, help_ in (
        ("link", "サインイン用リンクをもう一度出します"),
        ("stop", "入れないようにします（これまでの記録は残ります）"),
    ):
        verb = _verb(verbs, name, help_)
        verb.add_argument("--number", type=int, required=True, help="listで出る番号")


def run(arguments: argparse.Namespace) -> int:
    """Do it; raises ``Failure`` when there is no such member."""
    pack = choices.town(arguments.town)
    house.enter(house.data_folder(arguments.data))

    from madoguchi.operation import staff

    if arguments.verb == "add":
        role = ROLES[arguments.role]
        member = staff.add(pack, arguments.name, role, arguments.department)
        print(f"登録しました：{member.name}（番号 {member.pk}）")
        _show_link(arguments.url, staff.link(pack, member.pk))
    elif arguments.verb == "link":
        _show_link(arguments.url, staff.link(pack, arguments.number))
    elif arguments.verb == "stop":
        print(f"{staff.stop(pack, arguments.number).name}が入れないようにしました。")
    else:
        for member in staff.members(pack):
            department = member.department.name if member.department else "課なし"
            print(f"{member.pk}　{member.name}　{member.get_role_display()}　{department}")
    house.let_go()
    return 0


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, help_: str
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=help_, description=help_)
    choices.add_data(verb)
    verb.add_argument("--town", required=True, help="市区町村名か5桁のコード")
    verb.add_argument(
        "--url", default="http://127.0.0.1:8000", help="リンクの先頭（町のページのアドレス）"
    )
    return verb


def _show_link(url: str, token: str) -> None:
    print(f"サインイン用リンク（1回限り、30分）：{url.rstrip('/')}/staff/enter/{token}")
    print("本人だけに渡してください。開いたら、パスキーを登録してもらいます。")
