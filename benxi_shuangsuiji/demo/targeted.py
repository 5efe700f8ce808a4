"""The demo's targeted checks: one complaint, a campaign with two, a special facility that waits, one that joined a draw."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Count

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from inspections.campaigns import actions as campaign_actions
from inspections.frequency import actions as cap_actions
from inspections.models import Inspection, InspectionStatus, Mode, Source, TargetedCheck
from inspections.targeted import actions as acting
from inspections.targeted import rules
from registry import book
from registry.complaints.tallies import NewComplaint
from registry.models import Category, Facility

from .visits import Visits, accept

ITEMS = ("A01", "B02")
CAPS = [(Category.KEY, 4), (Category.GENERAL, 2)]


class TargetedChecks:
    """Lays the events out on the player's clock; every one is an action that the pages call too."""

    def __init__(self, player, moment: Callable):
        self.player, self.cast, self.units, self.moment = player, player.cast, player.units, moment

    def lay_out(self) -> None:
        self._caps()
        self._complaint(self.units["210504"], date(2026, 7, 22))
        self._campaign(self.units["210503"], date(2026, 8, 3))
        self._special(self.units["210521"], date(2026, 8, 18))
        self._joined(self.units["210502"], date(2026, 8, 18))

    def _caps(self) -> None:
        city = self.units["210500"]
        planner, approver = self.cast.of(Role.PLANNER, city), self.cast.of(Role.APPROVER, city)

        def propose():
            for category, most in CAPS:
                cap_actions.propose_cap(
                    unit=city,
                    year=2026,
                    category=category,
                    max_visits=most,
                    document="本环发〔2026〕2号（示例）",
                    by=planner,
                )

        def approve():
            for cap in city.frequency_caps.order_by("pk"):
                cap_actions.approve_cap(cap=cap, by=approver)

        self.player.at(self.moment(date(2026, 1, 7), 10), "提出入企检查上限", propose, planner)
        self.player.at(self.moment(date(2026, 1, 8), 10), "批准入企检查上限", approve, approver)

    def _complaint(self, unit: Unit, day: date) -> None:
        def raise_it():
            self._raise(
                unit,
                self._place(unit, Category.GENERAL),
                Source.COMPLAINT,
                "附近居民反映夜间有异味",
                {
                    "new": NewComplaint(
                        number="12345-2026-072201（示例）",
                        day=clock.today(),
                        channel="12345 热线",
                        matter="夜间有异味，疑似废气设施没有运行（示例）",
                    )
                },
            )

        self._ask(unit, day, raise_it)
        self._approve(unit, day)
        self._visit(unit, day + timedelta(days=1))

    def _campaign(self, unit: Unit, day: date) -> None:
        city = self.units["210500"]
        lead_office = self.cast.of(Role.LEAD_OFFICE, city)

        def make():
            campaign_actions.make_campaign(
                unit=city,
                by=lead_office,
                title="汛期环境安全专项检查（示例）",
                document="本政办发〔2026〕12号（示例）",
                approving_body="本溪市人民政府",
                legal_basis="《中华人民共和国突发事件应对法》（示例条款）",
                starts_on=day,
                ends_on=date(2026, 9, 18),
                scope="沿河企业的防汛措施、危险废物贮存和应急物资",
                categories=[],
                most_checks=20,
                from_superior=True,
            )

        def approve():
            campaign_actions.approve_campaign(campaign=city.campaigns.get(), by=self.cast.of(Role.APPROVER, city))

        def raise_two():
            for category in (Category.KEY, Category.GENERAL):
                self._raise(
                    unit,
                    self._place(unit, category),
                    Source.CAMPAIGN,
                    "沿河企业，按专项方案检查",
                    {"campaign": city.campaigns.get()},
                    cap_exemption="SUPERIOR_CAMPAIGN",
                    exemption_document="本政办发〔2026〕12号（示例）",
                )

        self.player.at(self.moment(day, 8), "登记专项检查", make, lead_office)
        self.player.at(self.moment(day, 9), "批准专项检查", approve, self.cast.of(Role.APPROVER, city))
        self._ask(unit, day, raise_two)
        self._approve(unit, day)
        self._visit(unit, day + timedelta(days=2))

    def _special(self, unit: Unit, day: date) -> None:
        """Waits for the leader's approval when the demo begins."""

        def raise_it():
            self._raise(
                unit,
                self._place(unit, Category.SPECIAL),
                Source.SPECIAL_FACILITY,
                "上次检查的整改措施需要现场核实",
                {},
            )

        self._ask(unit, day, raise_it)

    def _joined(self, unit: Unit, day: date) -> None:
        planner = self.cast.of(Role.PLANNER, unit)

        def drawn() -> Inspection:
            waiting = unit.inspections.filter(status=InspectionStatus.DISPATCHED, draw__isnull=False, mode=Mode.ONSITE)
            return waiting.exclude(facility__category=Category.SPECIAL).select_related("facility").order_by("-no")[0]

        def raise_it():
            self._raise(
                unit,
                drawn().facility,
                Source.ASSIGNED,
                "上级交办，核实雨水排口情况",
                {"reference_no": "辽环督〔2026〕31号（示例）", "reference_body": "辽宁省生态环境厅"},
                cap_exemption="TRANSFERRED",
                exemption_document="辽环督〔2026〕31号（示例）",
            )

        def join():
            acting.join(asked=self._last(unit), into=drawn(), by=planner)

        self._ask(unit, day, raise_it)
        self._approve(unit, day)
        self.player.at(self.moment(day, 16), f"{unit}：综合查一次", join, planner)

    # Steps

    def _ask(self, unit: Unit, day: date, act: Callable) -> None:
        self.player.at(self.moment(day, 10), f"{unit}：发起针对性检查", act, self.cast.of(Role.PLANNER, unit))

    def _approve(self, unit: Unit, day: date) -> None:
        approver = self.cast.of(Role.APPROVER, unit)

        def approve():
            for asked in unit.targeted_checks.pending().order_by("no"):
                number = f"本环{unit.short_name[:2]}检批〔2026〕{int(asked.no[-3:])}号（示例）"
                acting.approve_check(asked=asked, by=approver, document_no=number, opinion="同意")

        self.player.at(self.moment(day, 14), f"{unit}：批准针对性检查", approve, approver)

    def _visit(self, unit: Unit, day: date) -> None:
        """The first of what was approved is carried out; another stays open."""

        def go():
            visit = unit.targeted_checks.approved().filter(original=None).order_by("no")[0].inspection
            leader = visit.members.select_related("inspector__user").get(is_leader=True).inspector.user
            accept(visit)
            Visits(self.player).visit(visit, leader)

        self.player.at(self.moment(day, 9, 30), f"{unit}：检查", go)

    @staticmethod
    def _last(unit: Unit) -> TargetedCheck:
        return unit.targeted_checks.order_by("-no")[0]

    @staticmethod
    def _place(unit: Unit, category: str) -> Facility:
        """One in production that nobody is on the way to; where the draws have left none, one that waits for its check."""
        mine = Inspection.objects.filter(unit=unit)
        busy = mine.exclude(status=InspectionStatus.PUBLISHED).values("facility")
        most = dict(CAPS).get(category, len(mine) + 1)
        often = mine.order_by().values("facility").annotate(n=Count("pk")).filter(n__gte=most)
        working = book.facilities_of(unit).filter(category=category, status="OPERATING").order_by("code")
        free = working.filter(positive_entries__isnull=True).exclude(pk__in=often.values("facility"))
        return free.exclude(pk__in=busy).first() or free.first() or working.first()

    def _raise(self, unit, facility, source, reason, reference, **more) -> TargetedCheck:
        day = clock.today()
        wanted = rules.Request(
            unit=unit,
            facility=facility,
            source=source,
            mode=Mode.ONSITE,
            reason=reason,
            items=list(rules.items_for(unit, day).filter(code__in=ITEMS)),
            leader=None,
            members=[],
            finish_by=day + timedelta(days=30),
            reference=reference,
            **more,
        )
        leader, member = team_for(wanted, day)
        request = replace(wanted, leader=leader, members=[member])
        return acting.raise_check(request=request, by=self.cast.of(Role.PLANNER, unit))


def team_for(wanted: rules.Request, day: date):
    """The first two, by code, whom the rules let go there."""
    people = list(book.inspectors_of(wanted.unit).certified(day, wanted.finish_by).order_by("code"))
    people = [p for p in people if p.user_id]
    for leader in people:
        for member in people:
            if not rules.why_not_these_people(replace(wanted, leader=leader, members=[member]), day):
                return leader, member
    raise LookupError(f"{wanted.unit} 没有可以去 {wanted.facility} 的两个人")
