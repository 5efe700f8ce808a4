"""What is installed is pinned by hash, and no address of a registry is written down anywhere."""

import re
import subprocess
import tomllib

import pytest
from packaging.version import Version

from benxi_shuangsuiji.machine import standalone

LOCKS = standalone.ROOT / "benxi_shuangsuiji" / "locks"
# Put together here, so that this file does not hold them either.
HOSTS = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmmirror", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("tuna", "tsinghua", "edu"),
        ("mirrors", "aliyun", "com"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
    ]
]
# No vulnerability database is reached from here, so the lowest version that may be locked is written down, with what was
# wrong before it (reliability.md 4, docs/security.md 11). Whoever reads an advisory raises the number.
FLOORS = {
    "django": ("5.2.19", "memory of base64 uploads, leak through Vary"),
    "weasyprint": ("70.0", "addresses fetched past the fetcher, by attachments, style sheets and EPS"),
    "pillow": ("13.0.0", "overflow of the JPEG decoder"),
    "lxml": ("6.1.3", "entities from outside in iterparse"),
    "gunicorn": ("27.0.1", "requests smuggled by their framing"),
    "openpyxl": ("3.1.5", "reads through defusedxml"),
    "defusedxml": ("0.7.1", "entities that grow"),
    "django-q2": ("1.11.1", "tasks done again while they run"),
}


def requirements(group):
    """The entries of a lock file: name with version, and the number of hashes."""
    entries = re.split(r"\n(?=\S)", (LOCKS / f"{group}.txt").read_text().strip())
    return {entry.split()[0]: entry.count("--hash=sha256:") for entry in entries}


@pytest.mark.parametrize("group", ["base", "dev"])
def test_every_package_has_one_version_and_its_hashes(group):
    for package, hashes in requirements(group).items():
        assert re.fullmatch(r"[a-z0-9-]+==[^=*<>]+", package.rstrip(";")), package
        assert hashes >= 1, package


@pytest.mark.parametrize("group", ["base", "dev"])
def test_no_package_is_older_than_what_was_mended_in_it(group):
    locked = dict(entry.rstrip(";").split("==") for entry in requirements(group))
    old = {
        package: f"{locked[package]} < {floor}: {why}"
        for package, (floor, why) in FLOORS.items()
        if Version(locked[package]) < Version(floor)
    }
    assert old == {}


def test_test_packages_include_all_that_runs():
    base, dev = requirements("base"), requirements("dev")

    assert base.items() <= dev.items()


def test_every_declared_package_is_locked():
    project = tomllib.loads((standalone.ROOT / "pyproject.toml").read_text())

    def named(specifications):
        return {re.match(r"[\w-]+", text)[0].lower() for text in specifications}

    def locked(group):
        return {package.partition("==")[0] for package in requirements(group)}

    assert named(project["project"]["dependencies"]) <= locked("base")
    assert named(project["dependency-groups"]["dev"]) <= locked("dev")


def test_no_tracked_file_names_a_registry():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=standalone.ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in listed.stdout.decode().split("\0"):
        file = standalone.ROOT / name
        if name and file.is_file():
            content = file.read_bytes().lower()
            found += [f"{name}: {host}" for host in HOSTS if host.encode() in content]

    assert found == []
