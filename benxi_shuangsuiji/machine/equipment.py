"""Programs, libraries and fonts that pip cannot bring: Pango for PDF, a Chinese font, a browser for tests.

They come from the machine's own package sources: installed when we are root,
otherwise downloaded and unpacked into `var/system`, where only this checkout
sees them. Only the standard library is used, because this runs before the
re-exec of manage.py: libraries must be in the environment when Python starts.
Whatever cannot be had is named, and everything else goes on.
"""

import ctypes
import os
import re
import shutil
import subprocess
import sys
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path

say = partial(print, flush=True)

LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
DRIVER_LIBRARY = (
    "libatomic.so.1"  # the program that drives the browser needs it, and Debian's browser does not bring it
)
PACKAGES = {
    "pango": ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    "font": ("fonts-noto-cjk",),
    "browser": ("chromium", "libatomic1"),
}
MEANING = {
    "pango": "Pango 排版库（生成 PDF 文书）",
    "font": "中文字体（生成 PDF 文书）",
    "browser": "Chromium 浏览器（浏览器测试）",
}
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
)
CHINESE_FONT = re.compile(
    r"cjk|source-?han|fandol|lxgw|wqy|fangsong|simfang|simsun|simhei|songti|stsong|uming|ukai|gbsn00lp",
    re.IGNORECASE,
)
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
HOURS_BEFORE_TRYING_AGAIN = 6


def provide(var: Path, *wanted: str) -> list[str]:
    """Fetch what is missing of `wanted`, and return what is still missing afterwards."""
    lacking = missing(var, wanted)
    refused = var / "system" / "not-found"
    if not lacking:
        return []
    if refused.exists() and time.time() - refused.stat().st_mtime < HOURS_BEFORE_TRYING_AGAIN * 3600:
        known = refused.read_text().split()
        say(f"此前没有取到：{names(known)}。{HOURS_BEFORE_TRYING_AGAIN} 小时内不再重试；删除 {refused} 可立即重试。")
        lacking = [part for part in lacking if part not in known]
    if lacking:
        say(f"正在取得 {names(lacking)}，首次约需一分钟……")
        fetch(var, lacking)
    lacking = missing(var, wanted)
    if lacking:
        refused.parent.mkdir(parents=True, exist_ok=True)
        if not refused.exists() or refused.read_text().split() != lacking:
            refused.write_text(" ".join(lacking))
            packages = " ".join(package for part in lacking for package in PACKAGES[part])
            say(
                f"没有取到：{names(lacking)}。相关功能会说明原因，其余照常。由管理员安装软件包：{packages}",
            )
    return lacking


def missing(var: Path, wanted) -> list[str]:
    there = {"pango": has_pango, "font": has_chinese_font, "browser": has_browser}
    return [part for part in wanted if not there[part](var)]


def names(parts) -> str:
    return "、".join(MEANING[part] for part in parts)


def environment(var: Path) -> dict[str, str]:
    """Variables that make programs find what lies in `var/system`; nothing when that is empty."""
    system, found = var / "system", {}
    folders = [str(folder) for folder in library_folders(system)]
    if folders:
        others = [part for part in os.environ.get("LD_LIBRARY_PATH", "").split(":") if part and part not in folders]
        found["LD_LIBRARY_PATH"] = ":".join(folders + others)
    if (system / "fonts.conf").exists():
        found["FONTCONFIG_FILE"] = str(system / "fonts.conf")
    if program := browser(var):
        found["BENXI_CHROMIUM"] = program
    return found


def has_pango(var: Path) -> bool:
    return all(has_library(var, library) for library in LIBRARIES)


def has_library(var: Path, library: str) -> bool:
    """Whether the machine has it, or the packages unpacked for this checkout."""
    return any((folder / library).exists() for folder in library_folders(var / "system")) or loads(library)


def loads(library: str) -> bool:
    if sys.platform == "darwin":
        library = re.sub(r"\.so(\.\d+)$", r"\1.dylib", library)
        return any(
            Path(folder, library).exists() for folder in ("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib")
        )
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_chinese_font(var: Path) -> bool:
    folders = [*FONT_FOLDERS, var / "system" / "usr/share/fonts"]
    return any(
        CHINESE_FONT.search(name)
        for folder in folders
        for _, _, files in os.walk(os.path.expanduser(folder))
        for name in files
    )


