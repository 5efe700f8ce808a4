"""docs/deploy/安装.md, the way without containers: its units are verified and started, its commands exist, its files hold what is meant."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from benxi_shuangsuiji.machine import standalone
from tests import database
from tests.backup.conftest import place  # noqa: F401  (a fixture)
from tests.test_containers import DOCKERFILE, last_command, settings_variables

ROOT = standalone.ROOT
GUIDE = (ROOT / "docs/deploy/安装.md").read_text(encoding="utf-8")
PAGES = GUIDE + (ROOT / "docs/deploy/备份与恢复.md").read_text(encoding="utf-8")
UNITS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs/deploy/systemd").iterdir())}
SERVICES = {name.removesuffix(".service"): text for name, text in UNITS.items() if name.endswith(".service")}
HOME = "/srv/benxi/app"


def command_of(service: str) -> list[str]:
    """ExecStart as systemd reads it, in this checkout."""
    return shlex.split(re.search(r"^ExecStart=(.+)$", SERVICES[service], re.M)[1].replace(HOME, str(ROOT)))


def environments() -> dict[str, dict[str, str]]:
    """The files below /etc/benxi as the guide writes them."""
    found = re.findall(r"cat > (/etc/benxi/\S+) <<END\n(.*?)END\n", GUIDE, re.S)
    return {file: dict(line.split("=", 1) for line in text.splitlines()) for file, text in found}


def options(command: list[str]) -> dict[str, str]:
    return dict(zip(command[1:], [*command[2:], ""], strict=True))


@pytest.mark.story("O11")
def test_the_units_start_what_the_image_starts_and_commands_that_exist():
    web, image = options(command_of("benxi-web")), options(last_command(DOCKERFILE, "CMD"))
    same = {name: value for name, value in image.items() if name.startswith("--") and not value.startswith("--")}
    assert {name: web[name] for name in same} == same | {"--bind": "127.0.0.1:8000"}
    assert command_of("benxi-public") == [word.replace(":8000", ":8001") for word in command_of("benxi-web")]
    assert {name for name in image if name.startswith("--")} <= web.keys()
    for service in ("benxi-worker", "benxi-backup"):
        python, script, command, *arguments = command_of(service)
        assert (Path(python).name, script) == ("python", "manage.py")
        load_command_class(get_commands()[command], command).create_parser("manage.py", command).parse_args(arguments)
    for command, said in re.findall(r"^(?:\w+=\S+ )*(?:python3 manage\.py|benxi) (\w+)(.*)$", PAGES, re.M):
        arguments = shlex.split(said)
        load_command_class(get_commands()[command], command).create_parser("manage.py", command).parse_args(arguments)


@pytest.mark.story("O12")
def test_no_service_is_given_a_password_that_is_not_its_own():
    known = settings_variables() | {"BENXI_VAR", "BENXI_PYTHON_READY"}
    written = environments()
    assert set().union(*written.values()) <= known
    read = {name: set(re.findall(r"^EnvironmentFile=(/\S+)$", text, re.M)) for name, text in SERVICES.items()}
    assert set().union(*read.values()) == written.keys() - {"/etc/benxi/owner.env", "/etc/benxi/drill.env"}
    urls = {
        name: {variable for file in files for variable in written[file] if variable.startswith("DATABASE")}
        for name, files in read.items()
    }
    shared = {"DATABASE_URL", "DATABASE_PUBLIC_URL"}
    assert urls == {
        "benxi-web": shared,
        "benxi-public": shared,
        "benxi-worker": shared | {"DATABASE_WORKER_URL"},
        "benxi-backup": shared | {"DATABASE_BACKUP_URL"},
    }


def test_the_proxy_file_becomes_one_with_tls(tmp_path):
    """The guide's own `sed`, and nginx's opinion where there is one."""
    command = re.search(r"^sed -e .*?nginx\.conf", GUIDE, re.M | re.S)[0]
    made = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "server 127.0.0.1:8000;" in made and "listen 443 ssl;" in made
    assert "server 127.0.0.1:8001 max_conns" in made and not re.search(r"(web|public):8000|8080", made)
    plain = re.search(r"^printf '(.*listen 80;.*)' >>", GUIDE, re.M)[1]
    assert "access_log off;" in plain  # whatever somebody asked for comes again on the other port, masked


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze")
@pytest.mark.parametrize("wrong", ["", "RestartSec=soon", "ExecStartPre=/nonexistent/program"])
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path, wrong):
    for name, text in UNITS.items():
        (tmp_path / name).write_text(
            text.replace(HOME, str(ROOT)).replace("=/etc/benxi", f"={tmp_path}"), encoding="utf-8"
        )
    for service in ("env", "worker.env", "backup.env"):
        (tmp_path / service).touch()
    if wrong:  # so that it would be seen
        (tmp_path / "benxi-web.service").write_text(
            (tmp_path / "benxi-web.service").read_text().replace("[Install]", f"[Service]\n{wrong}\n[Install]")
        )
    asked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.glob("benxi-*")))],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )
    said = [line for line in asked.stderr.splitlines() if "benxi-" in line]
    assert bool(said) == bool(wrong), asked.stderr


@pytest.mark.story("O11", "O16")
@pytest.mark.slow("processes")
@pytest.mark.commits
def test_each_service_does_its_work_when_its_very_line_is_run(own_database, place, tmp_path):  # noqa: F811
    given = environments()["/etc/benxi/env"] | {"BENXI_VAR": str(tmp_path / "var"), "LOG_FILE": str(tmp_path / "log")}
    mine = {k: v for k, v in os.environ.items() if k.startswith(("DJANGO", "PATH", "LD_", "XDG", "HOME"))}
    mine = {**given, **mine, **{k: v for k, v in database.on(own_database).items() if k.startswith("DATABASE")}}
    mine.pop("DATABASE_OWNER_URL", None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    public = re.search(r"age1\w+", (place / "private").read_text())[0]

    def line(service: str, **more: str) -> tuple[list[str], dict]:
        words = [
            word.replace("8000", port).replace("/backup", str(tmp_path / "backup")) for word in command_of(service)
        ]
        return words, {"cwd": ROOT, "env": mine | more, "start_new_session": True}

    (tmp_path / "var").mkdir()
    command, where = line("benxi-backup", BACKUP_RECIPIENTS=public)
    assert subprocess.run(command, **where, check=False).returncode == 0
    assert len(list((tmp_path / "backup").glob("benxi-*"))) == 1
    command, where = line("benxi-worker")
    worker = subprocess.Popen(command, **where)
    command, where = line("benxi-web")
    web = subprocess.Popen(command, **where)
    try:
        assert comes(lambda: (tmp_path / "var/worker.alive").exists())
        # Of the names below this one the office says itself whether they are its own.
        assert comes(lambda: answers(f"http://127.0.0.1:{port}/healthz/?only=database") == "max-age=31536000")
    finally:
        for process in (worker, web):
            os.killpg(process.pid, signal.SIGTERM)
        ended = [process.wait(60) for process in (worker, web)]
    assert ended == [0, 0]


def answers(address: str) -> str | None:
    """HSTS of a page that came."""
    asked = urllib.request.Request(address, headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
    try:
        return urllib.request.urlopen(asked, timeout=5).headers["Strict-Transport-Security"]
    except (urllib.error.URLError, OSError):
        return None


def comes(wanted, seconds: float = 90) -> bool:
    latest = time.monotonic() + seconds
    while not wanted():
        if time.monotonic() > latest:
            return False
        time.sleep(0.2)
    return True
