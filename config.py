"""Typed settings: the only reader of the environment and of `.env`.

Everything is read once and checked; what is wrong is listed, one line a fault, and the start stops.
It must not know the application: what Flask and its extensions are told comes out of `to_flask()`.
With nothing set, the service runs on this machine with SQLite, mail as files and keys of its own.

Longer than other files for a reason: the one reader of the environment is one file, by contract.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from click import ClickException
from dotenv import dotenv_values
from werkzeug.sansio.utils import host_is_trusted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).resolve().parent
"""The project's folder: relative paths in settings start here."""

ENVIRONMENTS = ("development", "production", "test")
LOCALES = ("ko", "en")
LOG_FORMATS = ("json", "text")
LOG_LEVELS = ("debug", "info", "warning", "error")
SECOND_FACTOR = ("required", "optional", "off")
OPEN_LICENCES = ("kogl-1", "cc-by-4.0")
REPLICA = "replica"
"""The name under which SQLAlchemy knows the database of `DATABASE_READ_URL`."""
KEY_LENGTH = 32
"""Characters that a key needs at least; ours have 64."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_MAKE_KEY = 'make one: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
_KNOWN_KEYS = re.compile(
    r"change.?(me|this|it)|your.?secret|secret.?key|insecure|example|password"
    r"|192b9bdd22ab9ed4d12e236c78afcb9a",  # the one in Flask's own manual
    re.IGNORECASE,
)
_HOST_NAME = re.compile(r"\.?[^\s/:@?#,*]+|\[[0-9a-fA-F:.]+\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class SettingsError(ClickException):
    """Settings that the service refuses to start with; `faults` holds one line each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "the settings are wrong.\n" + "\n".join(f"  {line}" for line in self.faults)
        )


