"""Keep a signature, or the note that there is none."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import Inspection, Signature, Signer
from registry.models import Inspector

from . import rules
from .covered import changed_by_another, digest_of
from .marks import Mark, why_not_mark


@transaction.atomic
def sign(
    *,
    inspection: Inspection,
    by: User,
    mark: Mark | None,
    name: str = "",
    position: str = "",
    inspector: Inspector | None = None,
    at: datetime | None = None,
    read_at: datetime | None = None,
) -> Signature:
    """The signature of the person in charge, or with `inspector` of one of the team; given again, it replaces the first.

    `read_at`: from when the record is that lay before him, where it was kept on a phone. What a colleague changed since he
    has not signed: it is shown to him, and signed again.
    """
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    now = clock.now()
    at = at or now
    refuse_if(
        rules.why_not_sign(inspection, by)
        or (rules.why_not_theirs(inspection, [inspector]) if inspector else rules.why_not_this_person(name))
        or rules.why_not_this_signature(inspection, mark, at=at, now=now)
    )
    unseen = read_at is not None and changed_by_another(inspection, min(read_at, at), by)
    made = _keep(inspection, [_of(inspector, name, position)], mark, at, by, now, unseen=unseen)
    trail.record("inspections.signed", by=by, about=inspection, signer=made[0].signer)
    return made[0]


@transaction.atomic
def refuse_to_sign(
    *,
    inspection: Inspection,
    by: User,
    because: str,
    words: str = "",
    witness: str = "",
    witness_position: str = "",
    mark: Mark | None = None,
    at: datetime | None = None,
) -> Signature:
    """Note that the person in charge does not sign, and who saw it; `mark` is the signature of the witness."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    now = clock.now()
    at = at or now
    refuse_if(
        rules.why_not_sign(inspection, by)
        or rules.why_not_refused(because, words, witness, mark)
        or rules.why_not_then(inspection, at=at, now=now)
    )
    who = {
        "signer": Signer.RESPONSIBLE,
        "refused_because": because,
        "refused_words": words.strip(),
        "witness": witness.strip(),
        "witness_position": witness_position.strip(),
    }
    made = _keep(inspection, [who], mark, at, by, now)
    trail.record("inspections.signing.refused", by=by, about=inspection, because=because, witness=bool(witness))
    return made[0]


@transaction.atomic
def sign_on_paper(
    *,
    inspection: Inspection,
    by: User,
    scan: tuple[str, bytes] | None,
    name: str,
    position: str = "",
    inspectors: Iterable[Inspector],
    at: datetime,
) -> list[Signature]:
    """What was signed on paper that day: one scan stands for all whose signatures are on it."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    now = clock.now()
    mark = Mark(*scan) if scan else None
    people = list(inspectors)
    refuse_if(
        rules.why_not_sign(inspection, by)
        or (("" if mark else "上传签好的笔录。") or why_not_mark(mark))
        or rules.why_not_then(inspection, at=at, now=now)
        or rules.why_not_theirs(inspection, people)
        or ("" if people or name.strip() else "选择纸上有谁的签名。")
    )
    who = [_of(None, name, position)] if name.strip() else []
    made = _keep(inspection, [*who, *(_of(person, "", "") for person in people)], mark, at, by, now)
    trail.record("inspections.signed", by=by, about=inspection, signer="PAPER", signatures=len(made))
    return made


def _of(inspector: Inspector | None, name: str, position: str) -> dict:
    if inspector is not None:
        return {"signer": Signer.INSPECTOR, "inspector": inspector, "name": inspector.name}
    return {"signer": Signer.RESPONSIBLE, "name": name.strip(), "position": position.strip()}


def _keep(
    inspection: Inspection, people: list[dict], mark: Mark | None, at, by: User, now, *, unseen: bool = False
) -> list[Signature]:
    """Put these in the place of what stood, on one file."""
    theirs = [Q(signer=who["signer"], inspector=who.get("inspector")) for who in people]
    inspection.signatures.filter(reduce(or_, theirs), replaced_at__isnull=True).update(replaced_at=now)
    for who in people:
        if who["signer"] == Signer.RESPONSIBLE and who.get("name") and inspection.contact_person != who["name"]:
            inspection.contact_person = who["name"]
            inspection.save_anew()
    file = mark and files.store(name=mark.name, content=mark.content, content_type=mark.content_type, by=by)
    covers = "" if unseen else digest_of(inspection)
    return Signature.objects.bulk_create(
        Signature(
            inspection=inspection,
            drawing=file,
            path=mark.path if mark else None,
            covers=covers,
            at=at,
            by=by,
            recorded_at=now,
            **who,
        )
        for who in people
    )
