"""签号与结果: where every object of a released list stands by its ticket, and why it is drawn or not (SSJ1 6, 19; ui.md 4.11).

Everything is computed from the public documents; before the release there is no seed here, and so no ticket.
"""

from dataclasses import dataclass, field
from functools import cached_property

from disclosure import words
from plans.draw import ssj1

from . import amendments, coverage

SHOWN_BELOW = 3  # so many not drawn stand below the lower line at once, the rest is unfolded (ui.md 4.11)
CYCLES = {"key": "本年", "general": "本周期", "special": ""}
SLOTS = {"R": "优先", "F": "普通"}


@dataclass
class Place:
    """One drawable object in the order of tickets. `came`: the amendment that took it in; `gone`: why it was replaced."""

    rank: int
    row: ssj1.FrameRow
    ticket: str
    slot: str = ""
    team: tuple[str, ...] = ()
    open: str = ""  # why it has no team
    came: int = 0
    gone: str = ""
    not_done: bool = False  # 季末没有查完: drawn all the same, and nobody came in its place

    @property
    def replaced(self) -> bool:
        return bool(self.gone) and not self.not_done

    @property
    def standing(self) -> bool:
        return bool(self.slot) and not self.gone

    @property
    def slot_words(self) -> str:
        return SLOTS.get(self.slot, "未抽中") + (f"，第 {self.came} 次更换补入" if self.came else "")

    @property
    def start(self) -> str:
        """The first twelve digits, in groups of four."""
        return " ".join(self.ticket[i : i + 4] for i in (0, 4, 8))


@dataclass
class Table:
    """One list of a released draw, ascending by ticket, with its two cut-offs as they were at the draw."""

    line: ssj1.StratumLine
    frame: ssj1.Frame
    places: list[Place] = field(default_factory=list)
    free: int = 0  # the rank of the last free place, 0 if there is none
    reserved: int = 0

    @property
    def category(self) -> str:
        return self.frame.category

    @property
    def label(self) -> str:
        return words.CATEGORIES[self.category]

    @property
    def cycle(self) -> str:
        return CYCLES[self.category]

    @property
    def lower(self) -> int:
        """The rank above the lower line; whoever was taken in later may stand below it."""
        return max([self.free, self.reserved, *(place.rank for place in self.places if place.slot)], default=0)

    @property
    def first(self) -> list[Place]:
        """What is shown before unfolding."""
        return self.places[: self.lower + SHOWN_BELOW]

    @property
    def counts(self) -> tuple[int, int]:
        """How many places were reserved and how many free at the draw."""
        reserved = sum(place.slot == "R" and not place.came for place in self.places)
        return reserved, sum(place.slot == "F" and not place.came for place in self.places)

    def cut(self, rank: int, arithmetic: str) -> list[str]:
        """The lines drawn below this place, each with its arithmetic; the lower one says how many there are in all."""
        reserved, free = self.counts
        said = []
        if rank and rank == self.free:
            seen = f"不分{self.cycle}查没查过，" if self.cycle else ""
            said.append(f"普通名额到此　{free} 家，{seen}签号小的先得")
        if rank and rank == self.reserved:
            said.append(f"优先名额到此　{reserved} 家，只给{self.cycle}未查的企业")
        if said and rank == max(self.free, self.reserved) and arithmetic:
            said[-1] += f"　应抽 {arithmetic}"
        return said

    @cached_property
    def by_id(self) -> dict[str, Place]:
        return {place.row.id: place for place in self.places}

    @cached_property
    def excluded(self) -> list[ssj1.FrameRow]:
        return [row for row in self.frame.rows if row.state != "in"]

    def seen(self, row: ssj1.FrameRow) -> str:
        return f"{self.cycle}{'已查' if row.seen else '未查'}" if self.cycle else ""

    def why(self, place: Place) -> str:
        """Why this object is drawn or not, by the rule of SSJ1 19."""
        begins = "，".join(part for part in (self.seen(place.row), f"签号排第 {place.rank}") if part)
        if place.not_done:
            return f"{begins}，抽中，本季度没有查完。"
        if place.gone:
            return f"{begins}，抽中，后来更换（{place.gone}）。"
        if place.came:
            return f"{begins}，抽取时未抽中，第 {place.came} 次更换时按签号顺序补入。"
        if place.slot:
            return f"{begins}，在{SLOTS[place.slot]}名额线以内，抽中。"
        limits = []
        if self.free:
            limits.append(f"普通名额到第 {self.free} 位为止")
        if self.reserved:
            only = f"优先名额到第 {self.reserved} 位为止"
            limits.append(only if not place.row.seen else f"优先名额只给{self.cycle}未查的企业")
        return f"{begins}；{'，'.join(limits)}，未抽中。" if limits else f"{begins}；这一类没有名额，未抽中。"

    def limits(self) -> list[tuple[str, str]]:
        """The cut-offs that everybody's ticket is compared with."""
        found = []
        if self.free:
            found.append(("普通名额最后一家的签号", self.places[self.free - 1].ticket))
        if self.reserved:
            found.append(("优先名额最后一家的签号", self.places[self.reserved - 1].ticket))
        return found


