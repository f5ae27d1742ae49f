"""The door to Authlib: logging in by others with OpenID Connect. Must not know accounts, the request or the browser.

Authorisation code with PKCE (S256) only. Two steps: `begin` says where the person goes and what this browser must
keep; `finish` takes what came back and gives what the provider vouches for, or raises. Discovery and keys are
fetched when first needed and kept for an hour; a key that is not known is looked for once more, as providers turn
theirs. Sources: OpenID Connect Core 1.0 (3.1.3.7), Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (`iss`), RFC 9700.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from ideas_app.adapters.fetch import FetchError, ask
from ideas_app.core.later import later

if TYPE_CHECKING:
    from datetime import datetime

    from authlib.oauth2 import auth, rfc7636
    from authlib.oauth2.rfc6749 import parameters
    from authlib.oidc import core, discovery
    from joserfc import errors, jwk, jws, jwt

    from config import OidcProvider
else:
    # only where a provider is set, and only when somebody comes by it
    auth, rfc7636 = later("authlib.oauth2.auth"), later("authlib.oauth2.rfc7636")
    parameters = later("authlib.oauth2.rfc6749.parameters")
    core, discovery = later("authlib.oidc.core"), later("authlib.oidc.discovery")
    errors, jwk, jws, jwt = (later(f"joserfc.{name}") for name in ("errors", "jwk", "jws", "jwt"))

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures with a provider's own key; never `none`, and never one made with the client's secret."""
KEPT_FOR = 3600.0
"""Seconds for which discovery and keys are believed."""
AWAY_FOR = 15.0
"""Seconds for which a provider that did not answer is not asked again: nobody waits for it in a queue."""
SKEW = 60
"""Seconds by which the provider's clock may differ from ours."""


class OidcError(Exception):
    """The provider, or what came back, cannot be believed. `code` says where, and holds nothing personal.

    `away`: nobody answered; `discovery`: a description that does not fit; `issuer`: another one than asked;
    `code`: refused, as for a code that was used; `token`: no ID token; `signature`, `claim:<name>`: a token
    that is forged, old or meant for another; `not_recent`: the person was not asked again.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Start:
    """Where to send the person, and what the browser keeps meanwhile."""

    url: str
    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """Who came back: `subject` is the provider's own word for the person, the same at every log-in."""

    issuer: str
    subject: str
    claims: dict[str, Any] = field(repr=False)
    access_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Described:
    """A provider's description and keys, and when they were read (monotonic)."""

    metadata: discovery.OpenIDProviderMetadata
    keys: jwk.KeySet
    read_at: float


_known: dict[str, _Described] = {}
_away: dict[str, float] = {}
_reading = threading.Lock()


def forget() -> None:
    """Forgets every description: for tests, whose providers come and go."""
    _known.clear()
    _away.clear()


def is_loopback(address: str) -> bool:
    """Whether an address is of this machine itself."""
    return urlsplit(address).hostname in {"localhost", "127.0.0.1", "::1"}


def begin(provider: OidcProvider, redirect_uri: str, *, ask_again: bool = False) -> Start:
    """The first step. `ask_again`: the provider has to ask who it is, whoever is logged in there.

    Raises `OidcError`.
    """
    metadata = _describe(provider).metadata
    start = Start("", *(secrets.token_urlsafe(32) for _each in range(3)))
    again = {"prompt": "login", "max_age": "0"} if ask_again else {}
    url = parameters.prepare_grant_uri(
        metadata["authorization_endpoint"],
        provider.client_id,
        "code",
        redirect_uri=redirect_uri,
        scope=provider.scopes,
        state=start.state,
        nonce=start.nonce,
        code_challenge=rfc7636.create_s256_code_challenge(start.verifier),
        code_challenge_method="S256",
        **again,
    )
    return Start(url, start.state, start.nonce, start.verifier)


def finish(
    provider: OidcProvider,
    redirect_uri: str,
    *,
    code: str,
    issuer: str | None,
    nonce: str,
    verifier: str,
    now: datetime,
    asked_at: datetime | None = None,
) -> Proof:
    """The second step: the code becomes a proof. Raises `OidcError`.

    `issuer`: what the answer called itself, if it did. `asked_at`: the person must have logged in there since then.
    """
    metadata = _describe(provider).metadata
    if issuer is None and metadata.get("authorization_response_iss_parameter_supported"):
        raise OidcError("issuer")
    if issuer is not None and issuer != metadata["issuer"]:
        raise OidcError("issuer")
    token = _exchange(provider, metadata, code, redirect_uri, verifier)
    decoded = _decode(provider, metadata, str(token["id_token"]))
    claims = _checked(provider, metadata, decoded, token, nonce, now)
    if asked_at is not None and not _is_since(claims.get("auth_time"), asked_at):
        raise OidcError("not_recent")
    return Proof(metadata["issuer"], claims["sub"], dict(claims), str(token["access_token"]))


def find_email(provider: OidcProvider, proof: Proof) -> str | None:
    """The person's address, only where the provider says that it was proved; None also when it will not say."""
    claims = proof.claims
    if "email_verified" not in claims and "userinfo_endpoint" in _describe(provider).metadata:
        claims = _user_info(provider, proof)
    address = claims.get("email")
    return address if claims.get("email_verified") is True and isinstance(address, str) else None


