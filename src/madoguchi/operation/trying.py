"""The demonstration: a town with invented staff, and a stand-in for LINE on this machine."""

from pathlib import Path

from madoguchi.kernel.towns.pack import Pack
from madoguchi.operation import house, serving


def run(pack: Pack, data: Path, host: str, port: int, threads: int) -> int:
    """Set up ``data`` for the town of ``pack`` and serve it until told to stop."""
    url = f"http://{host}:{port}"
    house.enter(data)
    house.build_tables()

    from madoguchi.operation import ready, towns

    town = towns.open_town(pack.code)
    token = towns.add_demo_staff(town)
    ready.refuse_unready()
    return serving.serve(
        serving.Plan(host, port, threads, announce=_welcome(pack.name, url, token))
    )


def _welcome(name: str, url: str, token: str) -> str:
    """What the person at the keyboard sees when the town is open."""
    return f"""
{name}の窓口を開きました（見本。止めるときは Ctrl+C）

  住民の画面      {url}/
  LINEの見本      {url}/demo/phone/
  職員の画面      {url}/staff/enter/{token}
                  （1回限り、30分以内に開いてください）
"""
