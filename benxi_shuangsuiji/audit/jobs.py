"""校验 of a long chain as a background job that goes on where a killed worker left it (S5)."""

from benxi_shuangsuiji.documents.models import Job
from benxi_shuangsuiji.notices.telling import tell_people

from . import trail
from .models import AuditEntry, AuditLink

KIND = "audit_check"
AT_ONCE = 100_000  # links that a page may wait for: less than a second
SHARE = 50_000


def check(job: Job, progress) -> None:
    """Verify share by share; how far it has come stands with the job."""
    trail.seal()
    reached, total, broken = job.params.get("reached", 0), AuditLink.objects.count(), None
    while broken is None:
        held, broken = trail.verify_behind(reached, SHARE)
        reached += held
        Job.objects.filter(pk=job.pk).update(params=job.params | {"reached": reached})
        progress(reached, total)
        if held < SHARE:
            break
    verdict = trail.Verdict(reached, broken, AuditEntry.objects.filter(link=None).count())
    said(verdict, by=job.requested_by)
    tell_people([job.requested_by_id], "操作记录校验完成", words_of(verdict), "/desk/log/")


def said(verdict: trail.Verdict, *, by) -> None:
    """The trail keeps that it was checked, and what came out."""
    figures = {"checked": verdict.checked, "broken_at": verdict.broken_at, "unsealed": verdict.unsealed}
    trail.record("audit.checked", by=by, **figures)


def words_of(verdict: trail.Verdict) -> str:
    if verdict.broken_at is not None:
        return f"第 {verdict.broken_at} 条记录与前一条接不上，可能被改动。立即报告市执法队监督员。"
    waiting = f"另有 {verdict.unsealed} 条还没有入链，不在其中。" if verdict.unsealed else ""
    return f"{verdict.checked} 条记录逐条相连，没有改动。{waiting}"
