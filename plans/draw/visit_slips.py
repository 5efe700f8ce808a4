"""到访凭证: the line that opens one published slip, for the enterprise that is visited (SSJ1 14.5).

Whoever hashes the line finds the result among the slips that were published on the day of the draw, or of the amendment
that last named the object. It opens its own slip and no other.
"""

from dataclasses import dataclass
from datetime import datetime

from plans.models import ChainEntry, DrawDocument, Pick

from . import ssj1


@dataclass(frozen=True)
class VisitSlip:
    """`line` is what is handed over, `digest` its hash; `seq` and `at` are those of the chain entry that published it.

    `corrected_run` is the run that gave it when another run holds by now, else 0.
    """

    line: str
    digest: str
    amendment: int
    corrected_run: int
    seq: int
    at: datetime

    @property
    def document(self) -> str:
        """The name of the public list that holds the digest."""
        name = f"slips-{self.amendment}" if self.amendment else "slips"
        return f"run-{self.corrected_run}-{name}" if self.corrected_run else name


def slip_of(pick: Pick) -> VisitSlip | None:
    """The slip of the team that goes now; None while the team is not complete or the pick no longer stands.

    Of a run that was corrected since, the slip of its own day stays true: its lists are public for ever (SSJ1 9.1).
    """
    team = pick.team
    if team is None or team.open_reason or hasattr(pick, "drop"):
        return None
    members = list(team.members.select_related("inspector"))
    leader = next(m.inspector.code for m in members if m.is_leader)
    others = sorted((m.inspector.code for m in members if not m.is_leader), key=str.encode)
    texts = dict(
        DrawDocument.objects.filter(
            draw=pick.draw_id, run=pick.run, kind__in=["SEED", "SLIPS"], number__in=[0, team.amendment]
        )
        .exclude(kind="SLIPS", number=0 if team.amendment else -1)
        .values_list("kind", "text")
    )
    secret = ssj1.parse_seed(texts["SEED"]).secret
    line = ssj1.slip_string(pick.draw.draw_id, secret, pick.facility.code, leader, others)
    found = ssj1.H(line)
    if found not in ssj1.parse_slips(texts["SLIPS"]).slips:
        return None
    entry = ChainEntry.objects.get(draw=pick.draw_id, kind="SLIPS", doc=ssj1.digest(texts["SLIPS"]))
    corrected = pick.run if pick.run != pick.draw.run else 0
    return VisitSlip(line, found, team.amendment, corrected, entry.seq, entry.at)
