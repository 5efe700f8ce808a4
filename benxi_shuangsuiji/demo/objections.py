"""The demo's objections (one corrected, one refused, one waits), one 企业说明, and where each unit is reached (四(3)-f)."""

import uuid
from collections.abc import Callable
from datetime import date

from benxi_shuangsuiji.accounts import contacts
from benxi_shuangsuiji.accounts.roles import Role
from disclosure.models import Objection, OwnWords, Publication, WordsRequest
from disclosure.objections import actions
from disclosure.objections.models import Outcome
from disclosure.statements import actions as saying
from inspections.models import Inspection

CORRECTED, SAID, REFUSED, WAITING = date(2026, 7, 6), date(2026, 7, 13), date(2026, 7, 20), date(2026, 8, 10)


class Objections:
    def __init__(self, player, moment: Callable):
        self.at, self.cast, self.units, self.moment = player.at, player.cast, player.units, moment

    def lay_out(self) -> None:
        """Of the first quarter's problems the second is corrected and the third kept; of the third quarter's one waits."""
        self.at(self.moment(date(2026, 1, 4), 9), "登记各单位地址和电话", self._contacts)
        self._ask(CORRECTED, "企业对检查结果提出更正", lambda: self._submit(self._problem(1), "CORRECT", "ENTERPRISE"))
        self._answer(date(2026, 7, 8), date(2026, 7, 10), self._correct)
        self._ask(REFUSED, "有人对检查结果提出申诉", lambda: self._submit(self._problem(2), "APPEAL", "OTHER"))
        self._answer(date(2026, 7, 27), date(2026, 7, 30), self._keep)
        self._ask(SAID, "企业写企业说明", self._say)
        self._ask(date(2026, 7, 15), "核查企业说明", self._look_through)
        self._ask(date(2026, 7, 17), "批准公开企业说明", self._let_through)
        self._ask(WAITING, "企业对检查结果提出申诉", lambda: self._submit(self._latest(), "APPEAL", "ENTERPRISE"))

    def _ask(self, day: date, words: str, act: Callable) -> None:
        self.at(self.moment(day, 10), words, act)

    def _answer(self, day: date, decided: date, propose: Callable) -> None:
        self.at(self.moment(day, 15), "核查完毕，提出决定", propose)
        self.at(self.moment(decided, 16), "批准并公开决定", self._approve)

    def _contacts(self) -> None:
        """Plainly made up: nobody answers there."""
        admin = self.cast.of(Role.ADMIN_SYSTEM, self.units["2105SJ"])
        for n, unit in enumerate(contacts.units()):
            contacts.keep(
                unit=unit,
                telephone=f"024-0000{n:04d}（示例）",
                email=f"unit{n}@example.cn",
                address=f"本溪市竹屿路 {n + 1} 号（示例）",
                hours="工作日 8:30—11:30　13:00—17:00",
                by=admin,
            )

    @staticmethod
    def _problem(n: int) -> Publication:
        found = Publication.objects.results().filter(year=2026, number=1, outcome="RECTIFY_ORDERED").order_by("no")
        return found[n]

    @staticmethod
    def _latest() -> Publication:
        found = Publication.objects.results().filter(year=2026, number=3).exclude(outcome="NO_ISSUE")
        return (found.order_by("no").first()) or Publication.objects.results().order_by("-issued_at", "no").first()

    @staticmethod
    def _submit(record: Publication, demand: str, relation: str) -> None:
        actions.submit(
            publication=record,
            relation=relation,
            name=record.facility_name if relation == "ENTERPRISE" else "齐某（示例）",
            phone="024-00001700",
            email="",
            demand=demand,
            part="FINDING",
            words="公示的描述和现场不一致，台账、照片附后（示例）。",
            form=uuid.uuid5(uuid.NAMESPACE_URL, f"{record.no}/{demand}"),
        )

    def _correct(self) -> None:
        objection = self._open()
        finding = objection.publication.snapshot["finding"]
        revision = {"evidence": "检查笔录第 2 页（示例）", "words": {"finding": f"{finding}当天已清理一部分。"}}
        self._propose(objection, Outcome.CORRECT, "核对笔录，当天已清理一部分，原文没有写明", revision)

    def _keep(self) -> None:
        self._propose(self._open(), Outcome.KEEP, "核对笔录和影像，公示与记录一致，不更正", None)

    def _propose(self, objection: Objection, outcome: str, reason: str, revision: dict | None) -> None:
        officer = self.cast.of(Role.DISCLOSURE_OFFICER, objection.unit)
        number = f"本环更〔2026〕{objection.pk}号（示例）"
        actions.propose(
            objection=objection, outcome=outcome, reason=reason, document_no=number, revision=revision, by=officer
        )

    def _approve(self) -> None:
        objection = self._open()
        leader = self.cast.of(Role.APPROVER, objection.unit)
        actions.approve(ruling=objection.rulings.pending().get(), by=leader, opinion="同意")

    def _say(self) -> None:
        check = Inspection.objects.get(no=self._problem(1).no)
        saying.submit(inspection=check, words="记录当天已补填，此后由专人每日核对、签字（示例）。")

    def _look_through(self) -> None:
        words = OwnWords.objects.select_related("unit").get()
        saying.propose(words=words, by=self.cast.of(Role.DISCLOSURE_OFFICER, words.unit))

    def _let_through(self) -> None:
        request = WordsRequest.objects.select_related("words__unit").get()
        saying.approve(request=request, by=self.cast.of(Role.APPROVER, request.words.unit), opinion="同意")

    @staticmethod
    def _open() -> Objection:
        return Objection.objects.pending().select_related("unit", "publication", "applicant").earliest("at")
