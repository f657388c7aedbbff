"""Each way to serve: it takes a message, works on it, and ends at SIGTERM with nothing left."""

import os
import signal

from madoguchi.channels.demo.fake_line.faults import Trouble

from .served import POSTGRES, Served, until

PLACES = iter(f"国領町{chome}丁目" for chome in range(1, 9))


def write(served: Served) -> str:
    """Somebody writes by LINE, and it is taken; returns who."""
    user = served.line.person("見本")
    told = served.line.send_text(user, f"{next(PLACES)}の道路が冠水しています")
    assert told.answers == [200]
    return user


def worked_on(served: Served, user: str) -> None:
    """The message of that user became a case, and was answered once."""
    until(lambda: served.line.ledger.texts_to(user))
    of_user = f"FROM town_messages_{{}} WHERE {{}} = '{user}'"
    assert served.rows(f"SELECT state {of_user.format('inbound', 'sender')}") == [("done",)]
    state = f"SELECT state {of_user.format('outbox', 'recipient')}"
    until(lambda: served.rows(state) == [("sent",)])
    assert len(served.line.ledger.texts_to(user)) == 1
    told = (
        "SELECT COUNT(*) FROM disaster_report r JOIN town_messages_inbound i ON i.id = inbound_id"
    )
    assert served.number(f"{told} WHERE case_id IS NOT NULL AND sender = '{user}'") == 1


def ends_while_line_hangs(served: Served) -> None:
    """SIGTERM comes while LINE owes an answer: nothing of ours outlives it by more than 5 s."""
    served.line.faults.plan(Trouble.HANG, path="message/reply")
    write(served)
    until(lambda: not served.line.faults.left())
    served.stop()


if POSTGRES:

    def test_several_processes_and_one_that_dies_is_replaced(served: Served) -> None:
        served.start("--workers", "2")
        watching = served.processes[0].pid
        working = set(served.living()) - {watching}
        assert len(working) == 2
        worked_on(served, write(served))
        os.kill(min(working), signal.SIGKILL)
        until(lambda: len(set(served.living()) - {watching, *working}) == 1)
        until(lambda: served.answers(served.processes[0]))
        worked_on(served, write(served))
        ends_while_line_hangs(served)

    def test_pages_and_work_as_processes_of_their_own(served: Served) -> None:
        served.start("--only", "web")
        user = write(served)
        assert served.rows("SELECT state, lease FROM town_messages_inbound") == [("waiting", None)]
        served.start("--only", "worker")
        worked_on(served, user)
        served.stop()

else:

    def test_everything_in_one_process(served: Served) -> None:
        served.start()
        assert len(served.living()) == 2  # the one that watches, and the one that works
        worked_on(served, write(served))
        ends_while_line_hangs(served)
