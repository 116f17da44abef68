"""``docker-compose.yml`` keeps the promises of production, read without a container engine."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from dev import full
from eventsvc.core import config

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ["migrate", "web", "worker-mail", "worker-plan", "worker-report", "beat"]
STANDING = [name for name in SERVICES if name != "migrate"]


def test_every_service_is_there():
    others = {"proxy", "postgres", "redis-broker", "redis-cache", "mail-catcher"}
    assert set(SERVICES) == {*OURS, *others}


def test_only_the_mail_catcher_is_for_development():
    profiles = {name: service.get("profiles") for name, service in SERVICES.items()}
    assert {name: found for name, found in profiles.items() if found} == {"mail-catcher": ["dev"]}


@pytest.mark.parametrize("name", STANDING)
def test_it_is_watched_and_comes_back(name: str):
    health = SERVICES[name]["healthcheck"]
    assert health["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries"} <= set(health)
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_migration_runs_once_and_the_rest_waits_for_it():
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in OURS[1:]:
        waits = SERVICES[name]["depends_on"]["migrate"]
        assert waits == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_is_root_and_nobody_gains_rights(name: str):
    user = str(SERVICES[name]["user"])
    assert user.partition(":")[0] not in {"", "0", "root"}
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_names_its_version(name: str):
    tag = SERVICES[name]["image"].removeprefix("eventsvc:").rpartition(":")[2]
    assert re.search(r"\d+\.?\d*", tag), tag
    assert "latest" not in tag


@pytest.mark.parametrize("name", OURS)
def test_the_main_process_alone_is_stopped_and_has_time(name: str):
    service = SERVICES[name]
    assert service["init"] is True
    if name.startswith("worker"):
        assert (service["stop_signal"], service["stop_grace_period"]) == ("SIGTERM", "60s")


def test_what_must_last_is_in_volumes():
    assert "postgres:/var/lib/postgresql/data" in SERVICES["postgres"]["volumes"]
    assert SERVICES["redis-broker"]["volumes"] == ["redis:/data"]
    assert all("files:/var/lib/eventsvc" in SERVICES[name]["volumes"] for name in OURS)
    assert set(COMPOSE["volumes"]) == {"postgres", "redis", "files"}


def test_the_broker_loses_nothing_and_the_cache_may_lose_all():
    broker, cache = (SERVICES[name]["command"] for name in ("redis-broker", "redis-cache"))
    assert broker[broker.index("--maxmemory-policy") + 1] == "noeviction"
    assert broker[broker.index("--appendonly") + 1] == "yes"
    assert cache[cache.index("--maxmemory-policy") + 1] == "allkeys-lru"


def test_databases_are_not_reached_from_outside():
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis-broker", "redis-cache"):
        assert SERVICES[name]["networks"] == ["inside"]
    published = {name for name, service in SERVICES.items() if "ports" in service}
    assert published == {"proxy", "mail-catcher"}


def test_secrets_are_files():
    assert not re.search(r"://[^/\s\"']*:[^/\s\"']*@", TEXT)
    for service in SERVICES.values():
        for name in service.get("environment", {}):
            named = re.search("SECRET|PASSWORD|DATABASE_URL|MAIL_URL", name)
            assert named is None or name.endswith("_FILE"), name
        for path in (v for k, v in service.get("environment", {}).items() if k.endswith("_FILE")):
            assert path.removeprefix("/run/secrets/") in service["secrets"]
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_one_that_the_service_knows(name: str):
    known = {config.variable(setting) for setting in fields(config.Settings)}
    environment = SERVICES[name]["environment"]
    assert {setting.removesuffix("_FILE") for setting in environment} <= known
    assert all(isinstance(value, str) for value in environment.values())


@pytest.mark.parametrize("name", [n for n in SERVICES if n != "mail-catcher"])
def test_commands_are_plain_lists(name: str):
    command = SERVICES[name]["command"]
    assert all(isinstance(word, str) for word in command)
    assert not any(sign in word for word in command for sign in ("$", "|", "&&"))


def test_run_full_runs_the_same_commands():
    assert tuple(SERVICES["web"]["command"]) == full.WEB
    for queue, command in full.WORKERS.items():
        assert tuple(SERVICES[f"worker-{queue}"]["command"]) == command
    assert tuple(SERVICES["beat"]["command"]) == full.beat(Path("/tmp/schedule"))  # noqa: S108


@pytest.mark.parametrize("name", OURS)
def test_commands_are_understood(name: str):
    program, *arguments = SERVICES[name]["command"]
    if program == "celery":
        from celery.bin.celery import celery as group

        verb = arguments[2]
        arguments = [verb, *arguments[3:]]
    else:
        from eventsvc.cli import main as group

    shown = CliRunner().invoke(group, [*arguments, "--help"])
    assert shown.exit_code == 0, shown.output


def test_the_image_is_built_in_stages_from_hashed_locks_for_an_ordinary_user():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert sum(line.startswith("FROM ") for line in lines) == 2
    assert any("--require-hashes" in line for line in lines)
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert [line for line in lines if line.startswith("USER")][-1] == "USER 10001:10001"


def test_secret_files_are_made_once_and_are_long(tmp_path: Path):
    script = ROOT / "deploy" / "make-secrets.sh"
    environment = {"SECRETS_DIR": str(tmp_path / "s"), "PATH": "/usr/bin:/bin"}
    for _ in range(2):
        subprocess.run([script], env=environment, check=True, capture_output=True)
        made = {file.name: file.read_text() for file in (tmp_path / "s").iterdir()}
    files = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert set(made) == files - {"tls.crt", "tls.key"}
    assert len(made["secret_key"]) >= 64
    subprocess.run([script], env=environment, check=True, capture_output=True)
    assert made == {file.name: file.read_text() for file in (tmp_path / "s").iterdir()}


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl for a certificate")
def test_the_proxy_understands_its_settings(tmp_path: Path):
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if nginx is None:
        pytest.skip("nginx is not installed")
    make = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x -keyout tls.key -out tls.crt"
    )
    subprocess.run(make.split(), cwd=tmp_path, check=True, capture_output=True)
    settings = (ROOT / "deploy" / "nginx.conf").read_text()
    own = settings.replace("/tmp/", f"{tmp_path}/").replace("/run/secrets/", f"{tmp_path}/")  # noqa: S108
    (tmp_path / "nginx.conf").write_text(own.replace("/dev/stdout", f"{tmp_path}/access.log"))
    command = [nginx, "-t", "-c", tmp_path / "nginx.conf"]
    tried = subprocess.run(command, check=False, capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
