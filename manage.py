#!/usr/bin/env python3
"""`python3 manage.py demo` and the other commands; prepares the machine by itself."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

EQUIPMENT = {"demo": ("pango", "font"), "test": ("pango", "font", "browser")}
EQUIPMENT["check_all"] = EQUIPMENT["test"]
TESTING = ("test", "check_all")


def lock(group: str) -> Path:
    return ROOT / "benxi_shuangsuiji" / "locks" / f"{group}.txt"


def fingerprint(group: str) -> str:
    return hashlib.sha256(lock(group).read_bytes() + os.fsencode(PYTHON.resolve())).hexdigest()


def is_ready(group: str) -> bool:
    stamp = VENV / f".ready-{group}"
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == fingerprint(group)


def bootstrap(group: str) -> None:
    """Install the locked packages of a group into `.venv`, unless this was done before."""
    if is_ready(group) or is_ready("dev"):  # dev holds base
        return
    print(f"正在准备 Python 环境（{group}），首次需要几分钟……", flush=True)
    make = [sys.executable, "-m", "venv", str(VENV)]
    if not PYTHON.exists() and subprocess.run(make, capture_output=True, check=False).returncode:
        shutil.rmtree(VENV, ignore_errors=True)  # Debian without python3-venv
        subprocess.run([*make, "--without-pip"], check=True)
    if subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
        pip = [str(PYTHON), "-m", "pip"]
    else:
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    options = [
        "--require-hashes",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--disable-pip-version-check",
        "-q",
    ]
    if subprocess.run([*pip, "install", *options, "-r", str(lock(group))], check=False).returncode:
        sys.exit("Python 组件没有装齐，原因见上面 pip 的输出；排除后再运行同一命令即可。")
    (VENV / f".ready-{group}").write_text(fingerprint(group))


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - said to people who start this with an older Python
        sys.exit("需要 Python 3.11 或更高版本。")
    from benxi_shuangsuiji.machine import standalone

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if not os.environ.get("BENXI_PYTHON_READY"):  # set where the packages come otherwise, as in the container
        from benxi_shuangsuiji.machine import equipment  # the container has no such module

        bootstrap("dev" if command in TESTING else "base")
        if command in EQUIPMENT:
            equipment.provide(standalone.var(), *EQUIPMENT[command])
        found = equipment.environment(standalone.var())
        if Path(sys.prefix).resolve() != VENV.resolve() or found.items() - os.environ.items():
            # Libraries are looked for where the environment said when Python started.
            os.environ.update(found)
            os.execv(str(PYTHON), [str(PYTHON), *sys.argv])

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benxi_shuangsuiji.settings")
    if command in TESTING:
        from benxi_shuangsuiji.machine import suite

        sys.exit((suite.run if command == "test" else suite.check_all)(sys.argv[2:]))

    standalone.settle(command)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # Ctrl-C while something is prepared; what had begun is taken up by the next run
        print("\n已停止。再运行同一命令会接着准备。", flush=True)
        sys.exit(130)
