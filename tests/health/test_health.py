"""One list of questions, asked by /healthz/, `manage.py doctor` and 系统状况 (operations.md 6, reliability P12, P25)."""

import io
import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege

from benxi_shuangsuiji import clock, schedule, subjects
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import watch
from benxi_shuangsuiji.audit.models import AuditWatch
from benxi_shuangsuiji.backup import health as backup
from benxi_shuangsuiji.documents.models import FileTrouble, Job
from benxi_shuangsuiji.health import questions
from benxi_shuangsuiji.notices import tasks
from benxi_shuangsuiji.notices.models import OutgoingMail
from benxi_shuangsuiji.subject import Answer
from benxi_shuangsuiji.web import start
from disclosure.mirror import nightly
from disclosure.mirror.health import mirrored
from disclosure.register import clocks
from plans.models import ProofRun
from tests.browsing import html_of, signed_in
from tests.factories import make_city_team, make_user

pytestmark = pytest.mark.django_db
QUICK = {q.key for q in subjects.house().questions if not q.slow}


@pytest.fixture(autouse=True)
def _each_answer_is_new(monkeypatch):
    monkeypatch.setattr(questions, "KEPT_S", 0)
    questions._kept.clear()


@pytest.fixture
def well(monkeypatch):
    for lane in schedule.LANES.values():
        tasks.beat(lane.beat, clock.now())
    watch.watch()
    use = SimpleNamespace(total=100 * questions.GIB, used=0, free=50 * questions.GIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: use)
    monkeypatch.setattr(start, "why_not_start", list)


def asked(client, query=""):
    answer = client.get(f"/healthz/{query}")
    told = answer.json()
    assert answer.status_code == (200 if told["ok"] else 503) and "no-store" in answer["Cache-Control"]
    return told


def doctor() -> tuple[str, int]:
    said = io.StringIO()
    try:
        call_command("doctor", stdout=said)
    except SystemExit as end:
        return said.getvalue(), end.code
    return said.getvalue(), 0


def test_a_system_that_is_well_says_so_at_all_three_doors(client, well):
    assert asked(client) == {"ok": True, "questions": dict.fromkeys(QUICK, True)}
    said, code = doctor()
    assert code == 0 and "不正常" not in said
    assert all(q.name in said for q in subjects.house().questions)
    admin = signed_in(make_user((Role.ADMIN_SYSTEM, make_city_team())))
    page = html_of(admin.get("/desk/health/"))
    assert "都正常" in page and all(q.name in page for q in subjects.house().questions)


def no_round(monkeypatch, settings, tmp_path):
    tasks.beat("tick", clock.now() - timedelta(minutes=4))


def round_failed(monkeypatch, settings, tmp_path):
    tasks.beat("tick:night", clock.now(), "plans.tasks.prove_daily（ValueError）")


def mail_waits(monkeypatch, settings, tmp_path):
    long_ago = clock.now() - timedelta(hours=2)
    OutgoingMail.objects.create(key="k", to="a@example.org", subject="秘密", body="内容", created_at=long_ago)


def job_waits(monkeypatch, settings, tmp_path):
    then = clock.now() - timedelta(minutes=20)
    Job.objects.create(kind="x", title="x", requested_by=make_user(), requested_at=then)


def worker_died_at_a_job(monkeypatch, settings, tmp_path):
    then = clock.now() - timedelta(minutes=20)
    fields = {"kind": "x", "title": "x", "requested_by": make_user(), "requested_at": then}
    Job.objects.create(state="RUNNING", claimed_until=then, **fields)


def mirror_failed(monkeypatch, settings, tmp_path):
    tasks.beat(nightly.WANTED, clock.now())
    Job.objects.create(kind=nightly.KIND, title="公示镜像", requested_at=clock.now(), state="FAILED")


def mirror_is_old(monkeypatch, settings, tmp_path):
    then = clock.now() - timedelta(days=3)
    tasks.beat(nightly.WANTED, clock.now())
    Job.objects.create(kind=nightly.KIND, title="公示镜像", requested_at=then, state="DONE")


def never_backed_up(monkeypatch, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(clock, "is_demo", lambda: False)
    monkeypatch.setattr(backup, "_laid_down", lambda: timezone.now() - timedelta(hours=25))


def disk_is_full(monkeypatch, settings, tmp_path):
    use = SimpleNamespace(total=100 * questions.GIB, used=0, free=4 * questions.GIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: use)


def file_is_gone(monkeypatch, settings, tmp_path):
    FileTrouble.objects.create(sha256="ab" * 32, kind=FileTrouble.Kind.MISSING, found_at=clock.now())


def certificate_ends(monkeypatch, settings, tmp_path):
    settings.TLS_CERTIFICATES = [str(tmp_path / "site.pem")]
    (tmp_path / "site.pem").write_bytes(certificate(days=13))


def clocks_differ(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clocks, "machine_now", lambda: datetime.now(UTC) + timedelta(minutes=5))


def trail_is_broken(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(watch, "state", lambda: AuditWatch(at=clock.now(), seq=9, broken_at=7))


def proof_differs(monkeypatch, settings, tmp_path):
    about = {"documents": 1, "entries": 1, "draws": 1}
    ProofRun.objects.create(day=clock.today(), at=clock.now(), problem="第 3 条不同", **about)


def settings_are_unsafe(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(start, "why_not_start", lambda: ["DEBUG=true：去掉。（benxi.E006）"])


def certificate(days: int) -> bytes:
    key, now = Ed25519PrivateKey.generate(), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "shuangsuiji.example.gov.cn")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=days, hours=1))
    from cryptography.hazmat.primitives.serialization import Encoding

    return made.sign(key, None).public_bytes(Encoding.PEM)


