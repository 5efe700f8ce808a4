"""公开名录: the effect of the sealing, which one person prepares and another decides; in its transaction (六(二)-a, PUB1 §2)."""

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused
from disclosure.models import Publication, PublicationKind
from disclosure.publications import publish
from disclosure.register import pub1
from plans.models import Draw
from registry.models import Facility

from . import snapshots


def publish_roster(draw: Draw, by: User, facilities: dict[str, Facility] | None = None) -> Publication | None:
    """The roster of this quarter; a further draw of the same quarter finds it there, and it stays (decision 0042)."""
    no = snapshots.number_of(draw)
    if Publication.everything.filter(kind=PublicationKind.REGISTER, no=no).exists():
        return None
    snapshot = snapshots.of_draw(draw, facilities)
    title = f"{draw.unit.short_name}检查对象名录（{draw.plan.quarter.label}）"
    try:
        publication = publish(
            PublicationKind.REGISTER,
            no,
            by=by,
            unit=draw.unit,
            title=title,
            snapshot=snapshot,
            year=draw.year,
            number=draw.number,
        )
    except pub1.Pub1Error as error:  # longer than 4 MiB
        raise Refused(f"名录不能公开：{error}。联系系统管理员。") from error
    trail.record(
        "disclosure.roster.published",
        by=by,
        about=publication,
        unit=draw.unit,
        digest=publication.digest,
        facilities=len(snapshot["rows"]),
    )
    return publication
