"""LINE as a channel: deliveries become calls, answers become receipts."""

import os
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace

from linebot.v3.messaging import TextMessage

from madoguchi.channels.base import Channel, MediaUnavailable
from madoguchi.channels.line import account as accounts
from madoguchi.channels.line import verdict
from madoguchi.channels.line.account import Account, Misconfigured
from madoguchi.channels.line.client import LineClient
from madoguchi.channels.line.wording import to_line
from madoguchi.kernel.messages.data import Delivery, Outcome, Receipt
from madoguchi.kernel.towns.models import Town

REPLY_LIFE_S = 45.0
"""LINE takes a reply token for a minute; what is slow on the way must still arrive in time."""

CLOCKS_APART_S = 15.0
"""How far LINE's clock may be ahead of ours. A token that seems younger was given before our clock
was set back: its age is not known, and LINE's "invalid" would not tell that it had been used."""

MESSAGES_A_CALL = 5
USER_ID = re.compile(r"U[0-9a-f]{32}")


class LineChannel(Channel):
    """A town's LINE account. See docs/decisions/0010-line.md for what can happen twice."""

    kind = "line"
    multicast_limit = 500

    def __init__(self, account: Account | None, problem: str = "") -> None:
        self._client = LineClient(account) if account else None
        self._problem = (
            problem or "この自治体にはLINEの設定がありません。設定してからもう一度送ってください。"
        )

    @classmethod
    def of_town(cls, town_id: int) -> "LineChannel":
        """The channel of a town; one without usable settings refuses, and says why."""
        try:
            return cls(accounts.read(Town.objects.get(pk=town_id).settings, os.environ))
        except Misconfigured as error:
            return cls(None, str(error))

    def deliver(self, delivery: Delivery) -> Receipt:
        """Try once; the same delivery may come again and never becomes a second message."""
        if self._client is None:
            return Receipt(Outcome.REFUSED, self._problem)
        messages = to_line(delivery.messages)
        if not messages or not delivery.recipients:
            return Receipt(Outcome.REFUSED, "送る文章か宛先がありません。内容を確かめてください。")
        if _may_reply(delivery, messages):
            return self._reply(delivery, messages)
        return self._send(delivery, messages)

    def fetch_media(self, media: str) -> bytes:
        """The photo that an event names."""
        if self._client is None:
            raise MediaUnavailable(self._problem)
        answer = self._client.content(media)
        if answer.status == 200 and isinstance(answer.data, bytes | bytearray):
            return bytes(answer.data)
        retry = answer.status == 202 or verdict.may_work_later(answer)
        raise MediaUnavailable(verdict.media_detail(answer), retry=retry)

    def _reply(self, delivery: Delivery, messages: Sequence[TextMessage]) -> Receipt:
        """Use the reply token; where it is dead, have the delivery pushed by the next attempt.

        A token that is refused at a later attempt was used up by an earlier one, whose answer was
        lost: the message had arrived. At the first attempt it cannot have been us.
        """
        assert self._client is not None
        answer = self._client.reply(delivery.reply_token, messages)
        if not verdict.reply_token_dead(answer):
            return replace(verdict.receipt(answer), used_reply=True)
        if delivery.attempts > 0:
            return Receipt(Outcome.SENT, used_reply=True, external_id=answer.request_id)
        detail = "返信できる時間が過ぎていました。通常の送信に切りかえます。"
        return Receipt(Outcome.RETRY, detail, external_id=answer.request_id, drop_reply=True)

    def _send(self, delivery: Delivery, messages: Sequence[TextMessage]) -> Receipt:
        """Push or multicast everything; each call has a key of its own that never changes."""
        assert self._client is not None
        refused: Receipt | None = None
        last = Receipt(Outcome.SENT)
        keys = _keys(delivery.key)
        for start in range(0, len(messages), MESSAGES_A_CALL):
            block = messages[start : start + MESSAGES_A_CALL]
            for to in _destinations(delivery.recipients):
                key = next(keys)
                if len(to) == 1:
                    answer = self._client.push(to[0], block, key)
                else:
                    answer = self._client.multicast(to, block, key)
                last = verdict.receipt(answer)
                if last.outcome is Outcome.RETRY:
                    return last
                refused = refused or (last if last.outcome is Outcome.REFUSED else None)
        return refused or last


def _may_reply(delivery: Delivery, messages: Sequence[TextMessage]) -> bool:
    """Only what fits in one call is replied: a second call could not tell what the first did."""
    return (
        bool(delivery.reply_token)
        and -CLOCKS_APART_S <= delivery.reply_token_age_s < REPLY_LIFE_S
        and len(delivery.recipients) == 1
        and len(messages) <= MESSAGES_A_CALL
    )


def _destinations(recipients: Sequence[str]) -> list[list[str]]:
    """Users in blocks of a multicast; groups and rooms, which it refuses, one by one."""
    names = list(dict.fromkeys(recipients))
    users = [name for name in names if USER_ID.fullmatch(name)]
    limit = LineChannel.multicast_limit
    blocks = [users[start : start + limit] for start in range(0, len(users), limit)]
    return blocks + [[name] for name in names if not USER_ID.fullmatch(name)]


def _keys(key: str) -> Iterator[str]:
    """The delivery's own key, then keys derived from it: the same ones at each attempt."""
    yield key
    number = 1
    while True:
        yield str(uuid.uuid5(uuid.UUID(key), str(number)))
        number += 1
