"""What is given up when the person behind an account is erased on request."""

from django.db.models import Q

from madoguchi.channels.sns.data import CHANNEL
from madoguchi.channels.sns.models import Post
from madoguchi.kernel.clock import api as clock
from madoguchi.kernel.people.data import ContactRef


def erase(_person_id: int, contacts: list[ContactRef]) -> None:
    """Forget where these people's posts stand; runs in the transaction of the erasure.

    The posts stay known by their hash, so that no later edit or repetition brings them back.
    """
    for contact in contacts:
        if contact.channel == CHANNEL:
            network, _, hashed = contact.address.partition("-")
            mine = Q(author__startswith=hashed) | Q(author="", key__startswith=hashed)
            Post.objects.filter(mine, network=network).update(
                native_id="", url="", author="", media=[], removed_at=clock.now()
            )
