"""An OpenID provider on this machine that can be told to misbehave, as a real one or an attacker might."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from config import OidcProvider

SECRET = "only-the-provider-and-we-know-this"


def new_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": name})


@dataclass
class Provider:
    """Its behaviour; `fresh()` before each test. `twist` changes the claims just before they are signed."""

    address: str
    key: RSAKey
    person: dict[str, Any] = field(default_factory=dict)
    twist: Callable[[dict[str, Any]], None] = lambda _claims: None
    algorithm: str = "RS256"
    is_away: bool = False
    description: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    info: dict[str, Any] | None = None
    shown: dict[str, Any] | None = None

    def fresh(self) -> None:
        self.person = {"sub": "mina-there", "email": "mina@there.org", "email_verified": True}
        self.twist = lambda _claims: None
        self.algorithm, self.is_away, self.info, self.shown = "RS256", False, None, None
        self.description, self.codes, self.asked = {}, {}, []

    def settings(self, name: str = "kakao") -> OidcProvider:
        return OidcProvider(name, self.address, "ideas", SECRET)

    def authorize(self, url: str) -> str:
        """What the person's browser does there: logs in, and is sent back; the path with the answer."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, path: str, form: dict[str, str], bearer: str) -> tuple[int, Any]:
        self.asked.append(path)
        if self.is_away:
            return 503, {}
        if path == "/.well-known/openid-configuration":
            return 200, self._described()
        if path == "/keys":
            return 200, {"keys": [self.shown or self.key.as_dict(private=False)]}
        if path == "/token":
            return self._token(form)
        if path == "/userinfo":
            return (200, self.info) if bearer == "Bearer for-userinfo" else (401, {})
        return 404, {}

    def _described(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **self.description,
        }

    def _token(self, form: dict[str, str]) -> tuple[int, Any]:
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or form.get("client_secret") != SECRET:
            return 400, {"error": "invalid_grant"}
        if asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        times = {"iat": now, "exp": now + 600, "auth_time": now}
        claims = {"iss": self.address, "aud": "ideas", "nonce": asked["nonce"], **times}
        claims |= self.person
        self.twist(claims)
        return 200, {
            "access_token": "for-userinfo",
            "token_type": "Bearer",
            "id_token": self._signed(claims),
        }

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.algorithm == "none":
            parts = ({"alg": "none"}, claims)
            return ".".join(_b64(json.dumps(part).encode()) for part in parts) + "."
        if self.algorithm == "HS256":
            from joserfc.jwk import OctKey

            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@contextmanager
def running() -> Iterator[Provider]:
    """The provider on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say({})

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._say({name: values[0] for name, values in parse_qs(raw).items()})

        def _say(self, form: dict[str, str]) -> None:
            bearer = self.headers.get("Authorization", "")
            status, told = provider.answer(self.path, form, bearer)
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}", new_key("first"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
