"""Units that draw quarter after quarter into one chain, each freeze with what the past really was (SSJ1 §13)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from plans.draw import ssj1
from tests.draw.samples import DICE, LOTTERY, make_row

ITEMS = ("A01",)
SECRET = "5a" * 32
CAP = 2


def written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}+08:00"


@dataclass
class Office:
    """A unit with its registry: id → state, by category; and its people."""

    code: str
    objects: dict[str, dict[str, str]]
    inspectors: list[ssj1.Inspector]
    ratio: dict[str, int] = field(default_factory=lambda: {"key": 2500, "general": 0, "special": 5000})


@dataclass
class Drawing:
    """One draw, from its freeze on: `runs` are (outcome, changes), the last one stands."""

    unit: str
    year: int
    quarter: int
    freeze: ssj1.Freeze
    first: int
    runs: list = field(default_factory=list)
    abort: str | None = None
    released: bool = False
    last: int = 0
    standing: dict = field(default_factory=dict)
    """Standing object → (stratum, team)."""

    @property
    def is_open(self) -> bool:
        return not self.runs and self.abort is None

    @property
    def manifest(self) -> ssj1.Manifest:
        return ssj1.parse_manifest(self.freeze.manifest)


class City:
    def __init__(self, offices, *, cycle_end: int, reserved: int = 80):
        self.offices = {office.code: office for office in offices}
        self.cycle_end, self.reserved = cycle_end, reserved
        self.chain: list[str] = []
        self.drawings: list[Drawing] = []
        self.moment = datetime(2026, 1, 6, 16)

    # --- the chain

    def enter(self, kind: str, drawing: Drawing, doc: str, at: str) -> None:
        prev = ssj1.link(self.chain[-1]) if self.chain else ssj1.GENESIS
        self.chain.append(ssj1.chain_text(len(self.chain) + 1, prev, kind, drawing.manifest.draw, doc, at))
        drawing.last = len(self.chain)

    def bundle(self, drawing: Drawing, *, public: bool = False) -> dict:
        """Everything of a draw, or with `public` what anybody has of it at this moment."""
        sealed = public and not drawing.released and drawing.abort is None
        *earlier, (outcome, changes) = drawing.runs or [(None, [])]
        slips = [text for run, its in drawing.runs for text in (run.slips_text, *(change.slips_text for change in its))]
        parts = {"slips": slips, "chain": self.chain[drawing.first - 1 : drawing.last]}
        if not sealed:
            parts |= {"roster": drawing.freeze.roster, "abort": drawing.abort}
        if not sealed and outcome:
            parts |= {
                "seed": outcome.seed_text,
                "result": outcome.result_text,
                "amends": [change.text for change in changes],
                "superseded": [
                    ssj1.Run(run.seed_text, run.result_text, [change.text for change in its]) for run, its in earlier
                ],
            }
        return ssj1.make_bundle(manifest=drawing.freeze.manifest, frames=drawing.freeze.frames, **parts)

    def history(self, *, public: bool = False) -> ssj1.Report:
        bundles = [self.bundle(drawing, public=public) | {"chain": []} for drawing in self.drawings]
        return ssj1.check_history(self.chain, bundles)

    # --- what the past says

    def past(self, **of) -> list[tuple[Drawing, str, tuple]]:
        return [
            (drawing, name, team)
            for drawing in self.drawings
            if all(getattr(drawing, key) == value for key, value in of.items())
            for name, (_, team) in drawing.standing.items()
        ]

    def strata(self, office: Office, year: int, quarter: int) -> list[ssj1.Stratum]:
        times = Counter(name for _, name, _ in self.past(year=year))
        now = {name: drawing for drawing, name, _ in self.past(year=year, quarter=quarter)}
        cycle = {name for drawing, name, _ in self.past() if self.cycle_end - 3 < drawing.year}
        found = []
        for category, objects in office.objects.items():
            rows = []
            for name, state in objects.items():
                seen = category != "special" and (name in cycle if category == "general" else times[name] > 0)
                if category != "special" and state == "in" and name in now:
                    state = "out:NOW"
                elif category != "special" and state == "in" and times[name] >= CAP:
                    state = "out:CAP"
                rows.append(make_row(name, times=times[name], seen=seen, state=state))
            end = {"key": year, "general": self.cycle_end, "special": None}[category]
            standing = sum(name in objects for name in now)
            ratio = office.ratio[category]
            found.append(ssj1.Stratum(office.code, category, ratio, self.reserved, end, standing, 0, rows))
        return found

    # --- the steps

    def seal(self, unit: str, year: int, quarter: int, *, release: timedelta = timedelta(days=60)) -> Drawing:
        office = self.offices[unit]
        base = Counter(code for _, _, team in self.past(year=year, quarter=quarter) for code in team)
        serial = 1 + sum((d.unit, d.year, d.quarter) == (unit, year, quarter) for d in self.drawings)
        freeze = ssj1.freeze(
            draw=f"{unit}-{year}Q{quarter}-{serial:02d}",
            prev=(len(self.chain), ssj1.link(self.chain[-1]) if self.chain else ssj1.GENESIS),
            frozen=written(self.moment),
            release=written(self.moment + release),
            window=(f"{date(year, 3 * quarter - 2, 10)}", f"{date(year, 3 * quarter, 25)}"),
            items=ITEMS,
            cap=CAP,
            team=2,
            strata=self.strata(office, year, quarter),
            inspectors=[person._replace(base=base[person.code]) for person in office.inspectors],
            bars=[],
            secret=SECRET,
            sources=[
                ssj1.Source("LOTTERY", "快乐8", written(self.moment + timedelta(hours=5))),
                ssj1.Source("DICE", "见证人一", written(self.moment + timedelta(hours=4))),
            ],
        )
        drawing = Drawing(unit, year, quarter, freeze, len(self.chain) + 1)
        self.enter("FREEZE", drawing, freeze.digest, written(self.moment))
        self.drawings.append(drawing)
        return drawing

    def hold(self, drawing: Drawing, values=(LOTTERY, DICE)) -> ssj1.Outcome:
        """Draw, or, if it was drawn before, correct a value that was typed wrongly (§9.1)."""
        earlier = None
        if drawing.runs:
            run, changes = drawing.runs[-1]
            earlier = ssj1.Run(run.seed_text, run.result_text, [change.text for change in changes])
        outcome = ssj1.hold_draw(
            manifest=drawing.freeze.manifest,
            frames=drawing.freeze.frames,
            roster=drawing.freeze.roster,
            secret=SECRET,
            values=values,
            drawn=written(self.moment),
            earlier=earlier,
        )
        drawing.runs.append((outcome, []))
        self.enter("RESULT", drawing, outcome.result_digest, written(self.moment))
        self.enter("SLIPS", drawing, outcome.slips_digest, written(self.moment))
        self._stand(drawing)
        return outcome

    def amend(self, drawing: Drawing, **requests) -> ssj1.Amendment:
        change = ssj1.amend(
            self.bundle(drawing), at=written(self.moment), person="李某某", document="平环审〔2026〕3号", **requests
        )
        drawing.runs[-1][1].append(change)
        self.enter("AMEND", drawing, change.digest, written(self.moment))
        self.enter("SLIPS", drawing, change.slips_digest, written(self.moment))
        self._stand(drawing)
        return change

    def give_up(self, drawing: Drawing, *, missing=(), secret=SECRET) -> None:
        drawing.abort = ssj1.abort_text(
            draw=drawing.manifest.draw,
            manifest=drawing.freeze.digest,
            at=written(self.moment),
            person="李某某",
            document="平环审〔2026〕4号",
            reason="彩票停开",
            secret=secret,
            missing=list(missing),
        )
        self.enter("ABORT", drawing, ssj1.digest(drawing.abort), written(self.moment))

    def _stand(self, drawing: Drawing) -> None:
        run = ssj1._check(self.bundle(drawing)).run
        teams = {name: team for name, (_, team) in run.teams.items()}
        drawing.standing = {name: (stratum, tuple(teams.get(name, ()))) for name, (_, stratum) in run.standing.items()}
