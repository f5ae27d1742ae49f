"""What `deploy/` tells an operator holds: units, site and container name what exists and what is understood."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import Request

import pytest
from flask import Flask

from config import ROOT, Settings
from tests.conftest import SECRET, make_app

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
FLASK = "/opt/ideas/.venv/bin/flask --app ideas_app "
ADMIN = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin"


def environment() -> dict[str, str]:
    """The example that operators copy, with keys."""
    lines = (DEPLOY / "env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {**dict(pairs), "SECRET_KEY": SECRET, "PERSON_KEY": SECRET[::-1]}


def commands() -> list[str]:
    """Every command of ours that a unit, the container or the composition starts."""
    told = [
        line.split(FLASK, 1)[1].rstrip("'")
        for unit in UNITS
        for line in unit.read_text().splitlines()
        if FLASK in line
    ]
    (default,) = re.findall(r"^CMD \[(.+)\]", CONTAINER, re.MULTILINE)
    told.append(" ".join(shlex.split(default.replace(",", " "))))
    composed = (DEPLOY / "compose.yaml").read_text()
    told += [
        words.replace(",", " ")
        for words in re.findall(r"command: \[(.+)\]", composed)
        if "redis" not in words
    ]
    return told


def test_the_example_of_settings_starts_a_service(tmp_path: Path) -> None:
    settings = Settings.from_env(environment(), instance=tmp_path)
    assert settings.environment == "production"
    assert settings.is_https


def test_every_command_is_one_of_ours_with_its_options(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert len(commands()) >= 6
    for words in commands():
        # options are read before the help is shown
        told = runner.invoke(args=[*shlex.split(words), "--help"])
        assert told.exit_code == 0, f"{words}: {told.output}"
    assert runner.invoke(args=["serve", "--no-such-option", "--help"]).exit_code == 2


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    here = {
        FLASK.split(maxsplit=1)[0]: "/bin/true",
        "/opt/ideas": str(tmp_path),
        "/var/backups/ideas": str(tmp_path),
        "/etc/ideas/env": str(DEPLOY / "env.example"),
        "User=ideas": "User=root",
        "Group=ideas": "Group=root",
    }
    for unit in UNITS:
        text = unit.read_text()
        for name, place in here.items():
            text = text.replace(name, place)
        (tmp_path / unit.name).write_text(text)
    command = ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")


@pytest.mark.skipif(
    not (shutil.which("nginx", path=ADMIN) and shutil.which("openssl")),
    reason="nginx or openssl is not installed",
)
def test_nginx_understands_the_site(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    site = (DEPLOY / "nginx" / "ideas.conf").read_text(encoding="utf-8")
    folder = "/etc/letsencrypt/live/ideas.example.kr"
    for name, place in {
        f"{folder}/fullchain.pem": certificate,
        f"{folder}/privkey.pem": key,
        "/opt/ideas/deploy": DEPLOY,
    }.items():
        assert name in site
        site = site.replace(name, str(place))
    for number, port in enumerate(("80", "443")):
        site = re.sub(rf"listen (\[::\]:)?{port}\b", rf"listen \g<1>{8180 + number}", site)
    kept = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings = tmp_path / "nginx.conf"
    settings.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\nhttp {{ access_log off; {kept}\n{site}\n}}"
    )
    command = [
        str(shutil.which("nginx", path=ADMIN)),
        "-t",
        "-p",
        str(tmp_path),
        "-c",
        str(settings),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_the_container_copies_is_enough_to_start(tmp_path: Path) -> None:
    """No engine is needed: a folder that has these files only, the same words to Python."""
    copied = re.findall(r"^COPY (?!--from)(.+) (\S+)$", CONTAINER, re.MULTILINE)
    assert len(copied) >= 5
    for sources, target in copied:
        for source in sources.split():
            assert (ROOT / source).exists(), source
            place = tmp_path / (target if target not in {"./", "."} else source)
            place.symlink_to(ROOT / source)
    (built,) = re.findall(r'python -c "(from ideas_app[^"]+)"', CONTAINER)
    start = f"{built}\nfrom ideas_app import create_app\napp = create_app()\nprint(len(list(app.url_map.iter_rules())))"
    environ = {**environment(), "DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "PATH": ADMIN}
    done = subprocess.run(
        [sys.executable, "-c", start],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 200


def test_the_health_check_of_the_container_names_a_host_that_is_ours(tmp_path: Path) -> None:
    environ = {**environment(), "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    app = make_app(Settings.from_env(environ, instance=tmp_path))

    def asked_as(host: str) -> int:
        with app.app_context():
            return app.test_client().get("/healthz", headers={"Host": host}).status_code

    assert asked_as("127.0.0.1:8000") == 400
    (check,) = re.findall(r'HEALTHCHECK.*\n\s+CMD \[".venv/bin/python", "-c", "(.+)"\]', CONTAINER)
    asked: list[Request] = []
    watched = check.replace("r.urlopen(", "asked.append(").replace(", timeout=4", "")
    names = {"asked": asked, "environ": environ}
    # the words of the container, but for the call itself and the environment
    exec(watched.replace("import os, ", "import ").replace("os.environ", "environ"), names)
    assert asked_as(str(asked[0].get_header("Host"))) == 200
