"""The address of a post says which post it is, whoever brings it and however it was copied."""

import re
from urllib.parse import urlsplit

from madoguchi.channels.sns.data import Network

_X = re.compile(r"/(?:[A-Za-z0-9_]{1,20}|i/web)/status(?:es)?/(\d{1,25})")
_INSTAGRAM = re.compile(r"(?:/[A-Za-z0-9_.]{1,40})?/(?:p|reel|tv)/([A-Za-z0-9_-]{1,60})")
_BLUESKY = re.compile(r"/profile/(did:[^/]{1,200})/post/([A-Za-z0-9._:~-]{1,512})")
_MASTODON = re.compile(r"/@[A-Za-z0-9_.@-]{1,200}/(\d{1,30})")
_HOSTS = {
    Network.X: frozenset({"x.com", "twitter.com"}),
    Network.INSTAGRAM: frozenset({"instagram.com"}),
    Network.BLUESKY: frozenset({"bsky.app"}),
}
_DRESS = ("www.", "mobile.", "m.")


def clean(url: str) -> str:
    """An address without what only counts readers: query, fragment, "www."; "" for none.

    Only https addresses count; http is read as https.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "." not in host or port not in (None, 80, 443):
        return ""
    for dress in _DRESS:
        host = host.removeprefix(dress)
    return f"https://{host}{parts.path.rstrip('/')}"


def network_of(url: str) -> Network | None:
    """The network at which an address points, if it is one that is known by its host."""
    host = urlsplit(clean(url)).hostname or ""
    return next((network for network, hosts in _HOSTS.items() if host in hosts), None)


def identity(network: Network, url: str) -> str:
    """The network's own id of the post at ``url``, else the address itself; "" for none."""
    address = clean(url)
    parts = urlsplit(address)
    path = parts.path
    if network is Network.MASTODON and (found := _MASTODON.fullmatch(path)):
        return f"{parts.netloc}/{found[1]}"
    if network_of(address) is not network:
        return address
    if network is Network.BLUESKY and (found := _BLUESKY.match(path)):
        return f"{found[1]}/{found[2]}"
    for known, shape in ((Network.X, _X), (Network.INSTAGRAM, _INSTAGRAM)):
        if network is known and (found := shape.match(path)):
            return found[1]
    return address
