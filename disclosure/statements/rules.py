"""Why a statement is not taken in or made public (四(3)-f, 八(二)-c)."""

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_reason
from disclosure.models import Publication, PublicationKind
from disclosure.publishing.rules import why_not_officer
from inspections.models import Inspection
from inspections.privacy import findings as privacy

from .models import BY_ANOTHER, LONGEST, OwnWords, WordsRequest

DECIDER = "由公示单位的分管负责人批准公开。"


def result_of(inspection: Inspection) -> Publication | None:
    return Publication.objects.current().filter(kind=PublicationKind.RESULT, no=inspection.no).first()


def own(inspection: Inspection) -> OwnWords | None:
    """The last one of this check."""
    return OwnWords.objects.filter(publication__no=inspection.no).order_by("-pk").first()


def stands(words: OwnWords | None) -> bool:
    return words is not None and words.returned_at is None and words.taken_back_at is None


def why_not_submit(inspection: Inspection, words: str) -> str:
    if result_of(inspection) is None:
        return "检查结果没有公开，不能写企业说明。"
    if stands(own(inspection)):
        return "已经交过一份企业说明。要改的先撤回，再交一份。"
    if len(words.strip()) > LONGEST:
        return f"企业说明最多 {LONGEST} 个字，现在是 {len(words.strip())} 个字。"
    return why_not_reason(words, "企业说明")


def why_not_take_back(words: OwnWords | None) -> str:
    return "" if stands(words) else "没有可以撤回的企业说明。"


def why_not_look_through(words: OwnWords, by: User) -> str:
    if refusal := why_not_officer(words.unit, by):
        return refusal
    if not stands(words):
        return "这份说明已经退回或者撤回。"
    return "已经提出公开。" if words.requests.exclude(state="RETURNED").exists() else ""


def why_not_propose(words: OwnWords, by: User) -> str:
    """Numbers of people never pass; whether a name may stay, who reads it judges."""
    if refusal := why_not_look_through(words, by):
        return refusal
    inspection = Inspection.objects.select_related("facility").get(no=words.publication.no)
    return privacy.why_not_clean(privacy.findings(inspection, [("企业说明", words.words)]), confirmed=True)


def why_not_give_back(words: OwnWords, by: User, because: str) -> str:
    return why_not_look_through(words, by) or why_not_reason(because, "退回的原因")


def why_not_approve(request: WordsRequest, by: User) -> str:
    may = by.may(Permission.APPROVE_REVISION, request.words.unit_id)
    if refusal := why_not_decide(request, by, may=may, role=DECIDER, own=BY_ANOTHER):
        return refusal
    if not stands(request.words):
        return "企业已经撤回这份说明。"
    newest = Publication.objects.current().filter(kind=PublicationKind.RESULT, no=request.words.publication.no)
    return "" if newest.exists() else "检查结果已经撤下，企业说明不再公开。"


def why_not_withdraw(words: OwnWords, by: User) -> str:
    if refusal := why_not_officer(words.unit, by):
        return refusal
    if words.taken_back_at is None:
        return "企业没有撤回。"
    return "" if published(words) else "没有公开的企业说明。"


def published(words: OwnWords) -> Publication | None:
    return Publication.objects.current().filter(kind=PublicationKind.STATEMENT, no=words.no).first()
