"""The one place that writes a publication (decisions.md 2)."""

from django.db.models import Max

from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.refusal import refuse_if
from disclosure import digests
from disclosure.models import Change, Publication, PublicationState
from disclosure.register import clocks, pub1

_STATE = {"": PublicationState.ISSUED, Change.WITHDRAWAL: PublicationState.WITHDRAWN}


def publish(
    kind: str, no: str, *, by: User | None, unit: Unit, snapshot: dict, change: str = Change.ADJUSTMENT, **columns
) -> Publication:
    """Add the next version; the time of publication is the database's, whatever is said here.

    `change` says why there is a further version; the first has none (PUB1 §1). Nobody publishes what the register says of
    itself.
    """
    refuse_if(clocks.why_not_enter())
    last = Publication.everything.filter(kind=kind, no=no).aggregate(last=Max("version"))["last"] or 0
    change = str(change) if last else ""
    known = {"kind": str(kind), "no": no, "version": last + 1, "salt": digests.new_salt()}
    text, digest = pub1.written(snapshot | known | ({"change": change} if change else {}))
    return Publication.everything.create(
        kind=kind,
        no=no,
        version=last + 1,
        state=_STATE.get(change, PublicationState.CORRECTED),
        change=change,
        unit_code=unit.code,
        unit_name=unit.short_name,
        text=text,
        digest=digest,
        published_by=by,
        **columns,
    )
