"""The demo's year: registries, declarations, audits, ratios, the lottery's schedule, the item list and its bases."""

from datetime import date, time
from functools import partial

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from disclosure.publishing import actions as disclosing
from plans.filings import actions as filing
from plans.lists import actions as planning
from plans.lists import basis_changes as basing
from plans.lists import sheets as list_sheets
from plans.local import actions as local
from plans.lottery import actions as lottery_actions
from plans.models import ChangeOfBasis, GeneralRatioPolicy, ItemList, LegalBasis, LotteryGame
from plans.quotas import staff as staffing
from registry import book
from registry.audits import actions as audits_actions
from registry.audits import standing as audits
from registry.imports import actions as imports_actions
from registry.inspectors import actions as inspectors_actions
from registry.interests import actions as interests_actions
from registry.models import (
    BatchKind,
    Book,
    ConflictKind,
    Ground,
    Inspector,
    InterestDeclaration,
    ProposalBatch,
)
from registry.proposals import actions as proposing

from .times import moment
from .workbooks import facility_workbook, inspector_workbook

LIVELY_BRANCH = "210504"  # its people show each state of leave, declarations and certificates
UNAUDITED_BRANCH = "210522"  # nobody signed since June, so its seal of July needed a reason
AMENDED_REASON = "《突发环境事件应急管理办法》有修改，增加汛期隐患排查（示例）"
ITEM_FIELDS = [c.field for c in list_sheets.COLUMNS if c.field != "legal_basis"]
FLOOD_POINT = {
    "text": "汛期隐患排查",
    "standard": "汛前排查并整改，有记录",
    "basis": "",
    "method": "现场查看、查阅记录",
}
YEARLY_LISTS = [
    (date(2026, 1, 4), Ground.SF1, 2025, "2025 年省级挂牌督办第 3 号（示例）"),
    (date(2026, 3, 20), Ground.KF1, 2026, "2026 年环境监管重点单位名录（示例）"),
]
GENERAL_POINTS = 1250  # one of eight each quarter: the demo's two years until the cycle ends
# 行政区面积 in square kilometres; the city team's is the city's.
AREAS = {
    "210500": 8411,
    "210502": 177,
    "210503": 320,
    "210504": 411,
    "210505": 619,
    "210521": 3362,
    "210522": 3547,
}


