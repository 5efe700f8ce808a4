"""Why a 通报 or an evaluation cannot be made, written, or signed (五-2c, 五-2d)."""

from datetime import date

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.workdays.days import Calendar, full_date
from inspections.models import Bulletin, BulletinKind, BulletinState
from plans.models import Draw, DrawStatus

from .content import CHAPTERS, Subject

MOST_WORDS = 4000  # of one chapter
OFFICE = "由市执法队牵头部门编写。"
MEANWHILE = "打开这一页以后，另一个人改过文字，现在的文字在正文里。对照正文改好，再保存一次；没有保存的文字还在这里。"


def why_not_make(subject: Subject, standing: Bulletin | None, by, today: date, calendar: Calendar) -> str:
    """The figures are locked when it is made, so it waits until the period is over and nothing of it is sealed."""
    if not by.units_with(Permission.RECEIVE_REPORTS):
        return OFFICE
    if standing is not None:
        return f"已有一份，{standing.get_state_display()}。"
    due = subject.last_quarter.close_due(calendar)
    if today <= due.date:
        return f"{full_date(due.date)}以后编写，那时这一期的检查和公开已经到期。"
    open_draws = Draw.objects.filter(year=subject.year, status__in=[DrawStatus.FROZEN, DrawStatus.DRAWN])
    if subject.number:
        open_draws = open_draws.filter(number=subject.number)
    if subject.kind == BulletinKind.YEAR:
        open_draws = open_draws.filter(unit=subject.unit)
    if n := open_draws.count():
        return f"还有 {n} 份抽取名单没有公开，公开以后编写。"
    return ""


def why_not_write(bulletin: Bulletin, by, seen: str | None = None) -> str:
    """`seen`: the words from which the writer began; those of somebody else are not overwritten unread."""
    if not by.units_with(Permission.RECEIVE_REPORTS):
        return OFFICE
    if bulletin.state != BulletinState.DRAFT:
        return f"已经报签，现在是“{bulletin.get_state_display()}”，不能再改。"
    return "" if seen in (None, bulletin.seen) else MEANWHILE


def why_not_ask(bulletin: Bulletin, text: dict[str, str], by, seen: str | None = None) -> str:
    if reason := why_not_write(bulletin, by, seen):
        return reason
    empty = (c.title for c in CHAPTERS[bulletin.kind] if c.asked and not text.get(c.key, "").strip())
    return next((f"写明{title}，没有的写“无”。" for title in empty), "")


def why_not_open_decision(bulletin: Bulletin, by) -> str:
    return decision.why_not_decide(
        bulletin,
        by,
        may=by.may(Permission.ISSUE_BULLETINS, bulletin.office_id),
        role="由市执法队分管负责人签发。",
        own="提出签发的人不能自己签发，由另一名分管负责人签发。",
        over={BulletinState.DRAFT: "还没有报签。"},
    )


def why_not_issue(bulletin: Bulletin, by, document_no: str) -> str:
    return why_not_open_decision(bulletin, by) or ("" if document_no.strip() else "填写文号。")
