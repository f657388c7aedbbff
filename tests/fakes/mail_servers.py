"""A mail provider on this machine: a real SMTP server (aiosmtpd) and a real IMAP server (pymap).

What is sent to an address that has a mailbox here is put into it, so that a letter and its answer
go the whole way. ``refuse`` makes the SMTP server say what providers say.
"""

import asyncio
import imaplib
import ssl
import threading
import warnings
from argparse import Namespace
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, DictBackend, Identity, Login
from pymap.imap import IMAPServer
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import Cleartext

HOST = "127.0.0.1"
PASSWORD = "only-for-tests"


@dataclass
class Imap:
    """The IMAP server; users are addresses."""

    loop: asyncio.AbstractEventLoop
    config: Config
    login: Login
    port: int = 0
    users: set[str] = field(default_factory=set)

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run in the server's thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def let_in(self, user: str, password: str = PASSWORD) -> None:
        """A user with this password; another one from now on, if known already."""
        self.do(self._set(user, password))
        self.users.add(user)

    async def _set(self, user: str, password: str) -> None:
        hashed = await Passwords(self.config).hash_password(password)
        self.login.users_dict[user] = UserMetadata(self.config, user, password=hashed)

    @contextmanager
    def client(self, user: str) -> Iterator[imaplib.IMAP4]:
        """The user's own mail program."""
        identity = Identity(user, self.login, None, frozenset())
        known = self.do(identity.get())
        self.do(self._set(user, "the-owner"))
        client = imaplib.IMAP4(HOST, self.port, timeout=60)
        client.login(user, "the-owner")
        self.login.users_dict[user] = known
        try:
            yield client
        finally:
            client.logout()

    def put(self, user: str, data: bytes, folder: str = "INBOX") -> None:
        """A mail arrives."""
        with self.client(user) as client:
            assert client.append(folder, "", "", data)[0] == "OK"

    def mails(self, user: str, folder: str = "INBOX") -> list[EmailMessage]:
        """All mails of a folder, oldest first."""
        with self.client(user) as client:
            client.select(folder, readonly=True)
            _, found = client.uid("SEARCH", "ALL")
            uids = (found[0] or b"").split()
            contents = [client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1] for uid in uids]
        return [parsed(content[0][1]) for content in contents]

    def unseen(self, user: str, folder: str = "INBOX") -> int:
        """How many mails nobody has seen."""
        with self.client(user) as client:
            client.select(folder, readonly=True)
            return len((client.uid("SEARCH", "UNSEEN")[1][0] or b"").split())

    def number_anew(self, user: str, folder: str) -> None:
        """The folder gets another UIDVALIDITY, with the same mails under other numbers."""
        with self.client(user) as client:
            client.select(folder)
            _, found = client.uid("SEARCH", "ALL")
            uids = (found[0] or b"").split()
            kept = [client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1][0][1] for uid in uids]
            client.select("INBOX")
            client.delete(folder)
            client.create(folder)
            for content in reversed(kept):
                client.append(folder, "", "", content)


@dataclass
class Refusal:
    """What the server says at a step: ``code`` to the next ``times`` attempts."""

    step: str  # "rcpt", "mail" or "data"
    code: int
    times: int = 1_000_000
    to: str = ""


