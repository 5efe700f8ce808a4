"""What the pages of one import know: its addresses, how far it has come, what its check found (ui.md 4.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents.models import JobState
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web.chips import Chip
from registry.models import BatchKind, BatchState, ImportBatch, ImportLine, ProposalBatch

from . import rules
from .changes import GROUPS, Change, changes_of
from .forms import EndingForm

MOST_SHOWN = 300
UNDER_WAY = {BatchState.CHECKING, BatchState.WRITING, BatchState.WITHDRAWING}
TONES = {
    BatchState.CHECKING: "run",
    BatchState.ASKS: "warn",
    BatchState.REFUSED: "bad",
    BatchState.WRITING: "run",
    BatchState.WITHDRAWING: "run",
    BatchState.CHECKED: "warn",
    BatchState.CONFIRMED: "ok",
    BatchState.DISCARDED: "wait",
    BatchState.WITHDRAWN: "wait",
}


@dataclass(frozen=True)
class Shelf:
    """One of the two registries: which workbooks go into it, who may, and where its pages are."""

    stem: str  # of the names of its addresses
    kinds: Sequence[BatchKind]  # the registry itself first; lists about facilities go through their pages
    permission: P
    unit_word: str
    label: str

    def url(self, what: str = "", *args) -> str:
        return reverse(f"registry:{self.stem}-import{what}", args=args)

    @property
    def list_url(self) -> str:
        return reverse(f"registry:{self.stem}-list")


FACILITIES = Shelf("facility", [k for k in BatchKind if not k.about_people], P.EDIT_FACILITIES, "家", "检查对象")
INSPECTORS = Shelf("inspector", [BatchKind.INSPECTOR], P.EDIT_INSPECTORS, "人", "检查人员")
SHELVES = (FACILITIES, INSPECTORS)


@dataclass(frozen=True)
class BatchPage:
    """What every page about one batch says; the report of its check besides."""

    batch: ImportBatch
    shelf: Shelf

    @property
    def label(self) -> str:
        return self.batch.get_kind_display()

    @property
    def tone(self) -> str:
        return TONES[self.batch.state]

    @property
    def upload_url(self) -> str:
        several = len(self.shelf.kinds) > 1
        return f"{self.shelf.url()}?kind={self.batch.kind}" if several else self.shelf.url()

    @property
    def template_url(self) -> str:
        return f"{self.shelf.url('-template')}?kind={self.batch.kind}"

    @property
    def urls(self) -> dict[str, str]:
        """Where it is looked at, confirmed, discarded, withdrawn, and where its marked copy is."""
        acts = ("check", "confirm", "discard", "withdraw", "marked")
        return {act: self.shelf.url(f"-{act}", self.batch.pk) for act in acts}

    # --- while the worker is at it ---

    @property
    def failed(self) -> bool:
        job = self.batch.job
        return job is not None and job.state == JobState.FAILED

    @property
    def percent(self) -> int:
        job = self.batch.job
        return min(100, round(100 * job.done / job.total)) if job and job.total else 0


@dataclass(frozen=True)
class Report:
    """What the check found, for whoever confirms it. `only`: one group of the changes."""

    page: BatchPage
    user: User
    only: str = ""

    @property
    def batch(self) -> ImportBatch:
        return self.page.batch

    @property
    def unit_word(self) -> str:
        return self.page.shelf.unit_word

    @property
    def bad_rows(self) -> int:
        return self.batch.counts["faulty"]

    @property
    def good_rows(self) -> int:
        """Rows that go in; of rows that say the same twice only one does (reliability.md X39)."""
        counts = self.batch.counts
        return counts["rows"] - counts["faulty"] - counts["same"]

    @property
    def changing(self) -> int:
        counts = self.batch.counts
        return counts["added"] + counts["changed"] - counts.get("absent", 0)

    @cached_property
    def cells(self) -> list[dict]:
        """The faulty cells of the first rows that have any."""
        return [p for line in self.batch.lines.filter(content__isnull=True)[:MOST_SHOWN] for p in line.problems]

    @property
    def marked_url(self) -> str:
        return self.page.urls["marked"] if self.cells else ""

    @property
    def more_errors(self) -> int:
        return max(self.bad_rows - MOST_SHOWN, 0)

    @property
    def notes(self) -> list[dict]:
        return self.batch.notes[:MOST_SHOWN]

    @property
    def counts(self) -> list[dict]:
        counts, word = self.batch.counts, self.unit_word
        return [
            {"label": "新增", "figure": f"{counts['added']:,}", "unit": word},
            {"label": "有变化", "figure": f"{counts['changed']:,}", "unit": word},
            {"label": "无变化", "figure": f"{counts['unchanged']:,}", "unit": word},
            {"label": "有问题", "figure": f"{counts['faulty']:,}", "unit": "行", "bad": counts["faulty"] > 0},
            self._missing,
        ]

    @property
    def _missing(self) -> dict:
        """Whom the sheet does not name: told, and left alone; a year's list alone ends something for them."""
        figure = self.batch.counts["missing"]
        yearly = self.batch.kind == BatchKind.KEY_LIST
        note = "勾选以后才提出取消" if yearly else "导入不会删除它们"
        label = "以前列入、这次没有" if yearly else "名录里有、表里没有"
        return {"label": label, "figure": f"{figure:,}", "unit": self.unit_word, "note": note if figure else ""}

    @property
    def _listed(self):
        """The rows that change something, of the chosen group where there is one."""
        changing = self.batch.lines.filter(content__isnull=False)
        return changing.filter(groups__contains=[self.only]) if self.only in GROUPS else changing

    @cached_property
    def changes(self) -> list[Change]:
        found = changes_of(self.batch, self._listed[:MOST_SHOWN])
        return [c for c in found if self.only not in GROUPS or c.group == self.only]

    @property
    def asks(self) -> bool:
        return any(change.waits for change in self.changes)

    @property
    def more_changes(self) -> int:
        return max((self._listed.count() if self.only in GROUPS else self.changing) - MOST_SHOWN, 0)

    @cached_property
    def change_chips(self) -> list[Chip]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, count(*) FROM registry_importline, unnest(groups) name"
                " WHERE batch_id = %s AND content IS NOT NULL GROUP BY name",
                [self.batch.pk],
            )
            found = dict(cursor.fetchall())
        everything = [("", "全部", self.changing)] if self.only in GROUPS else []
        groups = [(name, name, n) for name in GROUPS if (n := found.get(name, 0))]
        return chips.choices([*everything, *groups], self.only, lambda name: f"?only={name}" if name else "?")

    @property
    def checked(self) -> bool:
        """It waits to be confirmed."""
        return self.batch.state == BatchState.CHECKED

    @property
    def confirm_label(self) -> str:
        """The button states the numbers: how many rows go in, how many are left out."""
        skipped = f"，跳过 {self.bad_rows:,} 行" if self.bad_rows else ""
        return f"导入 {self.good_rows:,} 行{skipped}"

    @property
    def obstacle(self) -> str:
        """Without the tick; with it, whoever a year's list leaves out is something to write."""
        return rules.why_not_confirm(self.batch, self.user)

    @property
    def readable(self) -> bool:
        return self.checked and self.good_rows > 0

    @cached_property
    def left_out(self) -> list[ImportLine]:
        """Who stood on an earlier year's list and is named nowhere on this one; ending it needs its own tick (六(二)-t)."""
        if not (self.readable and self.batch.counts.get("absent")):
            return []
        beyond = self.batch.lines.filter(number__gt=self.batch.counts["last_row"], content__isnull=False)
        return list(beyond)

    @property
    def ending(self) -> EndingForm:
        return EndingForm(label=f"这 {len(self.left_out):,} 家确实不再列入")

    @property
    def asked_batches(self) -> list[ProposalBatch]:
        """What waits, or waited, for a second person."""
        return list(self.batch.proposal_batches.select_related("unit"))

    @property
    def withdraw_obstacle(self) -> str:
        confirmed = self.batch.state == BatchState.CONFIRMED
        return rules.why_not_withdraw(self.batch, self.user, clock.now()) if confirmed else ""
