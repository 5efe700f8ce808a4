"""派人: the city team sends one of its own to a branch whose people cannot make up a team (五, 七(二)-e, 七(五)-b).

The branch's planner asks for it as 增派, the city team's leader decides (docs/decisions/0023). The draw takes whoever comes
into its roster and fills the open teams by ticket (SSJ1 8 `join`); he is chosen for no object.
"""

from datetime import date

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from plans.draw import frames, ssj1
from plans.draw.sealed import names_somebody
from plans.models import ChangeReason, Draw
from registry import book
from registry import frames as registry_frames
from registry.models import Facility, Inspector


def lent_inspectors(draw: Draw):
    """Whom the city team can send to this draw: its own people, and those of its sections at the bureau."""
    found = Inspector.objects.none()
    for team in Unit.objects.filter(kind=UnitKind.CITY_TEAM).exclude(pk=draw.unit_id):
        found = found | book.inspectors_of(team)
    return found


def line_of(draw: Draw, inspector: Inspector, day: date) -> ssj1.Inspector | None:
    """His line as the registry has it on that day; he works for the branch as long as he is lent."""
    people = frames.roster_of(draw.plan, day, lender_of(draw, inspector))
    return next((line for line in people if line.code == inspector.code), None)


def lender_of(draw: Draw, inspector: Inspector) -> Unit | None:
    """The city team, where it would lend this inspector to the branch that drew."""
    home = inspector.unit.drawing_unit
    return home if home.kind == UnitKind.CITY_TEAM and home.pk != draw.unit_id else None


def why_not_these_words(draw: Draw, inspector: Inspector, evidence: str) -> str:
    """The leader who lends is outside the circle of the list (decisions.md 3)."""
    if lender_of(draw, inspector) and names_somebody(draw, evidence):
        return "申请市执法队派人，情况里不写企业的名称和编号：批准的人不看名单。"
    return ""


def why_not_come(draw: Draw, inspector: Inspector, day: date) -> str:
    """Whoever joins can be sent, and has no interest in what waits for a team: an AMEND writes no 回避 of his (SSJ1 8.1)."""
    line = line_of(draw, inspector, day)
    if line is None:
        return f"{inspector.name}不在本单位和市执法队的检查人员名录里，不能增派。"
    if line.state != "in":
        return f"{inspector.name}现在离岗或者没有有效执法证，另派一人。"
    if line.until < (last := draw.plan.window_to.isoformat()):
        return f"{inspector.name}的执法证 {line.until} 到期，早于检查完成日 {last}，另派一人。"
    came = draw.amendment_requests.approved().filter(run=draw.run, reason=ChangeReason.JOIN, inspector=inspector)
    sealed = ssj1.parse_roster(draw.documents.get(kind="ROSTER").text)
    if came.exists() or inspector.code in {person.code for person in sealed.inspectors}:
        return f"{inspector.name}已在这次抽取的检查人员里，另派一人。"
    waiting = Facility.objects.filter(pk__in=[pick.facility_id for pick in open_picks(draw)])
    if registry_frames.conflicts_for_roster([inspector.code], waiting, day):
        return f"{inspector.name}登记了与待配齐的检查对象的利害关系，应当回避，另派一人。"
    return ""


def open_picks(draw: Draw) -> list:
    """The objects that stand and have no team."""
    picks = draw.picks.standing().select_related("facility").prefetch_related("teams")
    return [pick for pick in picks if pick.team and pick.team.open_reason]