@dataclass
class Smtp:
    """The SMTP server: what it took, and what it is to refuse."""

    imap: Imap
    port: int = 0
    password: str = PASSWORD
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    lose_answer: bool = False
    logins: int = 0

    def refuse(self, step: str, code: int, times: int = 1_000_000, to: str = "") -> None:
        """Say ``code`` at a step."""
        self.refusals.append(Refusal(step, code, times, to))

    def to(self, address: str) -> list[EmailMessage]:
        """What was taken for an address."""
        return [mail for recipient, mail in self.taken if recipient == address]

    def _refused(self, step: str, to: str = "") -> str | None:
        for refusal in self.refusals:
            if refusal.step == step and refusal.times > 0 and refusal.to in ("", to):
                refusal.times -= 1
                return f"{refusal.code} refused by the test"
        return None

    # What aiosmtpd calls

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refused := self._refused("mail"):
            return refused
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refused := self._refused("rcpt", address):
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if refused := self._refused("data"):
            return refused
        content = cast(bytes, envelope.content)
        for recipient in envelope.rcpt_tos:
            self.taken.append((recipient, parsed(content)))
            if recipient in self.imap.users:
                await asyncio.get_running_loop().run_in_executor(
                    None, self.imap.put, recipient, content
                )
        if self.lose_answer:
            self.lose_answer = False
            server.transport.abort()
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        """The password, whoever comes."""
        self.logins += 1
        given = data.password.decode() if isinstance(data, LoginPassword) else ""
        right = given == self.password
        return AuthResult(success=right, handled=right)


@dataclass
class Provider:
    """Both servers of one provider."""

    imap: Imap
    smtp: Smtp

    def secure_smtp(self, folder: Path) -> int:
        """The port of the same server behind TLS, with a certificate that nobody has signed."""
        key, certificate = folder / "key.pem", folder / "cert.pem"
        _own_certificate(key, certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)

        async def start() -> asyncio.Server:
            loop = self.imap.loop
            return await loop.create_server(lambda: _smtp(self.smtp, loop, context), HOST, 0)

        server = self.imap.do(start())
        self.others.append(server)
        return int(server.sockets[0].getsockname()[1])

    others: list[asyncio.Server] = field(default_factory=list)


@contextmanager
def running() -> Iterator[Provider]:
    """A provider, until the end of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    provider, servers = asyncio.run_coroutine_threadsafe(_start(loop), loop).result(60)
    try:
        yield provider
    finally:
        asyncio.run_coroutine_threadsafe(_end([*servers, *provider.others]), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def parsed(content: bytes) -> EmailMessage:
    """A mail as the receiving program reads it."""
    return cast(EmailMessage, message_from_bytes(content, policy=default))


async def _start(loop: asyncio.AbstractEventLoop) -> tuple[Provider, list[asyncio.Server]]:
    warnings.filterwarnings("ignore", "Requiring AUTH", UserWarning)  # nothing leaves the machine
    imap, reading = await _imap(loop)
    smtp = Smtp(imap)
    sending = await loop.create_server(lambda: _smtp(smtp, loop), HOST, 0)
    smtp.port = sending.sockets[0].getsockname()[1]
    return Provider(imap, smtp), [reading, sending]


def _smtp(
    smtp: Smtp, loop: asyncio.AbstractEventLoop, context: ssl.SSLContext | None = None
) -> SMTP:
    return SMTP(
        smtp,
        loop=loop,
        tls_context=context,
        authenticator=smtp.authenticate,
        auth_required=True,
        auth_require_tls=False,
    )


def _own_certificate(key: Path, certificate: Path) -> None:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(made.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    signed = builder.not_valid_after(datetime(2120, 1, 1, tzinfo=UTC)).sign(made, hashes.SHA256())
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


async def _imap(loop: asyncio.AbstractEventLoop) -> tuple[Imap, asyncio.Server]:
    args = Namespace(
        host=HOST,
        port=0,
        debug=False,
        cert=None,
        key=None,
        tls=False,
        demo_data=False,
        demo_user="nobody",
        demo_password=PASSWORD,
        passlib_cfg=None,
        proxy_protocol=None,
        inherited_sockets=None,
    )
    backend, config = await DictBackend.init(args, invalid_user_sleep=0.0, hash_context=Cleartext())
    config.apply_context()
    reader = ProxyProtocolReader(config.proxy_protocol)
    serve = reader.get_callback(IMAPServer(backend.login, config))
    server = await asyncio.start_server(serve, HOST, 0)
    imap = Imap(loop, config, cast(Login, backend.login))
    imap.port = server.sockets[0].getsockname()[1]
    return imap, server


async def _end(servers: list[asyncio.Server]) -> None:
    for server in servers:
        server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
