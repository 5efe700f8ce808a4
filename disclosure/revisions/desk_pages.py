"""What the officers' page says of one request: who may do what, which publication it is about, what differs (ui-2.md 27)."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import RoleGrant, Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.accounts.standing import holders, when_of
from benxi_shuangsuiji.workdays.days import is_over, remaining, short_date
from disclosure.models import OF_THE_CITY, Objection, Publication, PublicationKind

from . import duties, places, rules
from .models import Act, Revision, RevisionState
from .pieces import Piece, pieces

ASKER = {True: Role.LEAD_OFFICE.label, False: Role.DISCLOSURE_OFFICER.label}  # by whether it is the city's
ONLY_LOOKS = "只能看；写明理由，可以看已撤下的原文"


@dataclass(frozen=True)
class Differences:
    """What a request changes: (哪一处, 原来, 改成), how many places stay."""

    changed: list[tuple[str, list[Piece], list[Piece]]]
    unchanged: int


def differences_of(asked: Revision) -> Differences:
    """As long as the old words are not sealed."""
    p = asked.publication
    if not Publication.objects.filter(pk=p.pk).exists():
        return Differences([], 0)
    changed = [(label, *pieces(old, new)) for label, old, new in places.differences(p, asked.changes)]
    return Differences(changed, len(places.places_of(p)) - len(changed))


def name_of(asked: Revision, differences: Differences) -> str:
    """更正“描述”一句: what the card is called; of what is sealed, only what is asked for."""
    if asked.act != Act.CORRECT or not differences.changed:
        return f"{asked.get_act_display()}申请"
    if len(differences.changed) > 1:
        return f"更正 {len(differences.changed)} 处"
    label = differences.changed[0][0]
    kind = next(p.kind for p in places.places_of(asked.publication) if p.label == label)
    called = label if "“" in label else f"“{label}”"
    return f"更正{called}一{'句' if kind == places.TEXT else '处'}"


def decider_of(publication: Publication, unit: Unit, pending: Revision | None, today: date) -> str:
    """Who decides, by name and role."""
    names = "、".join(g.user.full_name for g in leaders_of(publication, unit, pending, today))
    return f"{names}（{Role.APPROVER.label}）" if names else "本单位分管负责人"


def who_may(publication: Publication, unit: Unit, pending: Revision | None, today: date) -> list[tuple[str, str]]:
    """By name, who asks, who decides and when, and who may only look."""
    if publication.is_withdrawn:
        return [(supervisors_of(unit, today), ONLY_LOOKS), ("本单位分管负责人", ONLY_LOOKS)]
    recorders = rules.recorders(publication)
    leaders = leaders_of(publication, unit, pending, today)
    found = [(f"{g.user.full_name}（分管负责人）", f"批准、不批准、退回补充：{when_of(g, today)}") for g in leaders]
    if not leaders:
        found = [("分管负责人", "没有能决定的人。由授权管理员登记代行职责的人，再由他决定")]
    if pending:
        found.append((f"{pending.asked_by.full_name}（提出的人）", "可以撤回申请、按退回的意见补充，不能决定"))
    else:
        city = publication.kind in OF_THE_CITY
        found.append(("牵头部门" if city else f"{unit.short_name}公示员", "提出更正、撤下，不能决定本人提出的"))
    found += [(f"{name}（记录这条结果的人）", "不能提出，也不能决定") for name in sorted(recorders.values())]
    return [*found, (supervisors_of(unit, today), ONLY_LOOKS)]


def leaders_of(publication: Publication, unit: Unit, pending: Revision | None, today: date) -> list[RoleGrant]:
    """Those who can decide: neither who asked nor who recorded the result."""
    out = {*rules.recorders(publication), *([pending.asked_by_id] if pending else [])}
    return [grant for grant in holders(Role.APPROVER, unit, today) if grant.user_id not in out]


def supervisors_of(unit: Unit, today: date) -> str:
    names = [grant.user.full_name for grant in holders(Role.SUPERVISOR, unit, today)]
    return f"{'、'.join(names[:3])}（市执法队监督员）" if names else "市执法队监督员"


def about_which(publication: Publication, pending: Revision | None) -> list[tuple[str, str]]:
    """关于哪一条: of what is withdrawn no word."""
    p, s = publication, publication.snapshot
    found = [("种类和编号", f"{p.get_kind_display()}　{p.no}"), ("公示单位", p.unit_name)]
    if not p.is_withdrawn and p.kind == PublicationKind.RESULT:
        found = [
            ("企业", f"{s['facility']['name']}　{s['facility']['uscc']}".strip()),
            ("检查", f"{p.no}　{short_date(date.fromisoformat(s['checked_on']))}　{s['outcome_label']}"),
        ]
    found.append(
        ("撤下" if p.is_withdrawn else "公开", f"{short_date(localtime(p.published_at).date())}，第 {p.version} 版")
    )
    if pending:
        found.append((f"{pending.get_act_display()}后", _afterwards(p, pending)))
    if p.kind == PublicationKind.RESULT:
        found.append(("异议", _objections(p)))
    return found


def _objections(publication: Publication) -> str:
    """What is asked about this result and not decided yet, with the way there (四(3)-f)."""
    waiting, calendar = Objection.objects.pending().about(publication.kind, publication.no), workdays.calendar()
    links = [
        (reverse("disclosure:objection-desk", args=[o.receipt]), o.receipt, short_date(o.due(calendar).date))
        for o in waiting
    ]
    return format_html_join("；", '<a href="{}">{}</a>　{}前答复', links) if links else "没有在办的"


def _afterwards(p: Publication, pending: Revision) -> str:
    if pending.act == Act.REISSUE:
        return f"第 {p.version + 1} 版登记为“撤下”，第 {p.version + 2} 版是改好的文字"
    return f"第 {p.version + 1} 版，登记为“{Act(pending.act).label}”"


def sentence_of(publication: Publication, last: Revision | None, user: User, today: date) -> str:
    """What is read where there is no form: how the last request stands."""
    if last is None:
        return rules.ROLE
    moment = _moment(last.decided_at) if last.decided_at else ""
    match last.state:
        case RevisionState.ASKED:
            return _waiting(last, user, today)
        case RevisionState.MORE:
            return sent_back_sentence(last)
        case RevisionState.WITHDRAWN:
            return f"{last.asked_by.full_name} {moment}撤回，没有决定过。"
        case RevisionState.RETURNED:
            return "没有改动任何内容。有新材料可以另提一件，这一件留着。"
    if publication.is_withdrawn:
        return f"这条公示已经撤下，原文已封存。{moment}批准。"
    return f"{moment}已{last.get_act_display()}，公开页是第 {publication.version} 版。"


def _waiting(asked: Revision, user: User, today: date) -> str:
    duty = duties.duty_of(asked)
    till = f"，{short_date(duty.due)}前" if duty else ""
    if duty and is_over(duty.due, today):
        till = f"，{remaining(duty.due, today)}"
    mine = "可以撤回申请。" if not rules.why_not_take_back(asked, user) else ""
    return f"等{asked.unit.short_name}分管负责人决定{till}。{mine}"


def sent_back_sentence(asked: Revision) -> str:
    """退回补充，8 月 20 日前补上再提出；到期没有补，申请自动结束."""
    duty = duties.duty_of(asked)
    if duty is None or duty.closed_at:
        return (
            f"退回补充：{asked.opinion.rstrip('。')}。{duties.UNANSWERED}。"
            if duty
            else f"退回补充：{asked.opinion.rstrip('。')}。"
        )
    end = "时限照算。" if asked.is_withdrawal else "到期没有补，申请自动结束。"
    return (
        f"{asked.decided_by.full_name} {_moment(asked.decided_at)}退回补充：{asked.opinion.rstrip('。')}。"
        f"{short_date(duty.due)}前补上再提出；{end}"
    )


def _moment(at) -> str:
    at = localtime(at)
    return f"{short_date(at.date())} {at:%H:%M} "
