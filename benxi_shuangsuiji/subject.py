"""What stands on a room's door: its `subject.py` says what it adds to pages and lists that belong to no room.

Every such list (the navigation, the log's words, to-dos, the timetable of the worker) is a loop over these nameplates;
`subjects.py` names the rooms. Adding a room adds a folder and one line; deleting it leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from benxi_shuangsuiji.accounts.models import Unit, User
    from benxi_shuangsuiji.accounts.roles import Permission
    from benxi_shuangsuiji.notices.duties import Step
    from benxi_shuangsuiji.notices.models import PolicyChange
    from benxi_shuangsuiji.workdays.days import Calendar, Quarter

    # What waits behind a door; None shows no number.
    Counting: TypeAlias = Callable[[User, Unit | None, Quarter], "Waiting | None"]


@dataclass(frozen=True)
class Waiting:
    """What a door counts: these rows together, as querysets, so that the frame asks for all doors at once.

    The number is red when one of the `late` is there, or always (`red`). `more` was found without asking; more rows than
    `most` show no number; 0 is shown only with `zero`.
    """

    rows: tuple[QuerySet, ...] = ()
    late: tuple[QuerySet, ...] = ()
    red: bool = False
    more: int = 0
    most: int | None = None
    zero: bool = False

    def shown(self, rows: list[int], late: list[int]) -> tuple[int | None, bool]:
        """(number, whether it is red), of how many there are of each."""
        n = sum(rows) + self.more
        if (not n and not self.zero) or (self.most is not None and n > self.most):
            return None, False
        return n, n > 0 and (self.red or any(late))


@dataclass(frozen=True)
class Door:
    """An entry of the navigation. `place` orders it within its group; without permissions everybody sees it, but for those
    who have its page under another door (`unless`). `also`: lists and pages behind a button of its page, and what stands below them."""

    group: str
    label: str
    url_name: str
    icon: str
    permissions: tuple[Permission, ...] = ()
    place: int = 1000
    count: Counting | None = None
    unless: Callable[[User], bool] | None = None
    also: tuple[str, ...] = ()

    def opens_for(self, user: User) -> bool:
        if self.unless and self.unless(user):
            return False
        return not self.permissions or any(user.units_with(p) for p in self.permissions)


@dataclass(frozen=True)
class Round:
    """Work that the worker does at every wake-up: the dotted name of a function, and its turn among the others of its lane.

    In `round` stands what people wait for; in `night` what takes long; in `mail` what waits for another server (`schedule`).
    """

    does: str
    turn: int
    lane: str = "round"


@dataclass(frozen=True)
class Heard:
    """What a room has to look at again when something changes that it cannot see coming."""

    calendar_moved: Callable[[Calendar], None] | None = None
    number_changed: Callable[[PolicyChange, User], None] | None = None
    result_reviewed: Callable[..., None] | None = None  # (check, by): what follows from its outcome (八(二)-e, -f)
    handed_out: Callable[..., None] | None = None  # (unit, at, by): checks of a draw went to their teams (七(二)-h)
    check_left: Callable[..., None] | None = (
        None  # (check, at): it has begun, was handed in, or nobody goes there any more
    )
    check_moved: Callable[..., None] | None = None  # (check, by): its result was served, made public or corrected
    found_otherwise: Callable[..., None] | None = None  # (check, differences, by): its public finding was corrected
    publicity_moved: Callable[..., None] | None = None  # (check,): it was withheld or withdrawn, or may be public again
    result_revoked: Callable[..., None] | None = None  # (check, by): what its result decided was revoked (八(二)-c)
    draw_sealed: Callable[..., None] | None = None  # (draw, by): the lists of its quarter are sealed (六(二)-a)
    rated: Callable[..., None] | None = None  # (facility, at): a level of it was changed by form (七(三)-d)
    handed_to_case: Callable[..., None] | None = None  # (check, by): its order was not followed (八(二)-e)


@dataclass(frozen=True)
class Leaf:
    """One paper in the volume of a check (七(七)-i…-p), as 卷内目录 names it.

    `key` is the same for good; a paper that is known again by its code has the name of its kind. `number` and `content` are
    called when the volume is shown or bound; `content` is given the address of the site and answers PDF, JPEG or PNG, one file
    after another. `digests`: the SHA-256 of kept files; none where the paper is made anew from what was recorded. `foreign`:
    it came from outside, and is taken in as pictures. `since`: the day on which it came into the file, where that is not `on`.
    """

    key: str
    title: str
    on: date
    content: Callable[[str], Iterable[bytes]]
    author: str = ""
    number: Callable[[], str] = str
    digests: tuple[str, ...] = ()
    foreign: bool = False
    since: date | None = None

    @property
    def came_on(self) -> date:
        return self.since or self.on


@dataclass(frozen=True)
class Filed:
    """A kind of paper that belongs in the volume of each check, for `inspections.archive` (七(七)-i…-p).

    `place` orders it among the others (domain.md 3.3), `clause` asks for it. `papers` names a function that is given checks and answers the leaves
    of each by its primary key, in one go. A kind that is `needed` is missed where there is none, unless the function
    `unless`, asked in the same way, says why this check has none: 没有采样. `owner` likewise: who has it, where that is not
    the leader of the team. `mended`: where he puts right what is missed, where that is not by handing a paper in. Of a `rare`
    kind nothing is said where it is not needed.
    """

    name: str
    place: int
    papers: str
    clause: str = ""
    needed: bool = True
    unless: str = ""
    owner: str = ""
    mended: str = ""
    rare: bool = False


@dataclass(frozen=True)
class Ending:
    """How far what follows from a check has come in one room: over `on` a day, or not, and what it `waits` for.

    `since`: nothing followed, but before that day the volume could not be whole (decision 0111). `holds`: why its volume is not bound now, although all is over. `grave`: a case or a referral, kept longer (domain.md 3.3).
    """

    on: date | None = None
    since: date | None = None
    waits: str = ""
    holds: str = ""
    grave: bool = False


@dataclass(frozen=True)
class Question:
    """What the system asks itself to know whether it is well: at `/healthz/`, by `manage.py doctor`, on 系统状况.

    `key`: the one word that a stranger reads of it; `asks`: the dotted name of a function that answers an `Answer`;
    `place`: its order. What is `slow` is not asked by those who come every few seconds.
    One that is answered without the database (`of_database`) is asked also while that is away.
    """

    key: str
    name: str
    asks: str
    place: int
    slow: bool = False
    of_database: bool = True


@dataclass(frozen=True)
class Answer:
    """Well or not, what is so, and what to do where it is not. `ok` is None where there is nothing to ask about yet."""

    ok: bool | None
    words: str
    remedy: str = ""


@dataclass(frozen=True)
class Sealed:
    """A column that is sealed under the data key (`benxi_shuangsuiji.sealing:locked`): for what `use`, and the SQL
    expression over its row `t` that says to what each value is bound. `made_anew`: people make another where the key is
    lost, so that what nothing opens is deleted.
    """

    table: str
    column: str
    use: str
    subject: str
    made_anew: bool = False


@dataclass(frozen=True)
class Finds:
    """Something that the box of the frame finds: of one of the four kinds (`search.finding:KINDS`), called so, in this order.

    `by`: the dotted name of a function of a reader and of what he asked, that answers a `search.finding:Found`, or None where
    the reader may see nothing of it. One that is asked `otherwise` is asked where no other room has the number.
    """

    kind: str
    name: str
    by: str
    place: int
    otherwise: bool = False


@dataclass(frozen=True)
class Followed:
    """One thing as its room tells it from beginning to end: where, and the keys of its entries of the trail."""

    url: str
    entries: tuple[int, ...]


@dataclass(frozen=True)
class Subject:
    """The nameplate of one room.

    `verbs`: what the trail records → its words; `told`: verb → the detail that is read out behind them. `jobs`: kind of a
    background job → the dotted name of what does it; by name, so that no process loads what only the worker needs.
    `workbooks`: kind of a workbook → the dotted name of what its rows mean (`registry.imports.kinds:Kind`). `filed`: what it
    adds to the volume of a check; `ends`: the dotted name of a function that is given checks and answers the `Ending` of those
    that concern the room, by primary key. `shows`: what its public pages read, table or view → an SQL expression that is another
    once they would show something else (`disclosure.kept`). `questions`: what tells whether its part of the system is well.
    `sealed`: its columns under the data key, all of them. `proves`: the
    dotted name of a function that computes anew what nobody may change, and answers what it came to and what is wrong ("").
    `holds_unit`: the dotted name of a function of a unit and a day that says what of the room keeps the unit from being closed
    on it, and what to do; "" for nothing. `finds`: what of the room the box of the frame finds. `looks`:
    verbs of whoever looked at what only few may see; the log shows them on top. `inside`: verbs that would tell who is on a
    sealed list, and `inside_rows`: tables whose changed rows would; outside the circle the log does not show them (decisions.md 3). `selfcheck_public`: the dotted name of a function of
    quarters that answers what the public has of the 合规体检 of each (`inspections.selfcheck.summing:Public`). `names_todos`: the
    dotted name of a function of to-dos and their reader, that has them say what he may know by name and answers how many of
    the names only the circle knows; `notes_sealed`: one of the reader, the page and this number, that records it.
    `follows`: one of a reader and a number, that answers the `Followed` of the thing of that number, or None where it is not
    for him.
    """

    name: str
    clauses: tuple[str, ...] = ()
    doors: tuple[Door, ...] = ()
    verbs: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    rounds: tuple[Round, ...] = ()
    jobs: Mapping[str, str] = field(default_factory=dict)
    workbooks: Mapping[str, str] = field(default_factory=dict)
    heard: Heard = Heard()
    filed: tuple[Filed, ...] = ()
    ends: str = ""
    shows: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    sealed: tuple[Sealed, ...] = ()
    proves: str = ""
    holds_unit: str = ""
    finds: tuple[Finds, ...] = ()
    looks: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    inside_rows: tuple[str, ...] = ()
    selfcheck_public: str = ""
    names_todos: str = ""
    notes_sealed: str = ""
    follows: str = ""
