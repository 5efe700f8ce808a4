"""What the pages of one import know: its addresses, how far it has come, what its check found (ui.md 4.10)."""

from dataclasses import dataclass
from functools import cached_property

from django.db import connection

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web.chips import Chip
from registry.models import BatchKind, BatchState, ImportBatch, ImportLine, ProposalBatch

from . import rules
from .changes import GROUPS, Change
from .forms import EndingForm
from .shelf_pages import Shelf

MOST_SHOWN = 300
TONES = {
    BatchState.CHECKING: "run",
    BatchState.ASKS: "warn",
    BatchState.REFUSED: "bad",
    BatchState.WRITING: "run",
    BatchState.WITHDRAWING: "run",
    BatchState.CHECKED: "warn",
    BatchState.SPLIT: "ok",
    BatchState.CONFIRMED: "ok",
    BatchState.DISCARDED: "wait",
    BatchState.WITHDRAWN: "wait",
}

# Lists that say something of those whom they name, and nothing of the others.
_OF_SOME = {
    BatchKind.PERMIT,
    BatchKind.CREDIT,
    BatchKind.RISK,
    BatchKind.POSITIVE,
    BatchKind.MONITORING,
    BatchKind.HISTORY,
}

_WAITS = """
SELECT count(*) FROM registry_importline
WHERE batch_id = %s AND number <= %s AND content IS NOT NULL
  AND (content->'grounds' <> '[]' OR content->'ended' <> '[]' OR content->'positive' <> 'null' OR '状态' = ANY(groups))
"""


@dataclass(frozen=True)
class BatchPage:
    """What every page about one batch says; the report of its check besides."""

    batch: ImportBatch
    shelf: Shelf

    @property
    def label(self) -> str:
        return self.batch.get_kind_display()

    @property
    def sheets(self) -> str:
        """What was read of the workbook."""
        tables = self.batch.counts["tables"]
        more = f"等 {len(tables)} 张" if len(tables) > 1 else ""
        return f"工作表“{tables[0]['sheet']}”{more}"

    @property
    def tone(self) -> str:
        return TONES[self.batch.state]

    @property
    def changed(self) -> int | str:
        """How many the sheet changes; nothing before it was checked."""
        counts = self.batch.counts
        return rules.changed(counts) if "changed" in counts else ""

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
        acts = ("check", "confirm", "again", "discard", "withdraw", "marked")
        return {act: self.shelf.url(f"-{act}", self.batch.pk) for act in acts}

    @cached_property
    def parts(self) -> list["BatchPage"]:
        """Of a list of the whole city: what each unit has of it."""
        return [
            BatchPage(part, self.shelf) for part in self.batch.parts.select_related("unit").order_by("unit__position")
        ]

    @property
    def waiting(self) -> str:
        """Of a list of the whole city: how many units have not decided about theirs."""
        waits = sum(part.batch.state in rules.WAITING for part in self.parts)
        return f"还有 {waits} 个单位没有确认。" if waits else ""

    # --- while the worker is at it ---

    @property
    def under_way(self) -> bool:
        return self.batch.state in rules.BUSY and not self.given_up

    @property
    def given_up(self) -> bool:
        return rules.given_up(self.batch)

    @property
    def percent(self) -> int:
        job = self.batch.job
        return min(100, round(100 * job.done / job.total)) if job and job.total else 0