@dataclass(frozen=True, slots=True)
class MailTarget:
    """Where mail goes: a folder, or a server with `tls` "starttls", "implicit" or "none"."""

    folder: Path | None = None
    host: str = ""
    port: int = 0
    username: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """A log-in by others: the OIDC_<NAME>_... variables; `name` in lower case, `label` empty for known ones."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str = ""
    scopes: str = "openid email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked. Names are those of the environment in lower case."""

    instance: Path
    environment: str
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(repr=False)
    person_key: str = field(repr=False)
    database_url: str = field(repr=False)
    database_read_url: str = field(repr=False)
    database_pooled: bool
    """Whether a pooler such as PgBouncer, in transaction mode, stands before PostgreSQL."""
    redis_url: str = field(repr=False)
    mail: MailTarget
    mail_from: str
    base_url: str
    trusted_hosts: tuple[str, ...]
    trusted_proxies: int
    site_name: str
    city_name: str
    site_name_en: str
    city_name_en: str
    default_locale: str
    timezone: str
    workers: int
    threads: int
    demo: bool
    metrics_allow: tuple[str, ...]
    metrics_shared: bool
    log_format: str
    log_level: str
    security_contact: str
    webhook_allow_private: bool
    oidc: tuple[OidcProvider, ...]
    staff_oidc: bool
    """Whether staff may log in by others too; the second factor is asked all the same."""
    staff_second_factor: str
    """`required`: no desk without it; `optional`: asked of those who have one; `off`: never asked."""
    open_data_provider: str
    open_data_provider_en: str
    open_data_licence: str

    @property
    def is_production(self) -> bool:
        """Whether real people's data is at stake."""
        return self.environment == "production"

    @property
    def is_https(self) -> bool:
        """Whether people reach the service over TLS."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_env(
        cls, environ: Mapping[str, str] | None = None, *, instance: Path | None = None
    ) -> Settings:
        """Settings of the given variables; without any, of the process and `.env`.

        Makes the `instance` folder and, in development, the keys in it. Raises `SettingsError`.
        """
        instance = (instance or ROOT / "instance").absolute()
        with suppress(OSError):  # what needs the folder says so below
            instance.mkdir(parents=True, exist_ok=True)
        read = _Reader(_process_environment() if environ is None else environ)
        environment = read.choice("ENVIRONMENT", ENVIRONMENTS, "development")
        base_url = _base_url(read, environment)
        settings = cls(
            instance=instance,
            environment=environment,
            secret_key=_key(read, "SECRET_KEY", environment, instance),
            secret_key_fallbacks=_fallbacks(read),
            person_key=_key(read, "PERSON_KEY", environment, instance),
            database_url=_database_url(read, "DATABASE_URL", environment, instance),
            database_read_url=_database_url(read, "DATABASE_READ_URL", environment, instance),
            database_pooled=read.switch("DATABASE_POOLED", default=False),
            redis_url=read.text("REDIS_URL"),
            mail=_mail(read, instance),
            mail_from=_mail_from(read, base_url),
            base_url=base_url,
            trusted_hosts=_trusted_hosts(read, environment, base_url),
            trusted_proxies=read.number("TRUSTED_PROXIES", 0, low=0, high=5),
            site_name=read.line("SITE_NAME", "청년정책 제안"),
            city_name=read.line("CITY_NAME", "군산시"),
            site_name_en=read.line("SITE_NAME_EN", "Youth policy ideas"),
            city_name_en=read.line("CITY_NAME_EN", "Gunsan"),
            default_locale=read.choice("DEFAULT_LOCALE", LOCALES, "ko"),
            timezone=_timezone(read),
            workers=read.number("WORKERS", 2, low=1, high=64),
            threads=read.number("THREADS", 4, low=1, high=256),
            demo=read.switch("DEMO", default=environment == "development"),
            metrics_allow=_networks(read),
            metrics_shared=bool(read.text("PROMETHEUS_MULTIPROC_DIR")),
            log_format=read.choice(
                "LOG_FORMAT", LOG_FORMATS, "json" if environment == "production" else "text"
            ),
            log_level=read.choice(
                "LOG_LEVEL", LOG_LEVELS, "info" if environment == "production" else "warning"
            ),
            security_contact=_security_contact(read),
            webhook_allow_private=read.switch("WEBHOOK_ALLOW_PRIVATE", default=False),
            oidc=_oidc(read),
            staff_oidc=read.switch("STAFF_OIDC", default=False),
            staff_second_factor=read.choice(
                "STAFF_SECOND_FACTOR",
                SECOND_FACTOR,
                "required" if environment == "production" else "optional",
            ),
            open_data_provider=read.line("OPEN_DATA_PROVIDER", "전북특별자치도 군산시"),
            open_data_provider_en=read.line("OPEN_DATA_PROVIDER_EN", "Gunsan, Jeonbuk State"),
            open_data_licence=read.choice("OPEN_DATA_LICENCE", OPEN_LICENCES, "kogl-1"),
        )
        read.url("REDIS_URL", ("redis", "rediss"), "write redis://HOST:6379/0")
        if read.faults:
            raise SettingsError(read.faults)
        return settings

    def to_flask(self) -> dict[str, Any]:
        """The same as keys of `app.config`, together with what the extensions want to be told."""
        own = {
            name.upper(): getattr(self, name)
            for name in self.__slots__
            if name not in {"instance", "trusted_hosts"}
        }
        return {
            **own,
            **_flask_options(self),
            **_cookie_options(self),
            **_database_options(self),
        }


class _Reader:
    """Takes values out of the variables and keeps one line for each that is wrong."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.faults: list[str] = []

    def fault(self, name: str, what: str, remedy: str) -> None:
        """Keeps a line: what is wrong and why, and what to do. Never with a secret in it."""
        self.faults.append(f"{name}: {what}; {remedy}.")

    def text(self, name: str, default: str = "") -> str:
        """The value without spaces around it; an empty one counts as not set."""
        return self.variables.get(name, "").strip() or default

    def line(self, name: str, default: str) -> str:
        """A short text for people: no control characters, as it stands in mail headers too."""
        value = self.text(name, default)
        if len(value) > 60 or _CONTROL.search(value):
            self.fault(name, "too long, or with a line break in it", "write up to 60 characters")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list with commas between."""
        return tuple(word for part in self.text(name).split(",") if (word := part.strip()))

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        value = self.text(name, default)
        if value not in choices:
            self.fault(name, f'"{value}" is not known', f"choose {' or '.join(choices)}")
            return default
        return value

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number between two bounds, both allowed."""
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,6}", value) or not low <= int(value) <= high:
            self.fault(name, f'"{value}" is out of range', f"write a number from {low} to {high}")
            return default
        return int(value)

    def switch(self, name: str, *, default: bool) -> bool:
        """1 or 0."""
        value = self.text(name, "1" if default else "0")
        if value not in {"0", "1"}:
            self.fault(name, f'"{value}" is neither on nor off', "write 1 or 0")
        return value == "1"

    def url(self, name: str, schemes: tuple[str, ...], remedy: str) -> SplitResult | None:
        """The parts of an address; None when it is not set, or wrong and therefore a fault."""
        value = self.text(name)
        try:
            parts = urlsplit(value)
            # a PostgreSQL on the same machine may be reached without a host, through its socket
            fits = bool(parts.hostname or schemes == ("postgresql",)) and parts.port != 0
        except ValueError:
            fits = False
        if value and not (fits and parts.scheme in schemes):
            self.fault(name, "not an address that this service can use", remedy)
            return None
        return parts if value else None


