"""What staff is told when words were written long before they arrived, or claim an odd time."""

from datetime import datetime, timedelta

from madoguchi.kernel.clock import api as clock

LATE = timedelta(minutes=5)
OLDEST = timedelta(days=7)
AHEAD = timedelta(seconds=30)


def note(sent_at: datetime, received_at: datetime, *, waited: bool) -> str:
    """A note beside the words; "" when they came as they were written.

    ``waited``: they lay on the sender's own device until it had a connection. The time of writing
    is the sender's claim: one from the future, or of more than a week ago, is not believed, and
    whoever reads is told so.
    """
    age, arrived = received_at - sent_at, f"{_time(received_at)}に届きました"
    if age < -AHEAD:
        return f"書かれた時刻がわかりません（端末の時計が進んでいます。{arrived}）"
    if age >= OLDEST:
        return f"書かれた時刻は7日以上前とされています。確かめてください（{arrived}）"
    if age < LATE:
        return ""
    return f"書かれた時刻 {_time(sent_at)}（{'通信が戻ってから、' if waited else ''}{arrived}）"


def _time(at: datetime) -> str:
    local = clock.jst(at)
    return f"{local.month}月{local.day}日{local.hour}時{local.minute}分"
