"""What the machine lacks is found before a test stumbles over it."""

import pytest

from benxi_shuangsuiji.machine import equipment


@pytest.fixture
def a_browser(tmp_path, monkeypatch):
    """A machine with a browser and nothing unpacked."""
    program = tmp_path / "bin" / "chromium"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("BENXI_CHROMIUM", str(program))
    monkeypatch.setattr(equipment.sys, "platform", "linux")
    return program


def test_a_browser_without_the_library_of_its_driver_is_missing(tmp_path, a_browser, monkeypatch):
    monkeypatch.setattr(equipment, "loads", lambda library: False)

    assert equipment.browser(tmp_path) == str(a_browser)
    assert equipment.missing(tmp_path, ("browser",)) == ["browser"]


def test_the_library_may_lie_among_the_unpacked_packages(tmp_path, a_browser, monkeypatch):
    monkeypatch.setattr(equipment, "loads", lambda library: False)
    unpacked = tmp_path / "system/usr/lib/x86_64-linux-gnu"
    unpacked.mkdir(parents=True)
    (unpacked / equipment.DRIVER_LIBRARY).touch()

    assert equipment.missing(tmp_path, ("browser",)) == []


def test_what_is_missing_is_fetched_with_all_its_packages(tmp_path, a_browser, monkeypatch):
    asked = []
    monkeypatch.setattr(equipment, "loads", lambda library: False)
    monkeypatch.setattr(equipment, "run", lambda command, cwd=None: asked.append(command) or True)
    monkeypatch.setattr(equipment.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(equipment.os, "geteuid", lambda: 0)

    equipment.provide(tmp_path, "browser")

    assert {"chromium", "libatomic1"} <= set(asked[0])