def _process_environment() -> dict[str, str]:
    """The process's variables over those of `.env`, which tests never see."""
    if os.environ.get("ENVIRONMENT") == "test":
        return dict(os.environ)
    from_file = dotenv_values(ROOT / ".env", interpolate=False)
    return {**{name: value or "" for name, value in from_file.items()}, **os.environ}


def _is_weak(key: str) -> bool:
    return len(key) < KEY_LENGTH or len(set(key)) < 8 or bool(_KNOWN_KEYS.search(key))


def _key(read: _Reader, name: str, environment: str, instance: Path) -> str:
    given = read.text(name)
    if not given and environment == "test":
        return secrets.token_urlsafe(48)
    if not given and environment == "production":
        read.fault(name, "not set, and production does not invent keys", _MAKE_KEY)
        return ""
    key = given or _find_kept_key(read, name, instance)
    if key is not None and _is_weak(key):
        read.fault(name, f"shorter than {KEY_LENGTH} characters, or easy to guess", _MAKE_KEY)
    if name == "PERSON_KEY" and given and given == read.text("SECRET_KEY"):
        read.fault(name, "the same as SECRET_KEY, which must be free to change", _MAKE_KEY)
    return key or ""


def _find_kept_key(read: _Reader, name: str, instance: Path) -> str | None:
    """The key kept in `instance`, made on first use. Of several starts at once, one makes it."""
    kept = instance / name.lower()
    draft = instance / f".{name.lower()}.{secrets.token_hex(8)}"
    try:
        if not kept.exists():
            draft.touch(mode=0o600, exist_ok=False)
            draft.write_text(secrets.token_urlsafe(48), encoding="utf-8")
            # unlike a rename, a link never replaces the key of another start
            with suppress(FileExistsError):
                kept.hardlink_to(draft)
            draft.unlink()
        return kept.read_text(encoding="utf-8").strip()
    except OSError as error:
        what = f"not set, and {kept} cannot be kept ({error.strerror})"
        read.fault(name, what, "set it, or make the folder writable")
        return None


def _fallbacks(read: _Reader) -> tuple[str, ...]:
    keys = read.words("SECRET_KEY_FALLBACKS")
    if any(_is_weak(key) for key in keys):
        what = f"holds a key shorter than {KEY_LENGTH} characters, or easy to guess"
        read.fault("SECRET_KEY_FALLBACKS", what, "keep only former keys, with commas between")
    return keys


def _base_url(read: _Reader, environment: str) -> str:
    """The public address without a slash at its end; empty when it is wrong."""
    remedy = "write scheme and host only, as in https://ideas.example.kr"
    if not read.text("BASE_URL"):
        if environment != "production":
            return "http://127.0.0.1:8000"
        read.fault("BASE_URL", "not set, and links in mail are built from nothing else", remedy)
        return ""
    parts = read.url("BASE_URL", ("http", "https"), remedy)
    if parts is None:
        return ""
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        read.fault("BASE_URL", "holds more than scheme, host and port", remedy)
    elif environment == "production" and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        read.fault("BASE_URL", "http sends passwords and sessions in the open", "use https")
    return f"{parts.scheme}://{parts.netloc}"


def _trusted_hosts(read: _Reader, environment: str, base_url: str) -> tuple[str, ...]:
    hosts = read.words("TRUSTED_HOSTS")
    bad = [host for host in hosts if not _HOST_NAME.fullmatch(host)]
    if bad:
        what = f'"{bad[0]}" is not a host name'
        read.fault("TRUSTED_HOSTS", what, "write names without scheme, port or path")
    elif environment == "production" and not hosts:
        what = "not set, so that a forged Host header would be believed"
        read.fault("TRUSTED_HOSTS", what, "list the names people use, with commas between")
    elif hosts and base_url and not host_is_trusted(urlsplit(base_url).netloc, hosts):
        what = "does not hold the host of BASE_URL, whose pages would be refused"
        read.fault("TRUSTED_HOSTS", what, "add it")
    return hosts