def has_browser(var: Path) -> bool:
    """Whether tests can drive a browser: the program, and what its driver needs."""
    return bool(browser(var)) and (sys.platform != "linux" or has_library(var, DRIVER_LIBRARY))


def node() -> str:
    """The Node that drives the browser, for the JavaScript verifier's tests; empty when it is missing or cannot run."""
    found = find_spec("playwright")
    for place in found.submodule_search_locations or () if found else ():
        program = Path(place, "driver", "node")
        if (
            program.exists()
            and subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
        ):
            return str(program)
    return ""


def browser(var: Path) -> str:
    """The browser for tests: the one named, the machine's, or the unpacked one; empty when there is none."""
    unpacked = var / "system/usr/lib/chromium/chromium"
    for program in (os.environ.get("BENXI_CHROMIUM", ""), *BROWSERS, str(unpacked)):
        if program and (path := shutil.which(program)):
            return path
    return ""


def library_folders(system: Path) -> list[Path]:
    """Folders of unpacked shared libraries, also the private ones one level below."""
    found = {
        file.parent for pattern in ("lib*.so*", "*/lib*.so*") for file in system.glob(f"usr/lib/*-linux-gnu*/{pattern}")
    }
    found |= {file.parent for file in system.glob("lib/*-linux-gnu*/lib*.so*")}
    return sorted(found)


def fetch(var: Path, parts: list[str]) -> None:
    if not shutil.which("apt-get"):
        return
    packages = [package for part in parts for package in PACKAGES[part]]
    if os.geteuid() == 0:
        install(packages)
    else:
        unpack(var / "system", packages)


APT = (
    "apt-get",
    "-q",
    "-o",
    "Acquire::Retries=1",
    "-o",
    "Acquire::http::Timeout=30",
    "-o",
    "DPkg::Lock::Timeout=300",
)


def install(packages: list[str]) -> None:
    """Install packages on the machine, refreshing its package lists only when needed."""
    command = [*APT, "install", "-y", "--no-install-recommends", *packages]
    if run(command):
        return
    if run([*APT, "update"]) and not run(command) and len(packages) > 1:
        for package in packages:  # one that does not exist here must not cost the others
            run([*APT, "install", "-y", "--no-install-recommends", package])


def unpack(system: Path, packages: list[str]) -> None:
    """Unpack packages, and what they need, without root: apt with a state of its own, then dpkg-deb."""
    state, downloads = system / "apt", system / "apt/downloads"
    for folder in ("state/lists/partial", "cache/archives/partial", "downloads"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    private = [*APT]
    for option in (
        f"Dir::State={state}/state",
        f"Dir::State::lists={state}/state/lists",
        f"Dir::Cache={state}/cache",
        "Dir::State::status=/var/lib/dpkg/status",
        "Debug::NoLocking=1",
    ):
        private += ["-o", option]
    if not run([*private, "update"]):
        return
    for package in packages:
        plan = subprocess.run(
            [*private, "install", "-s", "--no-install-recommends", package],
            capture_output=True,
            text=True,
            check=False,
            env=plain_language(),
        )
        needed = re.findall(r"^Inst (\S+)", plan.stdout, re.MULTILINE)
        if needed:
            run([*private, "download", *needed], cwd=downloads)
    for archive in sorted(downloads.glob("*.deb")):
        run(["dpkg-deb", "-x", str(archive), str(system)])
    shutil.rmtree(state)
    fonts, cache = system / "usr/share/fonts", system / "font-cache"
    (system / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>/usr/share/fonts</dir><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>\n"
    )


def run(command: list[str], cwd: Path | None = None) -> bool:
    """Run a package tool quietly; show its last words when it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        env=plain_language() | {"DEBIAN_FRONTEND": "noninteractive"},
    )
    if done.returncode:
        errors = [line for line in done.stdout.splitlines() if line.startswith(("E:", "dpkg: error"))]
        say(f"  {Path(command[0]).name}：" + "；".join(errors[-3:]))
    return done.returncode == 0


def plain_language() -> dict[str, str]:
    # Unpacked libraries must not reach the machine's own tools.
    return {key: value for key, value in os.environ.items() if key != "LD_LIBRARY_PATH"} | {"LC_ALL": "C.UTF-8"}
