"""A post whose author changed its words: the new words take the place of the old ones, everywhere.

The rooms that read the old words register what is to be done with the new ones.
"""

from collections.abc import Callable

from madoguchi.channels.sns.data import CHANNEL, Edited
from madoguchi.channels.sns.models import Post
from madoguchi.kernel.audit import api as audit
from madoguchi.kernel.messages.models import Inbound

Reader = Callable[[Edited], None]
"""Reads the new words in place of the old ones, in the transaction that replaces them."""

_readers: list[Reader] = []


def on_edit(reader: Reader) -> None:
    """Call ``reader`` for every edit of a post that was read; registering twice counts once."""
    if reader not in _readers:
        _readers.append(reader)


def replace_words(post: Post, words: str) -> None:
    """Put ``words`` in place of what the post said; runs in a transaction.

    An event that still waits is simply read with its new words.
    """
    row = (
        Inbound.objects.select_for_update(of=("self",))
        .filter(channel=CHANNEL, external_id=post.external_id)
        .first()
    )
    if row is None:
        return
    before, row.text = row.text, words
    row.save(update_fields=["text"])
    audit.record("sns.edited", f"post:{post.pk}", actor=f"system:{CHANNEL}")
    if row.done_at is not None and row.contact_id is not None:
        for reader in _readers:
            reader(Edited(row.pk, row.contact_id, before, words))