def _database_url(read: _Reader, name: str, environment: str, instance: Path) -> str:
    """An SQLAlchemy address; SQLite paths made absolute, from the project's folder."""
    url = read.text(name)
    if name == "DATABASE_READ_URL":
        if not url:
            return ""
        if url.startswith("postgresql:") != read.text("DATABASE_URL").startswith("postgresql:"):
            what = "of another kind than DATABASE_URL, which it is to be a replica of"
            read.fault(name, what, "write the address of a replica, or leave it empty")
    if url.startswith("sqlite:///") or not url:
        return _sqlite_url(read, name, environment, instance)
    remedy = "write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
    parts = read.url(name, ("postgresql",), remedy)
    if parts and not parts.path.strip("/"):
        read.fault(name, "names no database", remedy)
    return url


def _sqlite_url(read: _Reader, name: str, environment: str, instance: Path) -> str:
    file, mark, query = read.text(name).removeprefix("sqlite:///").partition("?")
    if file == ":memory:":
        if environment != "test":
            what = "a database in memory is lost at the end and not shared by workers"
            read.fault(name, what, "write sqlite:///FILE")
        return "sqlite:///:memory:"
    path = ROOT / file if file else instance / "ideas.db"
    if path.is_dir() or not path.parent.is_dir():
        what = f"{path} cannot be a database: its folder is missing, or it is one itself"
        read.fault(name, what, "make the folder, or name a file")
    return f"sqlite:///{path}{mark}{query}"


def _mail(read: _Reader, instance: Path) -> MailTarget:
    value = read.text("MAIL_URL")
    if value.startswith("file:") or not value:
        folder = value.removeprefix("file:").removeprefix("//")
        if value and not folder:
            read.fault("MAIL_URL", "file: names no folder", "write file:FOLDER")
        return MailTarget(folder=ROOT / folder if folder else instance / "mail", tls="none")
    remedy = "write smtp://USER:PASSWORD@HOST:587?tls=1 or file:FOLDER"
    parts = read.url("MAIL_URL", ("smtp",), remedy)
    if parts is None:
        return MailTarget()
    tls = parse_qs(parts.query).get("tls", ["1"])[-1]
    if parts.path.strip("/") or tls not in {"0", "1"}:
        read.fault("MAIL_URL", "holds a path, or a tls other than 1 and 0", remedy)
    port = parts.port or (587 if tls == "1" else 25)
    secure = "implicit" if port == 465 else "starttls"
    return MailTarget(
        host=parts.hostname or "",
        port=port,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=secure if tls == "1" else "none",
    )


def _mail_from(read: _Reader, base_url: str) -> str:
    host = urlsplit(base_url).hostname
    value = read.line("MAIL_FROM", f"noreply@{'localhost' if host in _LOOPBACK else host}")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(value)[1]):
        read.fault("MAIL_FROM", "not an e-mail address", "write NAME <noreply@HOST> or the address")
    return value


def _timezone(read: _Reader) -> str:
    value = read.text("TIMEZONE", "Asia/Seoul")
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        read.fault("TIMEZONE", f'"{value}" is not a time zone', "write one as in Asia/Seoul")
    return value


def _networks(read: _Reader) -> tuple[str, ...]:
    """Addresses and networks that may read /metrics."""
    networks = read.words("METRICS_ALLOW") or ("127.0.0.1", "::1")
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            what = f'"{network}" is not an address or network'
            read.fault("METRICS_ALLOW", what, "write them as in 127.0.0.1,10.0.0.0/8")
    return networks


def _security_contact(read: _Reader) -> str:
    """Where holes may be told: an address for /.well-known/security.txt, which is not there without one."""
    value = read.line("SECURITY_CONTACT", "")
    if value and not re.fullmatch(r"(mailto:[^@\s]+@[^@\s]+|https://\S+)", value):
        what = "neither a mail nor a web address"
        read.fault("SECURITY_CONTACT", what, "write mailto:NAME@HOST or https://...")
    return value


