"""Calls to hosts that a page names: over https to public addresses alone, and nowhere else.

The name is resolved once, every address is looked at, and the connection goes to the address that
was looked at: a name that changes in between leads nowhere. Redirects are not followed. ``local``
(for tests and rehearsals) also allows this machine itself, without encryption.
"""

import ipaddress
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import httpx
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

TIMEOUT_S = 5.0
LONGEST_S = 20.0
CLOSE_S = 1.0
MOST_JSON = 4 * 1024 * 1024
LARGEST_FRAME = 1024 * 1024
WAITING_FRAMES = 256
AGENT = "madoguchi"

_TRANSLATED = tuple(
    ipaddress.IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")
)
"""IPv6 addresses that stand for an IPv4 address, which may be anybody's."""


class Unreachable(Exception):
    """The host cannot be called; the message says in Japanese why. ``status`` of an answer or 0."""

    def __init__(self, message: str, *, status: int = 0, retry_after_s: float | None = None):
        super().__init__(message)
        self.status = status
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered; header names in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls hosts on behalf of a town."""

    local: bool = False

    def as_called(self, url: str) -> str:
        """The address as it is called: without encryption where it is this machine's own."""
        host = urlsplit(url).hostname
        if not self.local or host not in ("127.0.0.1", "localhost"):
            return url
        return url.replace("https://", "http://", 1).replace("wss://", "ws://", 1)

    def get(
        self,
        url: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        token: str = "",
        most: int = MOST_JSON,
    ) -> Answer:
        """GET ``url``, at most ``most`` bytes of it. Raises ``Unreachable``."""
        target = self._target(url, ("https", "http"))
        asked = f"{target.path}?{urlencode(query)}" if query else target.path
        headers = {"Host": target.authority, "User-Agent": AGENT}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        with httpx.Client(trust_env=False, timeout=TIMEOUT_S, follow_redirects=False) as client:
            try:
                request = client.build_request(
                    "GET",
                    f"{target.scheme}://{target.address_in_url}:{target.port}{asked}",
                    headers=headers,
                    extensions={"sni_hostname": target.host},
                )
                answer = client.send(request, stream=True)
                try:
                    body = _body(answer, most)
                finally:
                    answer.close()
            except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
                raise Unreachable(f"{target.host} につながりません。") from error
        return Answer(answer.status_code, body, {k.lower(): v for k, v in answer.headers.items()})

    def listen(self, url: str, *, token: str = "") -> ClientConnection:
        """Open a WebSocket. Raises ``Unreachable``."""
        target = self._target(url, ("wss", "ws"))
        headers = {"Authorization": f"Bearer {token}"} if token else None
        try:
            return connect(
                url,
                address=(target.address, target.port),
                proxy=None,
                additional_headers=headers,
                user_agent_header=AGENT,
                open_timeout=TIMEOUT_S,
                close_timeout=CLOSE_S,
                max_size=LARGEST_FRAME,
                max_queue=WAITING_FRAMES,
                legacy=True,
            )
        except InvalidStatus as refused:
            status = refused.response.status_code
            after = _seconds(refused.response.headers.get("Retry-After"))
            raise Unreachable(
                f"{target.host} が接続を断りました（{status}）。",
                status=status,
                retry_after_s=after,
            ) from refused
        except Exception as error:  # whatever a handshake can fail with
            raise Unreachable(f"{target.host} につながりません。") from error

    def _target(self, url: str, schemes: tuple[str, str]) -> "_Target":
        """Where to connect to. Raises ``Unreachable`` for an address that must not be called."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise Unreachable("アドレスの形が正しくありません。") from error
        secure = parts.scheme == schemes[0]
        if not parts.hostname or not (secure or (self.local and parts.scheme == schemes[1])):
            raise Unreachable("https で始まるアドレスだけを使えます。")
        if parts.username or parts.password:
            raise Unreachable("アドレスに名前やパスワードを入れることはできません。")
        port = port or (443 if secure else 80)
        address = self._address(parts.hostname, port)
        path = parts.path or "/"
        if parts.query:
            path = f"{path}?{parts.query}"
        return _Target(parts.scheme, parts.hostname, parts.netloc, address, port, path)

    def _address(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{host} という名前が見つかりません。") from error
        addresses = [str(info[4][0]) for info in found]
        for address in addresses:
            if not (is_public(address) or (self.local and _is_this_machine(address))):
                raise Unreachable(f"{host} は、外の公開されたサーバーではありません。")
        return addresses[0]


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    authority: str
    address: str
    port: int
    path: str

    @property
    def address_in_url(self) -> str:
        return f"[{self.address}]" if ":" in self.address else self.address


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # with a zone (fe80::1%eth0)
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.teredo or any(ip in net for net in _TRANSLATED)
    ):
        return False
    return ip.is_global and not ip.is_multicast


def _is_this_machine(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def _body(answer: httpx.Response, most: int) -> bytes:
    body, until = bytearray(), time.monotonic() + LONGEST_S
    for part in answer.iter_bytes():
        body += part
        if time.monotonic() > until:
            raise Unreachable("答えが遅すぎます。")
        if len(body) > most:
            raise Unreachable("答えが大きすぎます。", status=answer.status_code)
    return bytes(body)


def _seconds(value: str | None) -> float | None:
    return float(value) if value and value.isdecimal() else None
