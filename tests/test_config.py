"""Settings: what the service accepts, what it refuses to start with, and what Flask is told."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import ROOT, Settings, SettingsError

KEY = "k9Zx2Lq7Vb4Tn8Wc1Rj6Ym3Hp5Gd0Fs-"
OTHER_KEY = "s0Fd5Gp3Hm6Yj1Rc8Wn4Tb7Vq2Lx9Zk-"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": KEY,
    "PERSON_KEY": OTHER_KEY,
    "BASE_URL": "https://ideas.example.kr",
    "TRUSTED_HOSTS": "ideas.example.kr",
    "DATABASE_URL": "postgresql://ideas:hunter2@db/ideas",
}


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def faults_of(environ: dict[str, str], instance: Path) -> dict[str, str]:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(environ, instance=instance)
    return dict(line.split(": ", 1) for line in refused.value.faults)


def test_nothing_set_runs_on_this_machine(instance):
    settings = Settings.from_env({}, instance=instance)
    assert settings.environment == "development"
    assert settings.database_url == f"sqlite:///{instance}/ideas.db"
    assert settings.mail.folder == instance / "mail"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.default_locale, settings.timezone) == ("ko", "Asia/Seoul")
    assert settings.demo


def test_a_replica_gets_an_engine_of_its_own_that_only_reads(instance):
    replica = PRODUCTION["DATABASE_URL"].replace("@db", "@replica")
    told = Settings.from_env({**PRODUCTION, "DATABASE_READ_URL": replica}, instance=instance)
    binds = told.to_flask()["SQLALCHEMY_BINDS"]
    assert binds["replica"]["url"] == replica
    assert binds["replica"]["execution_options"] == {"postgresql_readonly": True}
    assert "SQLALCHEMY_BINDS" not in Settings.from_env({}, instance=instance).to_flask()
    wrong = faults_of({**PRODUCTION, "DATABASE_READ_URL": "sqlite:///x.db"}, instance)
    assert "another kind" in wrong["DATABASE_READ_URL"]


def test_behind_a_pooler_no_statement_is_prepared(instance):
    def connected(**more: str) -> dict[str, object]:
        told = Settings.from_env({**PRODUCTION, **more}, instance=instance).to_flask()
        return told["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"]

    assert connected(DATABASE_POOLED="1")["prepare_threshold"] is None
    assert "prepare_threshold" not in connected()


def test_an_empty_value_counts_as_not_set(instance):
    empty = dict.fromkeys(("DATABASE_URL", "WORKERS", "TIMEZONE", "OIDC_KAKAO_ISSUER"), " ")
    settings = Settings.from_env(empty, instance=instance)
    assert settings.workers == 2
    assert settings.oidc == ()


def test_every_fault_is_listed_at_once(instance):
    wrong = {
        "DEFAULT_LOCALE": "fr",
        "TIMEZONE": "Mars/Olympus",
        "WORKERS": "0",
        "THREADS": "many",
        "TRUSTED_PROXIES": "6",
        "DEMO": "yes",
        "ENVIRONMENT": "staging",
        "METRICS_ALLOW": "10.0.0.0/99",
        "SITE_NAME": "one\r\nBcc: two",
    }
    assert set(faults_of(wrong, instance)) == set(wrong)


def test_a_fault_is_one_line_that_says_what_to_do(instance):
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"WORKERS": "0", "DEMO": "2"}, instance=instance)
    assert str(refused.value).splitlines()[1:] == [
        '  WORKERS: "0" is out of range; write a number from 1 to 64.',
        '  DEMO: "2" is neither on nor off; write 1 or 0.',
    ]


# Keys


def test_development_makes_its_keys_once_and_keeps_them_private(instance):
    first = Settings.from_env({}, instance=instance)
    second = Settings.from_env({}, instance=instance)
    assert (first.secret_key, first.person_key) == (second.secret_key, second.person_key)
    assert first.secret_key != first.person_key
    for name in ("secret_key", "person_key"):
        assert stat.S_IMODE((instance / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in instance.iterdir()) == ["person_key", "secret_key"]


def test_many_starts_at_once_agree_on_one_key(instance):
    with ThreadPoolExecutor(16) as pool:
        starts = pool.map(lambda _: Settings.from_env({}, instance=instance), range(64))
    assert len({(start.secret_key, start.person_key) for start in starts}) == 1


def test_tests_leave_no_key_behind(instance):
    assert Settings.from_env({"ENVIRONMENT": "test"}, instance=instance).secret_key
    assert not (instance / "secret_key").exists()


@pytest.mark.parametrize(
    "key",
    [
        "dev",
        "a" * 64,
        "x" * 31,
        "change-me-change-me-change-me-1234567890",
        "django-insecure-3k2j4h5g6f7d8s9a0q1w2e3r4t",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
    ],
)
def test_a_short_or_well_known_key_stops_the_start(instance, key):
    for name in ("SECRET_KEY", "PERSON_KEY", "SECRET_KEY_FALLBACKS"):
        fault = faults_of({name: key}, instance)[name]
        assert key not in fault


def test_the_person_key_is_not_the_secret_key(instance):
    assert "PERSON_KEY" in faults_of({"SECRET_KEY": KEY, "PERSON_KEY": KEY}, instance)


def test_a_damaged_kept_key_stops_the_start(instance):
    instance.mkdir()
    (instance / "secret_key").write_text("")
    (instance / "person_key").write_text("short")
    assert set(faults_of({}, instance)) == {"PERSON_KEY", "SECRET_KEY"}


def test_no_secret_shows_when_settings_are_printed(instance):
    environ = PRODUCTION | {
        "SECRET_KEY_FALLBACKS": OTHER_KEY,
        "MAIL_URL": "smtp://post:hunter3@mail.example.kr:587?tls=1",
        "REDIS_URL": "redis://:hunter4@cache:6379/0",
        "OIDC_KAKAO_ISSUER": "https://kauth.kakao.com",
        "OIDC_KAKAO_CLIENT_ID": "ideas",
        "OIDC_KAKAO_CLIENT_SECRET": "hunter5",
    }
    shown = repr(Settings.from_env(environ, instance=instance))
    assert not [secret for secret in (KEY, OTHER_KEY, "hunter") if secret in shown]


# Production


def test_production_starts_when_all_is_said(instance):
    settings = Settings.from_env(PRODUCTION, instance=instance)
    assert settings.is_production
    assert not settings.demo


@pytest.mark.parametrize("name", ["SECRET_KEY", "PERSON_KEY", "BASE_URL", "TRUSTED_HOSTS"])
def test_production_invents_nothing(instance, name):
    environ = {key: value for key, value in PRODUCTION.items() if key != name}
    assert list(faults_of(environ, instance)) == [name]


def test_production_wants_https_except_on_the_machine_itself(instance):
    open_air = PRODUCTION | {"BASE_URL": "http://ideas.example.kr"}
    assert "use https" in faults_of(open_air, instance)["BASE_URL"]
    here = PRODUCTION | {"BASE_URL": "http://127.0.0.1:8000", "TRUSTED_HOSTS": "127.0.0.1"}
    assert Settings.from_env(here, instance=instance).base_url == "http://127.0.0.1:8000"


def test_trusted_hosts_cover_the_public_address(instance):
    assert "TRUSTED_HOSTS" in faults_of(PRODUCTION | {"TRUSTED_HOSTS": "other.kr"}, instance)
    assert "TRUSTED_HOSTS" in faults_of(PRODUCTION | {"TRUSTED_HOSTS": "https://x.kr"}, instance)
    wider = PRODUCTION | {"TRUSTED_HOSTS": "other.kr, .example.kr"}
    assert Settings.from_env(wider, instance=instance).trusted_hosts == ("other.kr", ".example.kr")


# Addresses


@pytest.mark.parametrize(
    "url",
    ["mysql://a:hunter2@db/ideas", "postgresql://db", "sqlite:ideas.db", "ideas", "sqlite://"],
)
def test_an_unknown_database_is_refused_without_showing_its_password(instance, url):
    assert "hunter2" not in faults_of({"DATABASE_URL": url}, instance)["DATABASE_URL"]


def test_sqlite_paths_start_at_the_project(instance, tmp_path):
    near = Settings.from_env({"DATABASE_URL": "sqlite:///tests/x.db"}, instance=instance)
    assert near.database_url == f"sqlite:///{ROOT}/tests/x.db"
    far = Settings.from_env({"DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}, instance=instance)
    assert far.database_url == f"sqlite:///{tmp_path}/x.db"


def test_a_sqlite_file_needs_its_folder(instance, tmp_path):
    url = f"sqlite:///{tmp_path}/missing/x.db"
    assert "DATABASE_URL" in faults_of({"DATABASE_URL": url}, instance)


def test_a_database_in_memory_is_for_tests_only(instance):
    memory = {"DATABASE_URL": "sqlite:///:memory:"}
    assert "DATABASE_URL" in faults_of(memory, instance)
    assert Settings.from_env(memory | {"ENVIRONMENT": "test"}, instance=instance).database_url


@pytest.mark.parametrize(
    "url", ["ideas.kr", "ftp://ideas.kr", "https://ideas.kr/app", "https://a@ideas.kr", "http://[x"]
)
def test_the_public_address_is_scheme_and_host_only(instance, url):
    assert list(faults_of({"BASE_URL": url}, instance)) == ["BASE_URL"]


def test_a_slash_behind_the_public_address_is_dropped(instance):
    settings = Settings.from_env({"BASE_URL": "https://ideas.kr/"}, instance=instance)
    assert settings.base_url == "https://ideas.kr"
    assert settings.mail_from == "noreply@ideas.kr"


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://mail.kr", "mail.kr", 587, "starttls"),
        ("smtp://mail.kr:2525?tls=1", "mail.kr", 2525, "starttls"),
        ("smtp://mail.kr:465", "mail.kr", 465, "implicit"),
        ("smtp://127.0.0.1?tls=0", "127.0.0.1", 25, "none"),
    ],
)
def test_mail_goes_to_a_server(instance, url, host, port, tls):
    mail = Settings.from_env({"MAIL_URL": url}, instance=instance).mail
    assert (mail.folder, mail.host, mail.port, mail.tls) == (None, host, port, tls)


def test_a_mail_password_may_hold_any_sign(instance):
    environ = {"MAIL_URL": "smtp://a%40b:p%2Fw%3A@mail.kr"}
    mail = Settings.from_env(environ, instance=instance).mail
    assert (mail.username, mail.password) == ("a@b", "p/w:")


def test_mail_goes_to_a_folder_of_the_project(instance):
    environ = {"MAIL_URL": "file:instance/post"}
    assert Settings.from_env(environ, instance=instance).mail.folder == ROOT / "instance/post"


@pytest.mark.parametrize(
    "url", ["file:", "smtp://", "smtp://m.kr?tls=2", "pop://m.kr", "smtp://m:x"]
)
def test_mail_to_nowhere_is_refused(instance, url):
    assert list(faults_of({"MAIL_URL": url}, instance)) == ["MAIL_URL"]


def test_a_sender_with_a_second_header_is_refused(instance):
    assert "MAIL_FROM" in faults_of({"MAIL_FROM": "a@b.kr\r\nBcc: c@d.kr"}, instance)


def test_log_in_by_others_is_whole_or_absent(instance):
    whole = {
        "OIDC_KAKAO_ISSUER": "https://kauth.kakao.com",
        "OIDC_KAKAO_CLIENT_ID": "id",
        "OIDC_KAKAO_CLIENT_SECRET": "secret",
    }
    (kakao,) = Settings.from_env(whole, instance=instance).oidc
    assert (kakao.name, kakao.issuer) == ("kakao", "https://kauth.kakao.com")
    for name in whole:
        part = {key: value for key, value in whole.items() if key != name}
        assert "OIDC_KAKAO_..." in faults_of(part, instance)
    others = {key.replace("KAKAO", "CITY"): value for key, value in whole.items()}
    assert "OIDC_..._ISSUER" in faults_of({**whole, **others}, instance)
    others |= {"OIDC_CITY_ISSUER": "https://id.city.kr", "OIDC_CITY_LABEL": "시청 계정"}
    names = [each.name for each in Settings.from_env({**others, **whole}, instance=instance).oidc]
    assert names == ["kakao", "city"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_CITY_ISSUER", "http://id.city.kr"),
        ("OIDC_CITY_ISSUER", "https://id.city.kr?who=me"),
        ("OIDC_CITY_ISSUER", "https://me:secret@id.city.kr"),
        ("OIDC_CITY_SCOPES", "email profile"),
        ("OIDC_CITY_LABEL", "long " * 20),
        ("STAFF_OIDC", "yes"),
        ("STAFF_SECOND_FACTOR", "sometimes"),
    ],
)
def test_what_is_wrong_with_a_log_in_by_others_is_said(instance, name, value):
    city = {
        "OIDC_CITY_ISSUER": "http://127.0.0.1:9000",
        "OIDC_CITY_CLIENT_ID": "id",
        "OIDC_CITY_CLIENT_SECRET": "secret",
    }
    assert Settings.from_env(city, instance=instance).oidc
    assert list(faults_of({**city, name: value}, instance)) == [name]


# What Flask is told


def test_cookies_are_bound_to_the_host_under_https(instance):
    config = Settings.from_env(PRODUCTION, instance=instance).to_flask()
    assert config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert config["SESSION_COOKIE_SECURE"]
    assert config["SESSION_COOKIE_HTTPONLY"]
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert config["SESSION_COOKIE_PATH"] == "/"
    assert "SESSION_COOKIE_DOMAIN" not in config


def test_cookies_still_work_over_plain_http_at_home(instance):
    config = Settings.from_env({}, instance=instance).to_flask()
    assert config["SESSION_COOKIE_NAME"] == "session"
    assert not config["SESSION_COOKIE_SECURE"]
    assert config["SESSION_COOKIE_HTTPONLY"]


def test_nothing_turns_debug_on(instance):
    config = Settings.from_env({"DEBUG": "1", "FLASK_DEBUG": "1"}, instance=instance).to_flask()
    assert "DEBUG" not in config


def test_hosts_are_checked_only_when_named(instance):
    assert Settings.from_env({}, instance=instance).to_flask()["TRUSTED_HOSTS"] is None
    config = Settings.from_env(PRODUCTION, instance=instance).to_flask()
    assert config["TRUSTED_HOSTS"] == ["ideas.example.kr"]


def test_former_keys_reach_flask_as_a_list(instance):
    settings = Settings.from_env({"SECRET_KEY_FALLBACKS": f"{KEY},{OTHER_KEY}"}, instance=instance)
    assert settings.to_flask()["SECRET_KEY_FALLBACKS"] == [KEY, OTHER_KEY]


def test_connections_to_a_server_are_tried_before_use_and_a_file_is_not(instance):
    server = {**PRODUCTION, "DATABASE_URL": "postgresql://ideas@db/ideas"}
    config = Settings.from_env(server, instance=instance).to_flask()
    assert config["SQLALCHEMY_ENGINE_OPTIONS"]["pool_pre_ping"]
    config = Settings.from_env({}, instance=instance).to_flask()
    assert "pool_pre_ping" not in config["SQLALCHEMY_ENGINE_OPTIONS"]


def test_limits_are_counted_in_redis_when_there_is_one(instance):
    assert (
        Settings.from_env({}, instance=instance).to_flask()["RATELIMIT_STORAGE_URI"] == "process://"
    )
    config = Settings.from_env({"REDIS_URL": "redis://cache:6379/0"}, instance=instance).to_flask()
    assert config["RATELIMIT_STORAGE_URI"] == "redis://cache:6379/0"
    assert config["RATELIMIT_STORAGE_OPTIONS"]["socket_timeout"] < 1


# The process's own environment


def test_the_process_outranks_the_env_file(instance, tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("SITE_NAME=from file\nCITY_NAME=Gunsan $x\n", encoding="utf-8")
    monkeypatch.setattr("config.ROOT", tmp_path)
    monkeypatch.setenv("ENVIRONMENT", "development")
    monkeypatch.setenv("SITE_NAME", "from process")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings = Settings.from_env()
    assert (settings.site_name, settings.city_name) == ("from process", "Gunsan $x")
    assert settings.instance == tmp_path / "instance"
    monkeypatch.setenv("ENVIRONMENT", "test")
    assert Settings.from_env().city_name == "군산시"
