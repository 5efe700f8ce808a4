"""What is installed is pinned by hash, and no address of a registry is written down anywhere."""

import re
import subprocess
import tomllib

import pytest

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


def requirements(group):
    """The entries of a lock file: name with version, and the number of hashes."""
    entries = re.split(r"\n(?=\S)", (LOCKS / f"{group}.txt").read_text().strip())
    return {entry.split()[0]: entry.count("--hash=sha256:") for entry in entries}


@pytest.mark.parametrize("group", ["base", "dev"])
def test_every_package_has_one_version_and_its_hashes(group):
    for package, hashes in requirements(group).items():
        assert re.fullmatch(r"[a-z0-9-]+==[^=*<>]+", package.rstrip(";")), package
        assert hashes >= 1, package


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
