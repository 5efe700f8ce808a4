"""Stored files keep what they were, under names that do no harm (reliability.md P20, U01, U09, U10)."""

import errno
import os

import pytest

from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import NotNow, Refused

pytestmark = pytest.mark.django_db


def stored(content=b"abc", name="a.xlsx"):
    return files.store(content=content, name=name, content_type="text/plain")


def test_the_same_content_is_kept_once_under_its_digest():
    first, second = stored(name="a.xlsx"), stored(name="b.xlsx")
    assert first.sha256 == second.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files.read(second) == b"abc"
    assert len(list(files.path_of(first.sha256).parent.iterdir())) == 1


@pytest.mark.promise("P20")
def test_a_flipped_byte_is_found_when_the_file_is_read():
    file = stored()
    files.path_of(file.sha256).write_bytes(b"abd")
    with pytest.raises(files.Damaged, match="与存入时不同"):
        files.read(file)
    files.path_of(file.sha256).unlink()
    with pytest.raises(files.Damaged, match="不在存储中"):
        files.read(file)


@pytest.mark.promise("P20")
def test_a_download_is_an_attachment_that_nothing_runs():
    response = files.download(stored(b"<script>alert(1)</script>", "名录.html"))
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''%E5%90%8D%E5%BD%95.html"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\名录.xlsx", "名录.xlsx"),
        ("a\x00b.xlsx", "ab.xlsx"),
        ("gpj.\u202eexe", "gpj.exe"),
        (".htaccess", "htaccess"),
        ("...", "未命名"),
        ("", "未命名"),
        ("名" * 300 + ".xlsx", "名" * 115 + ".xlsx"),
    ],
)
def test_names_are_shown_clean(given, shown):
    assert stored(name=given).name == shown


@pytest.mark.promise("P25")
def test_a_full_disk_is_a_refusal_and_leaves_nothing(monkeypatch, settings, tmp_path):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(Refused, match="存储空间不足"):
        stored()
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_storage_that_cannot_be_written_is_told_from_a_full_one_and_leaves_nothing(monkeypatch, settings, tmp_path):
    def broken(*args):
        raise OSError(errno.EIO, "Input/output error")

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(NotNow, match="文件存储现在连不上，没有存取。过几分钟再试"):
        stored()
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