def tables_of(found) -> list[Table]:
    """The lists of a released draw; none before."""
    if not found.result:
        return []
    amends = amendments.amends_of(found)
    picked = {pick.id: (pick, team, gone) for pick, team, gone in amendments.standing(found.result, amends)}
    not_done = {drop.id for amend in amends for drop in amend.drop_objects if drop.reason == coverage.NOT_DONE}
    came = {pick.id: amend.number for amend in amends for pick in amend.added}
    tables = []
    for line, frame in zip(found.manifest.strata, found.frames, strict=True):
        rows = {row.id: row for row in frame.rows if row.state == "in"}
        table = Table(line, frame)
        for rank, key in enumerate(ssj1.ranking(found.result.seed, line.stratum, rows), 1):
            row = rows[key[32:].decode()]
            place = Place(rank, row, key[:32].hex())
            if row.id in picked:
                pick, team, place.gone = picked[row.id]
                place.slot, place.came = pick.slot, came.get(row.id, 0)
                place.not_done = row.id in not_done
                place.team, place.open = _people(team)
            table.places.append(place)
        at_the_draw = {pick.id: pick.slot for pick in found.result.picks if pick.stratum == line.stratum}
        for place in table.places:
            if at_the_draw.get(place.row.id) == "F":
                table.free = place.rank
            elif at_the_draw.get(place.row.id) == "R":
                table.reserved = place.rank
        tables.append(table)
    return sorted(tables, key=lambda table: list(words.CATEGORIES).index(table.category))


def _people(team) -> tuple[tuple[str, ...], str]:
    """Who goes, or why nobody can."""
    if isinstance(team, ssj1.Team):
        return (team.leader, *team.members), ""
    return (), f"未配齐：{open_words(team)}" if team else ""


def open_words(task: ssj1.Open) -> str:
    """Why an object has no team, with its six counts in words (SSJ1 7.1; ui.md 7.1)."""
    counted = [
        (task.out, "离岗"),
        (task.cert, "执法证到期"),
        (task.unit, "单位不符"),
        (task.scope, "执法范围不符"),
        (task.bar, "回避"),
    ]
    said = [f"可派 {task.allowed} 人", *(f"{why} {number} 人" for number, why in counted if number)]
    return f"{words.OPEN_REASONS[task.reason]}（{'，'.join(said)}）"


@dataclass(frozen=True)
class Answer:
    """What an enterprise is told about itself: after the release with its ticket, before only whether it takes part."""

    row: ssj1.FrameRow
    label: str
    sentence: str
    stratum: str
    line: str = ""
    ticket: str = ""
    limits: tuple[tuple[str, str], ...] = ()

    @property
    def commands(self) -> list[tuple[str, str]]:
        """How to compute it alone (SSJ1 19)."""
        shell = self.line.replace("'", "'\\''")
        power = self.line.replace("'", "''")
        digest = f"[Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::UTF8.GetBytes('{power}'))"
        return [
            ("Linux", f"printf %s '{shell}' | sha256sum"),
            ("macOS", f"printf %s '{shell}' | shasum -a 256"),
            ("Windows PowerShell", f"-join ({digest} | % {{ $_.ToString('x2') }})"),
        ]


def one(found, asked: str, tables: list[Table]) -> Answer | None:
    """The object with this code, or the only one with this name; None if the lists do not have it."""
    asked = asked.strip()
    for line, frame in zip(found.manifest.strata, found.frames, strict=True):
        row = next((r for r in frame.rows if asked and asked.upper() == r.id.upper()), None)
        row = row or next((r for r in frame.rows if asked and asked == r.name), None)
        if row:
            return _answer(found, line, frame, row, tables)
    return None


def _answer(found, line, frame, row, tables: list[Table]) -> Answer:
    label = words.CATEGORIES[frame.category]
    if row.state != "in":
        return Answer(row, label, f"在名录里，不参加这次抽取：{words.OUT_STATES[row.state]}。", line.stratum)
    table = next((table for table in tables if table.line.stratum == line.stratum), None)
    if table is None:
        said = f"参加抽取：{label} {line.A} 家里抽 {line.K} 家。"
        if found.state != "ABORTED":
            said += "抽中没有，到名单公开时在这里查。"
        return Answer(row, label, said, line.stratum)
    its = table.by_id[row.id]
    return Answer(
        row=row,
        label=label,
        sentence=table.why(its),
        stratum=line.stratum,
        line=ssj1.ticket_string("T", found.result.seed, line.stratum, row.id),
        ticket=its.ticket,
        limits=tuple(table.limits()),
    )