@pytest.mark.story("O6")
@pytest.mark.parametrize(
    ("fault", "key", "words"),
    [
        (no_round, "round", "停着的：公开、期限和入链"),
        (round_failed, "round", "没有做成的：plans.tasks.prove_daily（ValueError）"),
        (mail_waits, "outbox", "1 封等着发"),
        (job_waits, "jobs", "0 件在做，1 件等着"),
        (worker_died_at_a_job, "jobs", "0 件在做，1 件等着"),
        (mirror_failed, "mirror", "的公示镜像没有写成"),
        (mirror_is_old, "mirror", "上一份公示镜像是"),
        (never_backed_up, "backup", "装好 1 天，还没有备份过。"),
        (disk_is_full, "disk", "还有 4.0 GiB（4%）"),
        (file_is_gone, "files", "1 份文件不在"),
        (certificate_ends, "certificates", "换新证书"),
        (clocks_differ, "clocks", "校准时钟"),
        (trail_is_broken, "trail", "第 7 条与前一条接不上"),
        (proof_differs, "chain", "第 3 条不同"),
        (settings_are_unsafe, "start", "DEBUG=true"),
    ],
)
def test_each_fault_is_named_and_strangers_read_no_more_than_its_name(
    client, well, monkeypatch, settings, tmp_path, fault, key, words
):
    fault(monkeypatch, settings, tmp_path)
    said, code = doctor()
    assert code == 1 and words in said
    assert [line for line in said.splitlines() if line.startswith("不正常")] == [
        line for line in said.splitlines() if f"　{name_of(key)}：" in line
    ]
    if key in QUICK:
        assert asked(client) == {"ok": False, "questions": dict.fromkeys(QUICK, True) | {key: False}}
        assert asked(client, "?only=database") == {"ok": True, "questions": {"database": True}}


def name_of(key):
    return next(q.name for q in subjects.house().questions if q.key == key)


def test_a_first_day_without_a_backup_and_a_mirror_switched_off_on_purpose_are_no_fault(
    well, settings, monkeypatch, tmp_path
):
    settings.VAR_DIR = tmp_path
    assert backup._laid_down() <= timezone.now()  # asked of this very database
    assert backup.backed_up() == Answer(None, "演示不备份。")
    monkeypatch.setattr(clock, "is_demo", lambda: False)
    monkeypatch.setattr(backup, "_laid_down", lambda: timezone.now() - timedelta(hours=23))
    assert backup.backed_up().ok is None
    mirror_is_old(monkeypatch, settings, tmp_path)
    assert mirrored().ok is False
    tasks.beat(nightly.WANTED, clock.now() - schedule.LANES["night"].silence)  # its rounds go on, without a folder
    assert mirrored().ok is None and "没有写 MIRROR_DIR" in mirrored().words


def test_a_certificate_that_holds_and_one_that_cannot_be_read(settings, tmp_path):
    file = tmp_path / "site.pem"
    settings.TLS_CERTIFICATES = [str(file)]
    file.write_bytes(certificate(days=15))
    assert questions.certificates().ok is True
    file.write_text("no certificate")
    assert questions.certificates().ok is False


def test_without_the_database_every_question_that_needs_it_is_answered_by_no(client, well, monkeypatch):
    waits = []

    def away(*args, **kwargs):
        waits.append(1)
        raise OperationalError("connection refused")

    monkeypatch.setattr(connections["default"], "cursor", away)
    told = asked(client)["questions"]
    assert {key for key, ok in told.items() if ok} == {"disk", "certificates", "backup"}
    assert len(waits) == 1  # each may take as long as a connection is waited for
    assert asked(client, "?only=database") == {"ok": False, "questions": {"database": False}}
    said, code = doctor()
    assert code == 1 and "数据库：连不上" in said and "数据库连不上，问不到" in said


def test_a_database_that_refuses_one_question_is_not_said_to_be_away(client, well, monkeypatch):
    def refused(**asked_for):
        raise ProgrammingError from InsufficientPrivilege("permission denied")

    monkeypatch.setattr(Job.objects, "filter", refused)
    assert asked(client) == {"ok": False, "questions": dict.fromkeys(QUICK, True) | {"jobs": False, "mirror": False}}
    assert "这一项没有问成" in doctor()[0]


def test_a_question_that_breaks_or_is_unknown_is_no_answer_that_all_is_well(client, well, monkeypatch):
    monkeypatch.setattr(questions, "disk", lambda: 1 / 0)
    assert asked(client)["questions"]["disk"] is False
    assert asked(client, "?only=nothing") == {"ok": False, "questions": {}}
    assert client.post("/healthz/").status_code == 405


def test_strangers_do_not_make_the_database_work_at_will(client, well, monkeypatch):
    monkeypatch.setattr(questions, "KEPT_S", 60)
    asked(client)
    with CaptureQueriesContext(connections["default"]) as seen:
        for query in ("", "?only=database", "?only=rounds&only=mail", "?only=nothing", *(f"?x={n}" for n in range(20))):
            client.get(f"/healthz/{query}")
    assert len(seen) == 0
    until = {key: (0.0, answer) for key, (_, answer) in questions._kept.items()}
    monkeypatch.setattr(questions, "_kept", until)  # two seconds later
    with CaptureQueriesContext(connections["default"]) as seen:
        assert asked(client)["ok"]
    assert len(seen) > 0
    assert set(questions._kept) == QUICK
