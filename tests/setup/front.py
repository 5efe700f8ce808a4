"""nginx and the two groups of web processes as `docs/deploy` has them, on free ports, in a folder of the test."""

import http.client
import os
import re
import shlex
import shutil
import signal
import struct
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benxi_shuangsuiji.machine import processes, standalone

ROOT = standalone.ROOT
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
UNITS = {"office": "benxi-web", "public": "benxi-public"}


def there_is_nginx() -> bool:
    return Path(NGINX).exists()


@dataclass
class Said:
    status: int
    headers: dict
    body: bytes
    seconds: float

    @property
    def kept(self) -> str:
        return self.headers.get("X-Kept", "")


class Front:
    """`environments`: of each group; `workers`: how many processes each has."""

    def __init__(self, folder: Path, environments: dict[str, dict[str, str]], workers: int = 1):
        self.folder, self.environments, self.workers = folder, environments, workers
        self.ports, self.groups, self.open = {}, {}, ExitStack()
        taken = 18_800
        for name in ("office", "public", "proxy"):
            self.ports[name] = taken = processes.free_port(taken + 1)

    def __enter__(self) -> "Front":
        try:
            for name in UNITS:
                self.start(name)
            self._proxy()
            for name in UNITS:
                self._wait(self.ports[name], "/healthz/?only=database")
            self._wait(self.ports["proxy"], "/healthz/?only=database")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        for group in self.groups.values():
            processes.kill_group(group)
        self.open.close()

    def start(self, name: str) -> None:
        """The very line of the unit, on another port and with as many processes as are wanted."""
        text = (ROOT / f"docs/deploy/systemd/{UNITS[name]}.service").read_text(encoding="utf-8")
        line = re.search(r"^ExecStart=(.+)$", text, re.M)[1].replace("/srv/benxi/app", str(ROOT))
        line = re.sub(r"127\.0\.0\.1:\d+", f"127.0.0.1:{self.ports[name]}", line)
        nice = re.search(r"^Nice=(\d+)$", text, re.M)
        command = ["nice", "-n", nice[1]] if nice else []
        command += shlex.split(line.replace("--workers 2", f"--workers {self.workers}"))
        self._run(name, command, self.environments[name])

    def stop(self, name: str) -> None:
        processes.kill_group(self.groups.pop(name))

    def pause(self, name: str, *, on: bool = True) -> None:
        """As full as a group of processes can be: it takes what comes and answers nothing."""
        os.killpg(self.groups[name].pid, signal.SIGSTOP if on else signal.SIGCONT)

    def _proxy(self) -> None:
        cache = self.folder / "cache"
        cache.mkdir()
        conf = (ROOT / "docs/deploy/nginx.conf").read_text(encoding="utf-8")
        for written, here in (
            ("server web:8000", f"server 127.0.0.1:{self.ports['office']}"),
            ("server public:8000", f"server 127.0.0.1:{self.ports['public']}"),
            ("listen 8080;", f"listen 127.0.0.1:{self.ports['proxy']};"),
            ("/var/cache/nginx", str(cache)),
            ("/var/log/nginx", str(self.folder)),
            ("# set_real_ip_from 192.0.2.10;", "set_real_ip_from 127.0.0.1;"),
            ("# real_ip_header", "real_ip_header"),
            ("# real_ip_recursive", "real_ip_recursive"),
        ):
            assert written in conf, written
            conf = conf.replace(written, here)
        (self.folder / "site.conf").write_text(self.changed(conf), encoding="utf-8")
        own = [
            f"{what}_temp_path {self.folder}/{what};" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        ]
        (self.folder / "nginx.conf").write_text(
            ("user root;\n" if os.geteuid() == 0 else "")
            + f"daemon off; worker_processes 1; pid {self.folder}/pid; error_log {self.folder}/error.log;\n"
            f"events {{ worker_connections 4096; }}\nhttp {{ {' '.join(own)} include {self.folder}/site.conf; }}\n",
            encoding="utf-8",
        )
        self._run("proxy", [NGINX, "-c", str(self.folder / "nginx.conf")], dict(os.environ))

    def changed(self, conf: str) -> str:
        """What a test has otherwise than it is delivered."""
        return conf

    def _run(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        log = self.open.enter_context((self.folder / f"{name}.log").open("ab"))
        self.groups[name] = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )

    def _wait(self, port: int, path: str) -> None:
        latest = time.monotonic() + 90
        while time.monotonic() < latest:
            try:
                if ask(port, path).status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.2)
        said = "".join(f"{log}:\n{log.read_text(errors='replace')[-2000:]}\n" for log in self.folder.glob("*.log"))
        raise AssertionError(f"{path} of port {port} did not answer\n{said}")

    def get(self, path: str, address: str = "198.51.100.1", timeout: float = 30, **headers: str) -> Said:
        return ask(self.ports["proxy"], path, timeout, {"X-Forwarded-For": address, **headers})

    @property
    def switch(self) -> Path:
        return self.folder / "cache/maintenance"

    def empty(self) -> None:
        """The guide's own command."""
        guide = (ROOT / "docs/deploy/安装.md").read_text(encoding="utf-8")
        command = re.search(r"find /var/cache/nginx/\{\S+\} -type f -delete", guide)[0]
        command = command.replace("/var/cache/nginx", str(self.folder / "cache"))
        subprocess.run(["bash", "-c", command], check=True)

    def grow_old(self, seconds: int) -> None:
        """What the proxy keeps has been too old for so long; its files begin with version and the second until which they are new."""
        for file in self._put_in_place():
            with file.open("r+b") as content:
                version, _ = struct.unpack("qq", content.read(16))
                assert version == 5, "another format of nginx's cache"
                content.seek(8)
                content.write(struct.pack("q", int(time.time()) - seconds))

    def _put_in_place(self) -> list[Path]:
        """The kept files, once none is still being written: nginx renames one only after its reader has the last byte."""
        latest = time.monotonic() + 10
        while True:
            files = [path for path in (self.folder / "cache").rglob("*") if path.is_file() and path != self.switch]
            if not any(path.suffix for path in files):
                return files
            assert time.monotonic() < latest, [path.name for path in files if path.suffix]
            time.sleep(0.02)


def ask(port: int, path: str, timeout: float = 30, headers: dict | None = None) -> Said:
    line, begun = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout), time.monotonic()
    try:
        line.request("GET", path, headers={"Host": "localhost", **(headers or {})})
        answer = line.getresponse()
        return Said(answer.status, dict(answer.headers), answer.read(), time.monotonic() - begun)
    finally:
        line.close()
