"""Whatever a city does, in whatever order, what it has shown verifies and hangs together (SSJ1 §12, §13).

Hypothesis seals, draws, corrects, amends, aborts and releases in two units through the quarters of a year. After every
step each bundle is checked as everybody has it at that moment, each once more with all that is still sealed, and the chain
against both.
"""

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from plans.draw import ssj1
from plans.draw.ssj1 import Ssj1Error
from tests.draw.city import SECRET, City, Office
from tests.draw.samples import DICE, LOTTERY, OTHER_LOTTERY, make_inspector, random_requests

UNITS = ("210502", "210503")
VALUES = [(LOTTERY, DICE), (OTHER_LOTTERY, DICE), (LOTTERY, DICE[::-1])]


def make_office(code, random):
    objects = {
        category: {f"{code}-{category[0].upper()}{n}": "in" for n in range(random.randint(1, most))}
        for category, most in (("general", 6), ("key", 5), ("special", 1))
    }
    people = [
        make_inspector(f"Z{code}{n}", units=(code,), lead=n < 2 or random.random() < 0.5, cap=random.choice((None, 6)))
        for n in range(random.randint(1, 5))
    ]
    return Office(code, objects, people)


class DrawMachine(RuleBasedStateMachine):
    @initialize(number=st.integers(0, 10**6))
    def begin(self, number):
        self.random = Random(number)
        self.city = City([make_office(code, self.random) for code in UNITS], cycle_end=2027)
        self.quarter = 1
        self.city.moment = datetime(2026, 1, 2, 9)
        self.checked = {}

    # --- who can do what

    def of(self, test):
        return [drawing for drawing in self.city.drawings if test(drawing)]

    def free_units(self):
        """A unit seals when nothing of it is open or secret (15 D4, decisions.md 3)."""
        busy = {d.unit for d in self.of(lambda d: d.is_open or (d.runs and not d.released))}
        return [code for code in UNITS if code not in busy]

    def sealed(self):
        return self.of(lambda d: d.is_open)

    def drawn(self):
        return self.of(lambda d: bool(d.runs))

    def later(self, **some):
        self.city.moment += timedelta(**some)

    def wait_for(self, drawing):
        """Move on to when every source of this draw is due."""
        due = datetime.fromisoformat(drawing.manifest.latest_due).replace(tzinfo=None)
        self.city.moment = max(self.city.moment, due)

    # --- the steps

    @precondition(lambda self: self.free_units())
    @rule(data=st.data())
    def seal(self, data):
        self.later(hours=1)
        unit = data.draw(st.sampled_from(self.free_units()))
        self.city.seal(unit, 2026, self.quarter, release=timedelta(days=3))

    @precondition(lambda self: self.sealed())
    @rule(data=st.data(), values=st.sampled_from(VALUES))
    def hold(self, data, values):
        drawing = data.draw(st.sampled_from(self.sealed()))
        if self.city.moment < datetime.fromisoformat(drawing.manifest.latest_due).replace(tzinfo=None):
            with pytest.raises(Ssj1Error, match="抽取时间早于"):
                self.city.hold(drawing, values)
        self.wait_for(drawing)
        self.city.hold(drawing, values)

    @precondition(lambda self: self.drawn())
    @rule(data=st.data(), values=st.sampled_from(VALUES))
    def correct(self, data, values):
        """A wrongly typed value is put right in place; the same values again are no correction (§9.1)."""
        drawing = data.draw(st.sampled_from(self.drawn()))
        self.later(minutes=10)
        if ssj1.parse_seed(drawing.runs[-1][0].seed_text).values == tuple(
            zip(("LOTTERY", "DICE"), values, strict=True)
        ):
            with pytest.raises(Ssj1Error, match="与更正前相同"):
                self.city.hold(drawing, values)
        else:
            self.city.hold(drawing, values)

    @precondition(lambda self: self.drawn())
    @rule(data=st.data())
    def amend(self, data):
        drawing = data.draw(st.sampled_from(self.drawn()))
        requests = random_requests(self.random, self.city.bundle(drawing))
        self.later(minutes=10)
        if any(requests.values()):
            before = len(self.city.bundle(drawing)["amends"])
            change = self.city.amend(drawing, **requests)
            assert change.amend.number == before + 1
        else:
            with pytest.raises(Ssj1Error, match="变更没有任何内容"):
                self.city.amend(drawing)

    @precondition(lambda self: self.sealed())
    @rule(data=st.data(), why=st.sampled_from(["early", "source", "lost"]))
    def give_up(self, data, why):
        drawing = data.draw(st.sampled_from(self.sealed()))
        if why == "early":
            self.later(minutes=10)
        else:
            self.wait_for(drawing)
        if drawing.manifest.latest_due <= f"{self.city.moment:%Y-%m-%dT%H:%M:%S}+08:00" and why == "early":
            why = "source"
        self.city.give_up(drawing, missing=[1] if why == "source" else [], secret=None if why == "lost" else SECRET)

    @precondition(lambda self: any(not d.released for d in self.drawn()))
    @rule(data=st.data())
    def release(self, data):
        drawing = data.draw(st.sampled_from([d for d in self.drawn() if not d.released]))
        self.city.moment = max(self.city.moment, datetime.fromisoformat(drawing.manifest.release).replace(tzinfo=None))
        drawing.released = True

    @precondition(lambda self: self.quarter < 4 and len(self.free_units()) == len(UNITS))
    @rule()
    def next_quarter(self):
        self.quarter += 1
        self.city.moment = max(self.city.moment, datetime(2026, 3 * self.quarter - 2, 2, 9))
        for office in self.city.offices.values():
            for objects in office.objects.values():
                for name in objects:
                    objects[name] = "out:HALT" if self.random.random() < 0.1 else "in"

    # --- what always holds

    @invariant()
    def everything_shown_verifies(self):
        for drawing in self.city.drawings:
            state = (len(drawing.runs), drawing.last, drawing.released)
            if self.checked.get(drawing.first) == state:
                continue
            for public in (True, False):
                report = ssj1.verify(self.city.bundle(drawing, public=public))
                assert (report.error, report.where) == ("", ""), drawing.manifest.draw
            self.checked[drawing.first] = state

    @invariant()
    def the_chain_agrees_with_what_is_shown_and_with_everything(self):
        for public in (True, False):
            report = self.city.history(public=public)
            assert (report.error, report.where) == ("", "")


@pytest.mark.clause("一-f", "七(二)-d", "七(二)-g")
def test_whatever_a_city_does_what_it_has_shown_verifies_and_hangs_together():
    run_state_machine_as_test(
        DrawMachine,
        settings=settings(
            max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
