"""The pictures of a post that was taken in: from the network's own hosts, as bytes to re-encode."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings

from madoguchi.channels.sns import setup as setups
from madoguchi.channels.sns.data import Network
from madoguchi.channels.sns.models import Post
from madoguchi.channels.sns.reach import Caller, Unreachable
from madoguchi.kernel.towns.models import Town

MOST_BYTES = 20 * 1024 * 1024
GONE = "写真は、もとの投稿から取れませんでした。"
FOREIGN = "写真が別の場所に置かれているため、取り込みませんでした。"


class Unfetched(Exception):
    """There is no picture, or not yet (``retry``); the message is in Japanese."""

    def __init__(self, message: str, *, retry: bool = False) -> None:
        super().__init__(message)
        self.retry = retry


def fetch(media: str, town_id: int, environment: Mapping[str, str]) -> bytes:
    """The picture ``<post>:<number>`` of the current town. Raises ``Unfetched``."""
    pk, _, number = media.partition(":")
    post = Post.objects.filter(pk=int(pk), removed_at=None).first()
    if post is None or int(number) >= len(post.media):
        raise Unfetched(GONE)
    url = str(post.media[int(number)])
    if not _is_own(url, post, Town.objects.get(pk=town_id), environment):
        raise Unfetched(FOREIGN)
    try:
        answer = Caller(local=settings.SNS_LOCAL).get(url, most=MOST_BYTES)
    except Unreachable as error:
        raise Unfetched(GONE, retry=error.status == 0) from error
    if answer.status != 200:
        raise Unfetched(GONE, retry=answer.status == 429 or answer.status >= 500)
    return answer.body


def is_of(host: str, own: str) -> bool:
    """Whether ``host`` is the host ``own`` or lies below it."""
    return host == own or host.endswith(f".{own}")


def _is_own(url: str, post: Post, town: Town, environment: Mapping[str, str]) -> bool:
    host = urlsplit(url).netloc.lower()
    if post.network == Network.BLUESKY:
        return host == setups.PICTURES_OF_BLUESKY
    mastodon = setups.read(town, environment).mastodon
    if mastodon is None or post.network != Network.MASTODON:
        return False
    return any(is_of(host, own) for own in (mastodon.host, *mastodon.other_hosts))
