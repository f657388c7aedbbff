"""The demonstration: a town with invented staff, and a stand-in for LINE on this machine."""

import os
import secrets
from pathlib import Path

from madoguchi.kernel.towns.pack import Pack
from madoguchi.operation import house, serving

SECRET, TOKEN = "MADOGUCHI_DEMO_LINE_SECRET", "MADOGUCHI_DEMO_LINE_TOKEN"


def run(pack: Pack, data: Path, host: str, port: int, threads: int) -> int:
    """Set up ``data`` for the town of ``pack`` and serve it until told to stop."""
    url = f"http://{host}:{port}"
    for name in (SECRET, TOKEN):
        os.environ[name] = secrets.token_hex(16)
    house.enter(data)
    house.build_tables()

    from madoguchi.operation import ready, towns

    town = towns.open_town(pack.code)
    town.settings["line"] = {"secret_env": SECRET, "token_env": TOKEN}
    town.save(update_fields=["settings"])
    token = towns.add_demo_staff(town)
    ready.refuse_unready()
    return serving.serve(
        serving.Plan(
            host,
            port,
            threads,
            beside=lambda: _stand_in_for_line(url, pack),
            announce=_welcome(pack.name, url, token),
        )
    )


def _stand_in_for_line(url: str, pack: Pack) -> None:
    """In the serving process: a LINE of this machine alone, at ports that the system picks."""
    from madoguchi.channels.demo import stand_in
    from madoguchi.channels.demo.fake_line import server

    line = server.start(f"{url}/channels/line/webhook", os.environ[SECRET], os.environ[TOKEN])
    os.environ["MADOGUCHI_LINE_HOST"] = line.host
    os.environ["MADOGUCHI_LINE_DATA_HOST"] = line.data_host
    stand_in.install(line, pack)


def _welcome(name: str, url: str, token: str) -> str:
    """What the person at the keyboard sees when the town is open."""
    return f"""
{name}の窓口を開きました（見本。止めるときは Ctrl+C）

  住民の画面      {url}/
  LINEの見本      {url}/demo/phone/
  職員の画面      {url}/staff/enter/{token}
                  （1回限り、30分以内に開いてください）
"""
