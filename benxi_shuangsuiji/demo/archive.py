"""What the archivist of the lively branch does: one file bound and shelved, one waits for the leader, the rest in one press."""

from datetime import date
from functools import partial

from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.documents import jobs
from inspections.archive import actions
from inspections.archive.models import of_archive
from inspections.archive.standing import File, files_of
from inspections.models import Wish

from .times import moment

SITE = "http://127.0.0.1:8000"
FIRST = date(2026, 5, 11)
PRESSES = (date(2026, 6, 5), date(2026, 7, 10), date(2026, 8, 17), date(2026, 9, 29), date(2026, 11, 6))


class Archive:
    def __init__(self, player):
        self.at, self.cast = player.at, player.cast

    def of_lively_branch(self, unit: Unit) -> None:
        by = self.cast.of(Role.ARCHIVIST, unit)
        self.at(moment(FIRST, 9), f"{unit}：案卷成册", partial(self._bind_one, unit, by), by)
        self.at(moment(FIRST, 15), f"{unit}：案卷上架", partial(self._shelve, unit, by), by)
        for day in PRESSES:
            self.at(moment(day, 16), f"{unit}：成册文书齐的案卷", partial(self._bind_ready, unit, by), by)
        self.at(moment(date(2026, 8, 17), 10), f"{unit}：催缺的文书", partial(self._lacking, unit, by), by)

    @staticmethod
    def _waiting(unit: Unit, by: User) -> list[File]:
        found = of_archive(by).filter(unit=unit, volumes=None).select_related(*actions.ALONG).order_by("no")
        return [file for file in files_of(found) if file.due]

    def _bind_one(self, unit: Unit, by: User) -> None:
        """The only one that is made while the demo is played; the worker makes the others once it runs."""
        file = next(file for file in self._waiting(unit, by) if not file.missing and not file.holds)
        jobs.run(actions.bind(check=file.check, site=SITE, by=by).job_id)

    @staticmethod
    def _shelve(unit: Unit, by: User) -> None:
        for check in of_archive(by).filter(unit=unit, volumes__file__isnull=False):
            actions.shelve(check=check, box="2026-01", shelf="1 库 2 列 3 层（示例）", by=by)

    def _bind_ready(self, unit: Unit, by: User) -> None:
        if any(not (file.missing or file.holds) for file in self._waiting(unit, by)):
            actions.bind_ready(unit=unit, site=SITE, by=by)

    def _lacking(self, unit: Unit, by: User) -> None:
        """Of the first that lacks a paper the leader is asked, the others are asked for it."""
        first, *others = [file for file in self._waiting(unit, by) if file.missing] or [None]
        if first:
            paper, reason = first.missing[0].filed.name, "当时没有制作，无法补（示例）"
            actions.ask(check=first.check, wish=Wish.WITHOUT, paper=paper, reason=reason, by=by)
        for file in others[:3]:
            actions.urge(check=file.check, by=by)