class Year:
    """Lays out what a unit does once, monthly, or in the summer; every event is an action that the pages call too."""

    def __init__(self, player):
        self.at, self.cast, self.calendar = player.at, player.cast, player.calendar
        self.names, self.random = player.names, player.random

    def of_unit(self, unit: Unit, n: int) -> None:
        registrar = self.cast.of(Role.REGISTRAR, unit)
        self.at(
            moment(date(2025, 12, 8), 9, n),
            f"{unit}导入检查对象名录",
            lambda: self._import(unit, registrar),
            registrar,
        )
        self._lists_of_the_year(unit, n)
        self._second_person(unit, n)
        self._interests(unit, n)
        self._audits(unit, n)
        self._ratio(unit, n)
        self._justice(unit, n)

    def of_city(self, lead: Unit) -> None:
        """The lottery's schedule, the item list of the year, and the changes of what it rests on."""
        self._lottery()
        lead_office, approver = self.cast.of(Role.LEAD_OFFICE, lead), self.cast.of(Role.APPROVER, lead)
        officer = self.cast.of(Role.DISCLOSURE_OFFICER, lead)
        self.at(
            moment(date(2025, 12, 22), 10),
            "编制 2026 年事项清单",
            lambda: self._draft_list(lead, lead_office),
            lead_office,
        )
        self.at(
            moment(date(2025, 12, 29), 15),
            "批准事项清单",
            lambda: planning.approve_list(item_list=self._list(), by=approver, opinion="同意"),
            approver,
        )
        self.at(
            moment(date(2026, 1, 4), 9),
            "公开事项清单",
            lambda: disclosing.publish_list(item_list=self._list(), by=officer),
            officer,
        )
        self._bases(lead, lead_office, approver, officer)

    def _import(self, unit: Unit, by) -> None:
        for kind, name, content in (
            (BatchKind.FACILITY, f"{unit}检查对象名录.xlsx", facility_workbook(unit, self.names, self.random)),
            (BatchKind.INSPECTOR, f"{unit}检查人员名录.xlsx", inspector_workbook(unit, self.names, self.random)),
        ):
            batch = imports_actions.check_workbook(file_name=name, content=content, kind=kind, unit=unit, by=by)
            imports_actions.confirm_import(batch=batch, by=by)
        section = unit.section if hasattr(unit, "section") else None
        homes = [section.code] if section else [c.code for c in unit.children.all() if c.kind == UnitKind.HQ_SECTION]
        people = Inspector.objects.filter(
            unit__in=[unit, *([section] if section else list(unit.children.all()))]
        ).order_by("code")
        for n, inspector in enumerate(people, 1):
            if not inspector.certificate_no:
                continue
            user = self.cast.add(
                f"jiancha-{inspector.code.lower()}", Role.INSPECTOR, homes[n % len(homes)], inspector.name
            )
            inspectors_actions.link_account(inspector=inspector, user=user, by=by)

    def _lists_of_the_year(self, unit: Unit, n: int) -> None:
        """What holds for one year is over with it, and comes again with the next list (六(二)-t, -ae, -am)."""
        registrar, approver = self.cast.of(Role.REGISTRAR, unit), self.cast.of(Role.APPROVER, unit)

        def enter(kind: Ground, year: int, evidence: str):
            before = book.facilities_of(unit).filter(grounds__kind=kind).order_by("code").distinct()
            asked = [
                proposing.propose_ground(facility=facility, kind=kind, evidence=evidence, year=year, by=registrar)
                for facility in before
            ]
            if asked:
                proposing.approve_proposals(proposals=asked, by=approver, opinion="已核对")

        for day, kind, year, evidence in YEARLY_LISTS:
            self.at(
                moment(day, 8, 10 + n),
                f"{unit}：登记 {year} 年{kind.label}",
                lambda k=kind, y=year, e=evidence: enter(k, y, e),
                registrar,
            )

    def _second_person(self, unit: Unit, n: int) -> None:
        """What the workbook asks for counts from here on: grounds by the leader, 正面清单 by the lead office (六(二)-r, 七(三)-e)."""
        leader, lead_office = self.cast.of(Role.APPROVER, unit), self.cast.of(Role.LEAD_OFFICE, "210500")

        def approve(by, *, by_lead_office: bool):
            for batch in ProposalBatch.objects.pending().filter(unit=unit, by_lead_office=by_lead_office):
                proposing.approve_batch(batch=batch, by=by, opinion="同意")

        for day, who, title, city in (
            (date(2025, 12, 9), leader, "批准类别依据", False),
            (date(2025, 12, 10), lead_office, "批准正面清单", True),
        ):
            act = partial(approve, who, by_lead_office=city)
            self.at(moment(day, 8, n), f"{unit}：{title}", act, who)

    def _interests(self, unit: Unit, n: int) -> None:
        """In January everybody declares for the year; two of each larger unit name a facility (七(五)-c)."""
        approver = self.cast.of(Role.APPROVER, unit)

        def declare():
            people = [p for p in book.inspectors_of(unit).order_by("code").select_related("user") if p.user]
            facilities = list(book.facilities_of(unit).order_by("code")[:40])
            for m, person in enumerate(people):
                if having := m in (5, 8):
                    interests_actions.declare_conflict(
                        inspector=person,
                        facility=facilities[m * 3 % len(facilities)],
                        kind=ConflictKind.RELATIVE if m == 5 else ConflictKind.FORMER_JOB,
                        reason="配偶在该企业任职（示例）" if m == 5 else "2024 年以前在该企业工作（示例）",
                        evidence="本人书面说明（示例）",
                        by=person.user,
                    )
                interests_actions.declare_year(inspector=person, none=not having, by=person.user)

        def approve():
            interests_actions.approve_all_without(unit=unit, by=approver)
            rest = InterestDeclaration.objects.filter(inspector__in=book.inspectors_of(unit), state="ASKED")
            for declaration in rest.select_related("inspector"):
                interests_actions.approve_declaration(declaration=declaration, by=approver)

        self.at(moment(date(2026, 1, 5), 14, n), f"{unit}：年度回避申报", declare)
        self.at(moment(date(2026, 1, 6), 9, n), f"{unit}：审核回避申报", approve, approver)

    def _audits(self, unit: Unit, n: int) -> None:
        """Each registry has its keeper, who signs every month; one branch left out the summer (六(二)-c, -e)."""
        registrar, planner = self.cast.of(Role.REGISTRAR, unit), self.cast.of(Role.PLANNER, unit)

        def appoint():
            for book_ in Book:
                audits_actions.appoint_keeper(
                    unit=unit, book=book_, person=registrar, document="本环办〔2025〕41号（示例）", by=planner
                )

        def sign():
            for book_ in Book:
                now = audits.standing(unit, book_, clock.today())
                lines = audits.checklist(unit, book_, clock.today(), now.last.signed_at if now.last else None)
                audits_actions.sign_audit(
                    unit=unit,
                    book=book_,
                    seen=audits.stamp(lines),
                    ticked={line.key for line in lines},
                    remarks={line.key: "已逐条核实，在办理变更" for line in lines if line.stale and line.count},
                    remark="已逐项核对，名录完整",
                    by=registrar,
                )

        self.at(moment(date(2025, 12, 9), 9, n), f"{unit}：指定名录专人", appoint, planner)
        for month in (date(2025, 12, 1), *(date(2026, m, 1) for m in range(1, 13))):
            if unit.code == UNAUDITED_BRANCH and month >= date(2026, 6, 1):
                continue
            day = self.calendar.last_workday_on_or_before(month.replace(day=24))
            self.at(moment(day, 15, n), f"{unit}：{month:%Y-%m} 名录审核", sign, registrar)

    def _ratio(self, unit: Unit, n: int) -> None:
        """The year's ratio for 一般 from the five factors, approved before the first plan (七(一)2)."""
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)

        def ask():
            staff = staffing.count(unit, draw_on=date(2026, 1, 1), window_to=date(2026, 3, 25))
            local.ask_for_ratio(
                unit=unit,
                year=2026,
                valid_from=date(2026, 1, 1),
                basis_points=GENERAL_POINTS,
                air_quality="优良天数比例 89.6%，PM2.5 年均 31 微克每立方米（示例）",
                pollution_sources=unit.facilities.count(),
                inspectors=staff.people,
                area_km2=AREAS.get(unit.code, 100),
                coverage_target="2027 年底前查完一遍",
                by=planner,
            )

        def approve():
            local.approve_decision(decision=GeneralRatioPolicy.objects.get(unit=unit), by=approver, opinion="同意")

        self.at(moment(date(2025, 12, 30), 9, n), f"{unit}：提出一般对象比例", ask, planner)
        self.at(moment(date(2025, 12, 31), 9, n), f"{unit}：批准一般对象比例", approve, approver)

    def _justice(self, unit: Unit, n: int) -> None:
        """Every branch files its year with the justice bureau of its district (D-24)."""
        if unit.kind != UnitKind.BRANCH:
            return
        planner = self.cast.of(Role.PLANNER, unit)

        def mark():
            filing.mark_justice_filing(
                unit=unit,
                year=2026,
                recipient="区县司法局（示例）",
                document_no=f"收文〔2026〕{n + 1} 号（示例）",
                sent_on=date(2026, 1, 8),
                by=planner,
            )

        self.at(moment(date(2026, 1, 8), 14, n), f"{unit}：报司法局备案", mark, planner)

    def _lottery(self) -> None:
        """The lead office enters how issues count and when no lottery is drawn; invented, as everything here."""
        lead_office = self.cast.of(Role.LEAD_OFFICE, "210500")

        def enter():
            lottery_actions.save_schedule(
                game=LotteryGame.K8,
                weekdays=[1, 2, 3, 4, 5, 6, 7],
                drawn_at=time(21, 30),
                valid_from=date(2026, 1, 1),
                base_day=date(2026, 4, 9),
                base_issue=2026087,
                source_document="快乐8 开奖公告（示例）",
                by=lead_office,
            )
            for first, last, name in (
                (date(2026, 2, 13), date(2026, 2, 24), "春节"),
                (date(2026, 10, 1), date(2026, 10, 4), "国庆节"),
            ):
                lottery_actions.add_break(
                    game="", starts_on=first, ends_on=last, source_document=f"{name}休市公告（示例）", by=lead_office
                )

        self.at(moment(date(2025, 12, 29), 10), "登记开奖日程", enter, lead_office)

    def _draft_list(self, lead, by) -> None:
        item_list = planning.draft_list(unit=lead, year=2026, by=by)
        planning.submit_list(item_list=item_list, by=by)

    def _list(self, version: int = 1) -> ItemList:
        return ItemList.objects.get(year=2026, unit__code="210500", version=version)

    def _bases(self, lead: Unit, lead_office, approver, officer) -> None:
        """Two bases change in summer: a new version of the list answers the first, the second waits (六(一)1-b, -c)."""

        def change(title, effective_on, summary):
            basing.record_change(
                basis=LegalBasis.objects.get(title=title),
                kind=ChangeOfBasis.AMENDED,
                effective_on=effective_on,
                document="关于修改部分规章和条例的决定（示例）",
                summary=summary,
                by=lead_office,
            )

        def amend():
            item_list = planning.draft_list(unit=lead, year=2026, by=lead_office, reason=AMENDED_REASON)
            item = item_list.items.get(code="H01")
            data = {name: getattr(item, name) for name in ITEM_FIELDS} | {
                "content": f"{item.content}，汛期隐患排查",
                "annual_focus": True,
            }
            points = [planning.point_of(p) for p in item.points.all()] + [FLOOD_POINT]
            cites = [(c.basis, c.article) for c in item.cites.select_related("basis", "article")]
            planning.save_item(item_list=item_list, item=item, by=lead_office, data=data, points=points, cites=cites)
            planning.submit_list(item_list=item_list, by=lead_office)

        day = date(2026, 7, 22)
        self.at(
            moment(day, 9),
            "登记法律依据的修改",
            lambda: change("突发环境事件应急管理办法", date(2026, 7, 15), "增加汛期隐患排查的要求（示例）"),
            lead_office,
        )
        self.at(moment(date(2026, 8, 5), 10), "编制事项清单第 2 版", amend, lead_office)
        self.at(
            moment(date(2026, 8, 6), 15),
            "批准事项清单第 2 版",
            lambda: planning.approve_list(item_list=self._list(2), by=approver, opinion="同意"),
            approver,
        )
        self.at(
            moment(date(2026, 8, 7), 9),
            "公开事项清单第 2 版",
            lambda: disclosing.publish_list(item_list=self._list(2), by=officer),
            officer,
        )
        self.at(
            moment(date(2026, 8, 12), 9),
            "登记法律依据的修改",
            lambda: change("碳排放权交易管理暂行条例", date(2026, 8, 10), "调整数据质量的监督检查（示例）"),
            lead_office,
        )