def _describe(provider: OidcProvider) -> _Described:
    if known := _find_known(provider):
        return known
    with _reading:
        if known := _find_known(provider):
            return known
        if time.monotonic() - _away.get(provider.issuer, -AWAY_FOR) < AWAY_FOR:
            raise OidcError("away")
        try:
            known = _known[provider.issuer] = _read(provider)
        except OidcError:
            _away[provider.issuer] = time.monotonic()
            raise
        return known


def _find_known(provider: OidcProvider) -> _Described | None:
    known = _known.get(provider.issuer)
    return known if known and time.monotonic() - known.read_at < KEPT_FOR else None


def _read(provider: OidcProvider) -> _Described:
    metadata = discovery.OpenIDProviderMetadata(
        _get(discovery.get_well_known_url(provider.issuer, external=True))
    )
    # a description may not speak for another issuer; the slash at its end is written or left out
    if str(metadata.get("issuer", "")).rstrip("/") != provider.issuer.rstrip("/"):
        raise OidcError("discovery")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not _may_be_asked(provider, metadata.get(name)):
            raise OidcError("discovery")
    if not _may_be_asked(provider, metadata.get("userinfo_endpoint")):
        metadata.pop("userinfo_endpoint", None)
    return _Described(metadata, _keys(metadata["jwks_uri"]), time.monotonic())


def _may_be_asked(provider: OidcProvider, address: Any) -> bool:
    """TLS everywhere, but to this machine itself where the issuer is on it."""
    if not isinstance(address, str):
        return False
    near = is_loopback(provider.issuer) and is_loopback(address)
    return urlsplit(address).scheme == "https" or near


def _keys(address: str) -> jwk.KeySet:
    try:
        return jwk.KeySet.import_key_set(_get(address))  # type: ignore[arg-type]  # JSON of the provider
    except (errors.JoseError, KeyError, TypeError, ValueError):
        raise OidcError("discovery") from None


def _decode(
    provider: OidcProvider, metadata: discovery.OpenIDProviderMetadata, token: str
) -> jwt.Token:
    """The token under the provider's keys; an unknown key is looked for once more."""
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    registry = jws.JWSRegistry(
        algorithms=[name for name in ALGORITHMS if name in offered], strict_check_header=False
    )
    try:
        try:
            return jwt.decode(token, _describe(provider).keys, registry=registry)
        except errors.InvalidKeyIdError:
            fresh = _Described(metadata, _keys(metadata["jwks_uri"]), time.monotonic())
            _known[provider.issuer] = fresh
            return jwt.decode(token, fresh.keys, registry=registry)
    except (errors.JoseError, ValueError, TypeError):
        raise OidcError("signature") from None


def _checked(
    provider: OidcProvider,
    metadata: discovery.OpenIDProviderMetadata,
    decoded: jwt.Token,
    token: dict[str, Any],
    nonce: str,
    now: datetime,
) -> core.CodeIDToken:
    """The claims, when each is as it must be: issuer, audience, authorised party, times, nonce, access token."""
    wanted = {
        "iss": {"essential": True, "value": metadata["issuer"]},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
        "nonce": {"essential": True},
    }
    known = {"nonce": nonce, "client_id": provider.client_id, "access_token": token["access_token"]}
    claims = core.CodeIDToken(decoded.claims, decoded.header, wanted, known)
    try:
        claims.validate(now=int(now.timestamp()), leeway=SKEW)
    except errors.JoseError as fault:
        raise OidcError(f"claim:{getattr(fault, 'claim', None) or fault.error}") from None
    except (TypeError, ValueError):
        raise OidcError("claim:shape") from None
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise OidcError("claim:sub")
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise OidcError("claim:nonce")
    return claims


def _is_since(auth_time: Any, asked_at: datetime) -> bool:
    return isinstance(auth_time, int) and auth_time >= asked_at.timestamp() - SKEW


def _exchange(
    provider: OidcProvider,
    metadata: discovery.OpenIDProviderMetadata,
    code: str,
    redirect_uri: str,
    verifier: str,
) -> dict[str, Any]:
    """Code and verifier against tokens; a code goes through once."""
    body = urlencode(
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
    )
    # RFC 8414: basic where nothing is said
    methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    client = auth.ClientAuth(provider.client_id, provider.client_secret, method)
    uri, headers, body = client.prepare("POST", metadata["token_endpoint"], headers, body)
    status, token = _ask(uri, body.encode(), headers)
    if 400 <= status < 500:
        raise OidcError("code")
    if status != 200:
        raise OidcError("away")
    if not all(isinstance(token.get(name), str) for name in ("id_token", "access_token")):
        raise OidcError("token")
    return token


def _user_info(provider: OidcProvider, proof: Proof) -> dict[str, Any]:
    """What the provider adds about the same person; nothing where it will not."""
    address = _describe(provider).metadata["userinfo_endpoint"]
    try:
        status, told = _ask(address, None, {"Authorization": f"Bearer {proof.access_token}"})
    except OidcError:
        return {}
    return told if status == 200 and told.get("sub") == proof.subject else {}


def _get(address: str) -> dict[str, Any]:
    status, told = _ask(address, None, {"Accept": "application/json"})
    if status != 200:
        raise OidcError("away" if status >= 500 else "discovery")
    return told


def _ask(address: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """Status and JSON object, an empty one for what is none: whoever asks misses what it needs in it. No redirect is
    followed. The operator's own settings lead here, so a provider within the house's own network is asked too.
    """
    try:
        status, told = ask(address, body, headers, allow_private=True)
    except FetchError:
        raise OidcError("away") from None
    try:
        read = json.loads(told)
    except (ValueError, RecursionError):
        read = None
    return status, read if isinstance(read, dict) else {}
