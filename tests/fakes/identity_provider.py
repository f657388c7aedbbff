"""A small OpenID Connect provider on this machine: discovery, keys, code with PKCE, userinfo.

It is strict where a real one is (RFC 6749, RFC 7636, OpenID Connect Core 1.0): a code works once,
for the client, the address and the verifier that it was made for. ``fault`` makes it lie or fail.
"""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, SECRET = "madoguchi", "only-for-tests"
Fault = Literal["", "state", "nonce", "key", "audience", "expired", "unsigned", "subject", "down"]
Answer = tuple[int, dict[str, str], bytes]

_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """Says of everybody who comes that they are ``claims``; ``asks`` shows a page of its own."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    asks: bool = False
    fault: Fault = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    def settings(self) -> dict[str, Any]:
        """The provider as an entry of ``SOCIALACCOUNT_PROVIDERS``."""
        return {
            "provider_id": "town",
            "name": "町の認証",
            "client_id": CLIENT_ID,
            "secret": SECRET,
            "settings": {"server_url": self.url, "oauth_pkce_enabled": True},
        }

    def answer(self, path: str, said: dict[str, str], bearer: str) -> Answer:
        """What it answers to a request for ``path`` with the parameters ``said``."""
        if self.fault == "down":
            return _json({"error": "temporarily_unavailable"}, 503)
        match path:
            case "/.well-known/openid-configuration":
                return _json(self._discovery())
            case "/keys":
                return _json({"keys": [_public(_KEY)]})
            case "/authorize":
                return self._ask(said) if self.asks else self._send_back(said)
            case "/allow":
                return self._send_back(said)
            case "/deny":
                back = {"error": "access_denied", "state": said["state"]}
                return _redirect(f"{said['redirect_uri']}?{urlencode(back)}")
            case "/token":
                return self._token(said)
            case "/userinfo" if bearer in self.tokens:
                return _json(self.tokens[bearer])
            case _:
                return _json({"error": "invalid_token"}, 401)

    def _discovery(self) -> dict[str, Any]:
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "id_token_signing_alg_values_supported": ["RS256"],
            **{f"{name}_endpoint": f"{self.url}/{end}" for name, end in ends.items()},
        }

    def _ask(self, said: dict[str, str]) -> Answer:
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in said.items()
        )
        page = (
            '<!doctype html><html lang="ja"><title>町の認証</title><h1>町の認証</h1>'
            f'<form method="post" action="/allow">{fields}<button>許可する</button></form>'
            f'<form method="post" action="/deny">{fields}<button>やめる</button></form>'
        )
        return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()

    def _send_back(self, said: dict[str, str]) -> Answer:
        wrong = (
            said.get("client_id") != CLIENT_ID
            or said.get("response_type") != "code"
            or "openid" not in said.get("scope", "").split()
            or said.get("code_challenge_method") != "S256"
        )
        if wrong:
            return _json({"error": "invalid_request"}, 400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = said
        state = "another" if self.fault == "state" else said["state"]
        return _redirect(f"{said['redirect_uri']}?{urlencode({'code': code, 'state': state})}")

    def _token(self, said: dict[str, str]) -> Answer:
        asked = self.codes.pop(said.get("code", ""), None)
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (said.get("client_id"), said.get("client_secret")) != (CLIENT_ID, SECRET):
            return _json({"error": "invalid_client"}, 401)
        if (
            asked is None
            or said.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return _json({"error": "invalid_grant"}, 400)
        token = secrets.token_urlsafe(16)
        self.tokens[token] = dict(self.claims)
        if self.fault == "subject":
            self.tokens[token]["sub"] = "somebody-else"
        signed = self._id_token(asked.get("nonce", ""))
        return _json({"access_token": token, "token_type": "Bearer", "id_token": signed})

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": "another-client" if self.fault == "audience" else CLIENT_ID,
            "iat": now - 1,
            "exp": now - 600 if self.fault == "expired" else now + 600,
            "nonce": "of-another-browser" if self.fault == "nonce" else nonce,
            **self.claims,
        }
        if self.fault == "unsigned":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "1"})
        key = _OTHER_KEY if self.fault == "key" else _KEY
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1"})


def _public(key: rsa.RSAPrivateKey) -> dict[str, Any]:
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**jwk, "kid": "1", "use": "sig", "alg": "RS256"}


def _json(body: dict[str, Any], status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def _redirect(url: str) -> Answer:
    return 302, {"Location": url}, b""


@contextmanager
def running() -> Iterator[Provider]:
    """A provider at a port of its own that answers until the block ends."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            said = dict(parse_qsl(asked.query)) | dict(parse_qsl(body))
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, headers, answer = provider.answer(asked.path, said, bearer)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
