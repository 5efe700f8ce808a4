"""Where workbooks go: the two registries, the city's lists, and whatever an app to the right has (ui.md 4.10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.web import frame as shell
from registry import book_rules, sheets
from registry.facilities import wording
from registry.models import BatchKind, ImportBatch, ImportLine, Rating, VocabularyTerm

from . import rules
from .changes import Change, changes_of


@dataclass(frozen=True)
class Shelf:
    """Where workbooks go: which kinds, who may, where its pages are. The two registries; an app to the right may have one."""

    stem: str  # of the names of its addresses
    kinds: Sequence[BatchKind]  # the registry itself first; lists about facilities go through their pages
    permissions: tuple[P, ...]
    unit_word: str
    label: str
    book: str = "名录"

    def url(self, what: str = "", *args) -> str:
        return reverse(f"registry:{self.stem}-import{what}", args=args)

    @property
    def list_url(self) -> str:
        return reverse(f"registry:{self.stem}-list")

    @property
    def asked(self) -> dict:
        """What is known of a workbook by the page through which it comes."""
        return {}

    def batches(self, user: User):
        """The batches of this shelf that somebody may see."""
        mine = Q(unit__in=set().union(*map(user.units_with, self.permissions)), asked__whole__isnull=True)
        return ImportBatch.objects.visible_to(user).filter(mine, kind__in=self.kinds)

    def unit(self, request) -> Unit | None:
        """The chosen unit if it may be edited, else the first that may."""
        reach = set().union(*map(request.user.units_with, self.permissions))
        unit = shell.current_unit(request)
        if unit is not None and unit.pk in reach:
            return unit
        return Unit.objects.drawing().filter(pk__in=reach).first()

    @property
    def how(self) -> str:
        """What becomes of an upload."""
        return f"先核对，确认以后才写入{self.book}"

    def template(self, kind: BatchKind) -> bytes:
        """The empty workbook, with the words of today."""
        terms = VocabularyTerm.objects.valid_on(clock.today()).order_by("rank")
        # The levels of 绩效分级 have a list of their own in the columns.
        choices = {r.value: tuple(t.label for t in terms if t.kind == r) for r in (Rating.CREDIT, Rating.RISK)}
        return sheets.template(kind, choices)

    def about(self, kind: BatchKind) -> tuple[str, ...]:
        """What is to be known before such a workbook is uploaded."""
        return sheets.REMARKS.get(kind, ())

    def changes(self, batch: ImportBatch, lines: Iterable[ImportLine]) -> list[Change]:
        return changes_of(batch, lines)

    def how_long(self, batch: ImportBatch) -> str:
        """Until when a batch can be taken back."""
        if batch.kind == BatchKind.HISTORY:
            return "分管负责人批准以前可以整批撤回"
        return "导入后 24 小时内可以整批撤回；已封存的名单用到了的除外"

    def until(self, batch: ImportBatch) -> str:
        """The same once it is in."""
        until = localtime(batch.confirmed_at + rules.WITHDRAWN_WITHIN)
        return f"{wording.moment_text(until, year=until.year)} 前可以整批撤回"


class CityShelf(Shelf):
    """Lists of the whole city, which the lead office brings; what each unit has of one is a batch of the unit's own shelf."""

    @property
    def list_url(self) -> str:
        return reverse("registry:facility-list")

    @property
    def asked(self) -> dict:
        return {"whole": True}

    @property
    def how(self) -> str:
        return "上传一次，按单位分开；各单位的名录管理员核对、确认以后才写入名录"

    def batches(self, user: User):
        return ImportBatch.objects.visible_to(user).filter(asked__whole=True, kind__in=self.kinds)

    def unit(self, request) -> Unit | None:
        return Unit.objects.filter(kind=UnitKind.CITY_TEAM).first()


FACILITIES = Shelf("facility", [k for k in BatchKind if k.about_facilities], (P.EDIT_FACILITIES,), "家", "检查对象")
INSPECTORS = Shelf("inspector", [BatchKind.INSPECTOR], (P.EDIT_INSPECTORS,), "人", "检查人员")
CITY_LISTS = CityShelf("facility-city", book_rules.CITY_LISTS, (P.KEEP_VOCABULARIES,), "家", "检查对象")