@dataclass(frozen=True)
class Report:
    """What the check found, for whoever confirms it. `only`: one group of the changes; `typed`: a refused reason."""

    page: BatchPage
    user: User
    only: str = ""
    typed: EndingForm | None = None

    @property
    def batch(self) -> ImportBatch:
        return self.page.batch

    @property
    def how_long(self) -> str:
        return self.page.shelf.how_long(self.batch)

    @property
    def bad_rows(self) -> int:
        return self.batch.counts["faulty"]

    @property
    def good_rows(self) -> int:
        """Rows that go in."""
        return rules.good_rows(self.batch.counts)

    @property
    def changing(self) -> int:
        counts = self.batch.counts
        return counts["added"] + rules.changed(counts)

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
        counts, word = self.batch.counts, self.page.shelf.unit_word
        return [
            {"label": "新增", "figure": f"{counts['added']:,}", "unit": word},
            {"label": "有变化", "figure": f"{rules.changed(counts):,}", "unit": word},
            {"label": "无变化", "figure": f"{counts['unchanged']:,}", "unit": word},
            {"label": "有问题", "figure": f"{counts['faulty']:,}", "unit": "行", "bad": counts["faulty"] > 0},
            self._fifth,
        ]

    @property
    def _fifth(self) -> dict:
        """Whom the sheet does not name: told, and left alone; a year's list alone ends something for them. Of a list that
        names only whom it is about, how much of it is other units'."""
        counts, word = self.batch.counts, self.page.shelf.unit_word
        if self.batch.kind == BatchKind.KEY_LIST:
            label, figure, note = "以前列入、这次没有", counts["missing"], "勾选以后才提出取消"
        elif self.batch.kind in _OF_SOME:
            label, figure, word, note = "属于其他单位", counts.get("foreign", 0), "行", "没有读取"
        else:
            label, figure, note = f"{self.page.shelf.book}里有、表里没有", counts["missing"], "导入不会删除它们"
        return {"label": label, "figure": f"{figure:,}", "unit": word, "note": note if figure else ""}

    @property
    def _last_row(self) -> int:
        """Whom the sheet does not name stands beyond it."""
        return self.batch.counts.get("last_row", 2**31 - 1)

    @property
    def _listed(self):
        """The rows that change something, of the chosen group where there is one."""
        changing = self.batch.lines.filter(content__isnull=False, number__lte=self._last_row)
        return changing.filter(groups__contains=[self.only]) if self.only in GROUPS else changing

    @cached_property
    def changes(self) -> list[Change]:
        found = self.page.shelf.changes(self.batch, self._listed[:MOST_SHOWN])
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
                " WHERE batch_id = %s AND number <= %s AND content IS NOT NULL GROUP BY name",
                [self.batch.pk, self._last_row],
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

    @cached_property
    def waits(self) -> int:
        """Of how many something waits for a second person."""
        with connection.cursor() as cursor:
            cursor.execute(_WAITS, [self.batch.pk, self._last_row])
            return cursor.fetchone()[0]

    @property
    def in_words(self) -> str:
        """What becomes of the rows, in one sentence beside the button."""
        counts, word = self.batch.counts, self.page.shelf.unit_word
        told = (
            (self.changing, f"{self.changing:,} {word}有新增或变化"),
            (self.waits, f"其中 {self.waits:,} {word}有内容等另一人批准才生效"),
            (counts["same"], f"重复的 {counts['same']:,} 行不另算"),
            (counts.get("aside"), f"不是数据的 {counts.get('aside', 0):,} 行没有读取"),
            (self.bad_rows, f"有问题的 {self.bad_rows:,} 行跳过"),
            (counts.get("foreign"), f"属于其他单位的 {counts.get('foreign', 0):,} 行没有读取"),
        )
        return "，".join(text for number, text in told if number)

    @property
    def obstacle(self) -> str:
        """Without the tick; with it, whoever a year's list leaves out is something to write."""
        return rules.why_not_confirm(self.batch, self.user) or self.out_of_date

    @cached_property
    def out_of_date(self) -> str:
        """Why it is to be checked again first; "" for a batch that no longer waits."""
        return rules.why_out_of_date(self.batch) if self.checked else ""

    @property
    def readable(self) -> bool:
        return self.checked and rules.readable(self.batch)

    @cached_property
    def left_out(self) -> list[ImportLine]:
        """Who stood on an earlier year's list and is named nowhere on this one; ending it needs its own tick (六(二)-t)."""
        if not (self.readable and self.batch.counts.get("absent")):
            return []
        beyond = self.batch.lines.filter(number__gt=self._last_row, content__isnull=False)
        return list(beyond)

    @property
    def ending(self) -> EndingForm:
        form = self.typed or EndingForm()
        form["ends"].label = f"这 {len(self.left_out):,} 家确实不再列入"
        return form

    @property
    def asked_batches(self) -> list[ProposalBatch]:
        """What waits, or waited, for a second person."""
        return list(self.batch.proposal_batches.select_related("unit"))

    @property
    def withdraw_obstacle(self) -> str:
        confirmed = self.batch.state == BatchState.CONFIRMED
        return rules.why_not_withdraw(self.batch, self.user, clock.now()) if confirmed else ""
