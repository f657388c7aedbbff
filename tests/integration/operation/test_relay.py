"""A real nginx with HTTPS in front of a real house, with the file that ``service-files`` writes."""

import base64
import hashlib
import hmac
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from madoguchi.operation import service_files
from madoguchi.operation.service_files import Machine

from .served import SECRET, Served, free_port, until

HOST = "madoguchi.example.lg.jp"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin") or "nginx"
MAIN = """
daemon off; master_process off; pid {0}/pid; error_log {0}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; fastcgi_temp_path {0}/f;
    uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;
    {1}
}}
"""


@dataclass(frozen=True)
class Relay:
    """Where nginx answers, and the certificate by which it is known."""

    http: int
    https: int
    trusted: ssl.SSLContext

    def browser(self, address: str = "127.0.0.1") -> httpx.Client:
        """A client that knows nothing of the house but its name, at this address of its own."""
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.https}",
            headers={"Host": HOST},
            verify=self.trusted,
            trust_env=False,
            timeout=60,
            transport=httpx.HTTPTransport(verify=self.trusted, local_address=address),
        )


def certificate(folder: Path) -> ssl.SSLContext:
    """A key and a certificate that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    trusted = ssl.create_default_context(cadata=pem.decode())
    trusted.check_hostname = False  # it is asked by its address, under its name
    return trusted


@pytest.fixture
def relay(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """The house behind nginx, both running."""
    monkeypatch.setenv("MADOGUCHI_HTTPS", "1")
    monkeypatch.setenv("MADOGUCHI_HOSTS", f"{HOST},127.0.0.1")
    folder = tmp_path / "nginx"
    folder.mkdir()
    trusted = certificate(folder)
    machine = Machine(
        HOST,
        "/opt/madoguchi",
        port=served.port,
        certificate=str(folder / "cert.pem"),
        key=str(folder / "key.pem"),
        http=free_port(),
        https=free_port(),
    )
    text = service_files.text_of("madoguchi-nginx.conf", machine)
    text = re.sub(r"listen \[::\].*\n", "", text)  # not every machine of tests has IPv6
    (folder / "nginx.conf").write_text(MAIN.format(folder, text), encoding="utf-8")
    served.start()
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "e")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    found = Relay(machine.http, machine.https, trusted)
    try:
        until(lambda: answers(found, process), 20)
        yield found
    finally:
        process.terminate()
        process.wait()


def answers(relay: Relay, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, process.stderr and process.stderr.read()
    try:
        return relay.browser().get("/healthz").status_code == 200
    except httpx.TransportError:
        return False


def test_a_house_behind_nginx_is_reached_as_it_should_be(relay: Relay, served: Served) -> None:
    with relay.browser("127.0.0.7") as browser:
        plain = httpx.get(
            f"http://127.0.0.1:{relay.http}/help/?a=1", headers={"Host": HOST}, trust_env=False
        )
        assert plain.status_code == 308
        assert plain.headers["Location"] == f"https://{HOST}/help/?a=1"
        home = browser.get("/")
        assert home.status_code == 200
        assert home.headers.get_list("Strict-Transport-Security") == [
            "max-age=31536000; includeSubDomains"
        ]  # of the house itself, once
        assert browser.get("/healthz?full").status_code == 403

        _a_webhook_comes_through_unchanged(browser, served)
        _the_address_of_the_client_is_known(browser, served)

        assert browser.post("/message/", content=b"x" * 48_000_000).status_code == 413
        assert browser.post("/message/", content=b"x" * 21_000_000).status_code != 413


def _a_webhook_comes_through_unchanged(browser: httpx.Client, served: Served) -> None:
    event = (
        '{"type":"message","mode":"active","timestamp":1782874800000,'
        '"webhookEventId":"01H000000000000000000000AA","deliveryContext":{"isRedelivery":false},'
        '"source":{"type":"user","userId":"U00000000000000000000000000000001"},'
        '"replyToken":"r1","message":{"type":"text","id":"1","quoteToken":"q",'
        '"text":"冠水\\u3000しています 😀"}}'
    )
    # Blanks and line ends that a relay which reads and writes JSON anew would change.
    body = f'{{ "destination" : "U{"0" * 32}",\r\n\t"events":[ {event} ] }}\n'.encode()
    right = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    path = "/channels/line/webhook"
    for signature, status in (("A" * 44, 401), (right, 200)):
        answer = browser.post(path, content=body, headers={"X-Line-Signature": signature})
        assert answer.status_code == status
    assert served.rows("SELECT text FROM town_messages_inbound") == [("冠水\u3000しています 😀",)]


def _the_address_of_the_client_is_known(browser: httpx.Client, served: Served) -> None:
    """What the client itself claims in X-Forwarded-For is not believed."""
    path = "/staff/enter/wrong"
    assert browser.get("/message/").status_code == 200  # a page with a form gives the cookie
    cookie = next(c for c in browser.cookies.jar if c.name.endswith("csrftoken"))
    assert cookie.secure
    browser.post(
        path,
        headers={
            "X-Forwarded-For": "203.0.113.9",
            "X-CSRFToken": str(cookie.value),
            "Cookie": f"{cookie.name}={cookie.value}",
            "Referer": f"https://{HOST}{path}",
            "Origin": f"https://{HOST}",
        },
    )
    addresses = served.rows("SELECT ip_address FROM axes_accessattempt")
    assert [str(address) for (address,) in addresses] == ["127.0.0.7"]
