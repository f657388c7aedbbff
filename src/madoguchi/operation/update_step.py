"""The part of an update that the new program does in a process of its own: tables, self-check.

``python -m madoguchi.operation.update_step PARENT``: PARENT is the process of ``update``, whose
environment it has. It says on stderr why it failed and ends with 1.
"""

import sys

from madoguchi.operation import house
from madoguchi.operation.outcome import DONE, FAILED, Failure


def change() -> None:
    """Bring the tables to the form of this program."""
    house.build_tables()


def check() -> None:
    """Raise ``Failure`` with everything that is broken after the change."""
    from madoguchi.kernel.towns import guards
    from madoguchi.operation import checks_machine, checks_town, ready
    from madoguchi.operation.finding import Grade

    ready.refuse_unready()
    if missing := guards.missing():
        raise Failure(f"町と町の間の仕切りが足りません（{missing[0]}ほか）。")
    looked = (checks_machine.database, checks_town.packs, checks_town.audit_chain)
    broken = [f for look in looked for f in look() if f.grade is Grade.BAD]
    if broken:
        raise Failure("\n".join(finding.as_text() for finding in broken))


def main() -> int:
    """Do both; the exit code is that of a command."""
    house.die_with(int(sys.argv[1]))  # nobody else may change tables that are being put back
    house.enter(house.data_folder(None))
    try:
        change()
        check()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return FAILED
    finally:
        house.let_go()
    return DONE


if __name__ == "__main__":
    sys.exit(main())
