"""Publications, made through the actions that make them."""

from django.urls import reverse

from benxi_shuangsuiji.accounts.models import Unit
from disclosure.followups import actions as followups
from disclosure.models import Act, Ground, Publication, Revision
from disclosure.publishing import actions
from disclosure.revisions import actions as revising
from disclosure.revisions import places as revising_places
from disclosure.revisions.rules import OF_THE_CITY
from inspections.followups import actions as handing
from inspections.models import FollowUp, Inspection
from inspections.privacy import findings as privacy
from inspections.privacy.actions import keep_name
from tests.browsing import post
from tests.factories import make_approver, make_disclosure_officer, make_lead_office, make_unit
from tests.inspections.factories import make_reviewed
from tests.plans.factories import make_list, make_plan


def make_published_result(unit=None, *, by=None, **fields) -> Publication:
    """A published result; `fields` go to the reviewed check behind it. Names in its words were kept, rightly or not."""
    inspection = make_reviewed(unit or make_unit(), **fields)
    by = by or make_disclosure_officer(inspection.unit)
    for name in {f.name for f in privacy.findings(inspection) if not f.firm}:
        keep_name(inspection=inspection, name=name, reason="经营者就是被检查人", by=by)
    return actions.publish_result(inspection=inspection, by=by)


def press_publish(client, no: str, **typed):
    """Send the page that asks whether this result becomes public, as it was read."""
    page = reverse("disclosure:publish-confirm", args=[no])
    return post(client, page, shown=client.get(page).context["page"].shown, **typed)


def press_several(client, numbers, **typed):
    """Send the page that publishes several, with these ticked and every row as it was read."""
    page = reverse("disclosure:publish-several")
    rows = client.get(page).context["rows"]
    return post(client, page, {f"shown-{r.inspection.no}": r.shown for r, _ in rows}, no=numbers, **typed)


def make_published_list(**fields) -> Publication:
    item_list = make_list(upto="APPROVED", **fields)
    return actions.publish_list(item_list=item_list, by=make_disclosure_officer(item_list.unit))


def make_published_plan(unit=None, **fields) -> Publication:
    """The published plan of a unit; its year's list is published before it."""
    plan = make_plan(unit, upto="APPROVED", **fields)
    return actions.publish_plan(plan=plan, by=make_disclosure_officer(plan.unit))


def ask_revision(publication: Publication, act: str = Act.CORRECT, *, by=None, **fields) -> Revision:
    """What the officer asks for; `words` are the new ones by the key of their place."""
    unit = Unit.objects.get(code=publication.unit_code)
    officer = by or (make_lead_office() if publication.kind in OF_THE_CITY else make_disclosure_officer(unit))
    ground = {} if act == Act.CORRECT else {"ground": Ground.PRIVATE}
    known = {"reason": "核对记录，原来写错", "evidence": "检查笔录第 2 页", **ground}
    if (known | fields).get("ground") in (Ground.PRIVATE, Ground.SECRET):
        known["gone"] = fields.get("gone") or _gone_of(publication, fields.get("words", {}))
    return revising.ask(publication=publication, by=officer, act=act, **known | fields)


def _gone_of(publication: Publication, words: dict) -> str:
    """Some words that this request takes from what is public: of a withdrawal whatever stands there."""
    if publication.is_withdrawn:
        return ""
    texts = [p for p in revising_places.places_of(publication) if p.value and not p.choices]
    changed = [p for p in texts if p.key in words]
    return (changed or texts)[0].value.splitlines()[0] if texts else "无"


def make_revision(publication: Publication, act: str = Act.CORRECT, **fields) -> Publication:
    """The version that an approved request became."""
    revision = ask_revision(publication, act, **fields)
    return revising.approve(revision=revision, by=make_approver(revision.unit)).became


def make_step(result: Publication, *, by=None, **fields) -> FollowUp:
    """A step that the unit handed over beside this public result."""
    inspection = Inspection.objects.get(no=result.no)
    said = {"step": "ORDERED", "words": "责令 2 处问题限期改正"}
    by = by or make_approver(inspection.unit)
    return handing.hand_over(inspection=inspection, by=by, **said | fields)


def make_published_step(result: Publication, **fields) -> Publication:
    step = make_step(result, **fields)
    return followups.publish_step(step=step, by=make_disclosure_officer(step.inspection.unit))
