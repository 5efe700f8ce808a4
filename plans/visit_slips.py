"""到访凭证: the line that opens one published slip, for the enterprise that is visited (SSJ1 14.5).

Whoever hashes the line finds the result among the slips that were published on the day of the draw, or of the amendment
that last named the object. It opens its own slip and no other.
"""

from dataclasses import dataclass
from datetime import datetime

from .draw import ssj1
from .models import ChainEntry, DrawDocument, Pick


@dataclass(frozen=True)
class VisitSlip:
    """`line` is what is handed over, `digest` its hash; `seq` and `at` are those of the chain entry that published it."""

    line: str
    digest: str
    amendment: int
    seq: int
    at: datetime

    @property
    def document(self) -> str:
        """The name of the public list that holds the digest."""
        return f"slips-{self.amendment}" if self.amendment else "slips"


def slip_of(pick: Pick) -> VisitSlip | None:
    """The slip of the team that goes now; None while the team is not complete or the pick no longer stands."""
    team = pick.team
    if team is None or team.open_reason or hasattr(pick, "drop"):
        return None
    members = list(team.members.select_related("inspector"))
    leader = next(m.inspector.code for m in members if m.is_leader)
    others = sorted((m.inspector.code for m in members if not m.is_leader), key=str.encode)
    texts = dict(
        DrawDocument.objects.filter(draw=pick.draw_id, kind__in=["SEED", "SLIPS"], number__in=[0, team.amendment])
        .exclude(kind="SLIPS", number=0 if team.amendment else -1)
        .values_list("kind", "text")
    )
    secret = ssj1.parse_seed(texts["SEED"]).secret
    line = ssj1.slip_string(pick.draw.draw_id, secret, pick.facility.code, leader, others)
    found = ssj1.H(line)
    if found not in ssj1.parse_slips(texts["SLIPS"]).slips:
        return None
    entry = ChainEntry.objects.get(draw=pick.draw_id, kind="SLIPS", doc=ssj1.digest(texts["SLIPS"]))
    return VisitSlip(line, found, team.amendment, entry.seq, entry.at)
