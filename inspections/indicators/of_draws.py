"""K5, K8, K9, K12, K20: what draws have drawn, what became of it, and whether anybody can prove it (四, 七(一), 七(二))."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.workdays.days import Quarter, is_over, short_date
from inspections.models import InspectionStatus, Source, TargetedCheck, TargetedState, UnfinishedReason
from inspections.targeted.models import referenced
from plans.models import DrawStatus, ProofRun
from plans.quotas.kinds import OFF_BOOKS
from registry.frames import public_name
from registry.models import Category

from .facts import Drawn, Row, Scope, day_of, drawn, draws, sealed


def key_drawn(scope: Scope) -> Iterator[Row]:
    """K5: of the 重点 in the sealed list, those that were drawn and still stand."""
    stands = defaultdict(set)
    for one in drawn(scope):
        if one.stands:
            stands[one.pick.draw_id].add(one.pick.facility.code)
    held = {draw.pk for draw in draws(scope) if scope.tells_names(draw)}
    for draw, frame in sealed(scope):
        for row in frame.rows if draw.pk in held and frame.category == Category.KEY else ():
            if row.state not in OFF_BOOKS:
                words = Quarter(draw.year, draw.number).label
                url = reverse("registry:facility-detail", args=[row.id])
                yield Row(draw.unit_id, row.id in stands[draw.pk], f"{row.id} {row.name}", words, url)


def random_share(scope: Scope) -> Iterator[Row]:
    """K8: of the daily checks those from draws; what cannot show its source of 三 is the exception (四(1)-b).

    The exception is what 三 does not name, what has no reference, and an emergency without its approval.
    """
    yield from (_row(one, counts=True, words=f"抽取 {one.pick.draw}") for one in drawn(scope) if one.stands)
    approved = Q(state=TargetedState.APPROVED) & (Q(source=Source.OTHER_TARGETED) | ~referenced())
    alone = approved | Q(state=TargetedState.ASKED, inspection__ended_at__isnull=False)
    public = Q(inspection__status=InspectionStatus.PUBLISHED, inspection__published_at__lte=scope.moment)
    asked = TargetedCheck.objects.filter(
        alone, Q(unit__in=scope.circle) | public, unit__in=scope.units, year=scope.year
    )
    for one in asked.order_by("asked_at"):
        if scope.holds(one.asked_at):
            yield Row(one.unit_id, False, one.no, f"{one.get_source_display()}，{short_date(day_of(one.asked_at))}发起")


def finished(scope: Scope) -> Iterator[Row]:
    """K9: of the drawn that nobody took off the list, those that were checked by the 25th (D-5)."""
    picks = [one for one in drawn(scope) if one.to_check]
    approved = UnfinishedReason.objects.approved().filter(
        pick__in=[one.pick.pk for one in picks if not _is_done(one)], decided_at__lte=scope.moment
    )
    reasons = dict(approved.values_list("pick", "words"))
    for one in picks:
        last = Quarter(one.pick.draw.year, one.pick.draw.number).close_due(scope.calendar).date
        done, known = _is_done(one), one.undone or _tells_end(scope, one)
        said = f"{short_date(one.check.day)}查结" if done else "没有查完"
        if one.pick.pk in reasons:
            said += f"，原因已批准：{reasons[one.pick.pk]}"
        counts = done and one.check.day <= last
        yield _row(one, counts=counts, words=said, quiet=not known, due=is_over(last, scope.day))


def _tells_end(scope: Scope, one: Drawn) -> bool:
    """Whether the reader may know of this place if its check is over; what is not told of one is told of none, done or not."""
    return one.check.told if one.check else one.pick.draw.unit_id in scope.circle


def _is_done(one: Drawn) -> bool:
    return one.stands and one.check is not None and one.check.carried_out


def replaced(scope: Scope) -> Iterator[Row]:
    """K12: of everybody that draws and substitutions have named, those that were taken off."""
    for one in drawn(scope):
        yield _row(one, counts=one.replaced, words="更换" if one.replaced else "在名单上")


def provable(scope: Scope) -> Iterator[Row]:
    """K20: of the draws whose day has come, those whose documents are public and of which no daily proof found fault."""
    faults = list(ProofRun.objects.exclude(problem="").filter(at__lte=scope.moment).values_list("problem", "at"))
    for draw in draws(scope):
        if draw.release_at > scope.moment:
            continue
        public = draw.status == DrawStatus.RELEASED and scope.tells_names(draw)
        fault = next((problem for problem, _ in faults if problem.startswith(draw.draw_id)), "")
        words = fault or (f"{short_date(day_of(draw.released_at))}公开全部文书" if public else "名单没有按时公开")
        yield Row(draw.unit_id, public and not fault, draw.draw_id, words, draw.get_absolute_url())


def _row(one: Drawn, *, counts: bool, words: str, quiet: bool = False, due: bool = True) -> Row:
    facility, check = one.pick.facility, one.check
    what = f"{facility.code} {public_name(facility)}"
    url, no = (check.row.get_absolute_url(), check.row.no) if check else ("", "")
    return Row(one.pick.draw.unit_id, counts, what, words, url, no, quiet=quiet, due=due)
