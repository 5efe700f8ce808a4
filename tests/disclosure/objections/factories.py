"""Objections, handed in through the form that everybody has."""

import re

from django.test import Client

from benxi_shuangsuiji.accounts.models import Unit
from disclosure.models import Objection, Publication
from disclosure.objections import actions
from disclosure.objections.models import Outcome, Ruling
from tests.factories import make_approver, make_disclosure_officer

SAID = "现场台账当天齐全，照片和台账附后。"
TYPED = {
    "relation": "OTHER",
    "name": "齐某某",
    "phone": "024-40000001",
    "email": "",
    "demand": "APPEAL",
    "part": "FINDING",
    "words": SAID,
}
TOKEN = re.compile(r'name="form" value="([^"]+)"')


def form_of(record: Publication, client: Client | None = None, address: str = "") -> dict[str, str]:
    """What the page sends along by itself."""
    page = (client or Client()).get(address or f"/corrections/new/?record={record.no}")
    assert page.status_code == 200
    return {"form": TOKEN.search(page.content.decode())[1], "record": record.no}


def send(record: Publication, client: Client | None = None, **typed):
    client = client or Client()
    return client.post("/corrections/new/", form_of(record, client) | TYPED | typed)


def make_objection(record: Publication, **typed) -> Objection:
    answer = send(record, **typed)
    assert answer.status_code == 302, answer.content.decode()
    return Objection.objects.order_by("-pk").first()


def officer_of(objection: Objection):
    return make_disclosure_officer(objection.unit)


def propose(objection: Objection, outcome: str = Outcome.KEEP, *, by=None, **fields) -> Ruling:
    words = {"reason": "核对笔录和照片，记录与现场一致"} | fields
    return actions.propose(objection=objection, outcome=outcome, by=by or officer_of(objection), **words)


def correct(objection: Objection, **words) -> Ruling:
    """更正: the right words by the key of their place."""
    return propose(objection, Outcome.CORRECT, revision={"evidence": "检查笔录第 2 页", "words": words})


def decide(ruling: Ruling, *, by=None) -> Publication:
    unit = Unit.objects.get(pk=ruling.objection.unit_id)
    actions.approve(ruling=ruling, by=by or make_approver(unit))
    return Publication.objects.get(kind="DECISION", no=ruling.objection.receipt)