def _oidc(read: _Reader) -> tuple[OidcProvider, ...]:
    parts = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
    pattern = re.compile(rf"OIDC_([A-Z0-9]{{1,20}})_(?:{'|'.join(parts)}|LABEL|SCOPES)")
    found = (pattern.fullmatch(name) for name in read.variables if read.text(name))
    providers = []
    for name in sorted({match[1] for match in found if match}):
        issuer, client_id, secret = (read.text(f"OIDC_{name}_{part}") for part in parts)
        if not all((issuer, client_id, secret)):
            read.fault(f"OIDC_{name}_...", "incomplete", f"set all of {', '.join(parts)}, or none")
        elif not _may_issue(issuer):
            what = "not an https:// address without query"
            read.fault(f"OIDC_{name}_ISSUER", what, "write it as the provider's manual does")
        scopes = " ".join(read.text(f"OIDC_{name}_SCOPES", "openid email").split())
        if "openid" not in scopes.split():
            what = "openid is missing, without which nobody says who it is"
            read.fault(f"OIDC_{name}_SCOPES", what, "write openid email")
        label = read.line(f"OIDC_{name}_LABEL", "")
        providers.append(OidcProvider(name.lower(), issuer, client_id, secret, label, scopes))
    issuers = [provider.issuer.rstrip("/") for provider in providers if provider.issuer]
    if len(set(issuers)) < len(issuers):
        read.fault("OIDC_..._ISSUER", "two log-ins have the same issuer", "keep one of them")
    return tuple(sorted(providers, key=_usual_place))


def _usual_place(provider: OidcProvider) -> int:
    """Those that most people here have come first."""
    usual = ("kakao", "naver", "google")
    return usual.index(provider.name) if provider.name in usual else len(usual)


def _may_issue(issuer: str) -> bool:
    """TLS, but to a provider on this very machine; no query, no password."""
    try:
        parts = urlsplit(issuer)
    except ValueError:
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    odd = parts.query or parts.fragment or "@" in parts.netloc or len(issuer) > 200
    return bool(safe and parts.hostname and not odd)


def _flask_options(settings: Settings) -> dict[str, Any]:
    redis = settings.redis_url
    # A Redis that is away costs a third of a second at most, and nobody's vote.
    patience = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
    return {
        "TESTING": settings.environment == "test",
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        # None lets any name in: fit for a machine that only listens to itself
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
        "PREFERRED_URL_SCHEME": "https" if settings.is_https else "http",
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "MAX_FORM_PARTS": 1_000,
        # a youth may write for an hour: the token lasts as long as the session
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.is_https,
        "BABEL_DEFAULT_LOCALE": settings.default_locale,
        "BABEL_DEFAULT_TIMEZONE": settings.timezone,
        "RATELIMIT_STORAGE_URI": redis or "process://",
        "RATELIMIT_STORAGE_OPTIONS": patience if redis else {},
    }


def _cookie_options(settings: Settings) -> dict[str, Any]:
    return {
        # Browsers take a __Host- cookie from TLS only, for this host only and for every path.
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        # what the cookie may live at most; the session's row decides within it
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "SESSION_REFRESH_EACH_REQUEST": False,
    }


def _database_options(settings: Settings) -> dict[str, Any]:
    options = _engine_options(settings, settings.database_url, patience=5)
    told: dict[str, Any] = {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": options,
    }
    if settings.database_read_url:
        # whoever waits for a replica could have asked the primary long since
        replica = _engine_options(settings, settings.database_read_url, patience=2)
        if settings.database_read_url.startswith("postgresql:"):
            replica["execution_options"] = {"postgresql_readonly": True}
        told["SQLALCHEMY_BINDS"] = {REPLICA: {"url": settings.database_read_url, **replica}}
    return told


def _engine_options(settings: Settings, url: str, *, patience: int) -> dict[str, Any]:
    """What SQLAlchemy is told of a database. `patience`: seconds for a server that says nothing at all."""
    # the values of a failed statement may be personal: they stay out of logs
    options: dict[str, Any] = {"hide_parameters": True}
    if not url.endswith(":memory:"):
        most = max(5, settings.threads)
        # each connection to a file holds the tables' definitions, 0.4 MB, and another one takes two milliseconds:
        # none waits for the next rush
        kept = 1 if url.startswith("sqlite:") else most
        options |= {"pool_size": kept, "max_overflow": most + 5 - kept}
    if url.startswith("postgresql:"):
        # a file is never away: there each page would ask it twice for nothing
        # the one that was used last: what its backend knows is still in the caches of the processor
        options |= {"pool_pre_ping": True, "pool_recycle": 1800, "pool_use_lifo": True}
        options["connect_args"] = {
            "connect_timeout": patience,
            # a machine whose cable is pulled never says no: without these a thread waits for a quarter of an hour
            "tcp_user_timeout": patience * 1000,
            "keepalives_idle": 10,
            "keepalives_interval": 2,
            "keepalives_count": 3,
        }
        if settings.database_pooled:
            # prepared statements belong to a connection, and the next transaction may get another one
            options["connect_args"]["prepare_threshold"] = None
    return options
