"""Public pages of results and enterprises, from publications and released draws only (decisions.md 2, ui.md 7.4)."""

from collections import Counter

from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure import kept_files, words
from disclosure.city import result_tables
from disclosure.draws import documents as public_documents
from disclosure.kept import EVERY
from disclosure.models import Publication, PublicationKind
from disclosure.register.places import Registered
from disclosure.revisions.pages import Standing, gone_or_404
from disclosure.site.freshness import open_to_all
from disclosure.statements import pages as statements

from . import exports, followups
from .forms import NAMES, ResultFilter, ResultQuery

PER_PAGE = 20


@open_to_all(asks=(*NAMES, "page"))
def results(request):
    """检查结果: filters, a summary line by outcome, twenty a page; newest check first."""
    query = ResultQuery.of(request.GET)
    form, counts = ResultFilter(request.GET), query.outcomes()
    groups = Counter()
    for outcome, n in counts.items():
        groups[words.OUTCOMES[outcome].group] += n
    page = _Counted(query.ordered(), PER_PAGE, sum(counts.values())).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    newest = max((p.published_at for p in page), default=None)
    context = {
        "section": "results",
        "filters": form,
        "query": query,
        "sort": query.sort,
        "page": page,
        "rows": [_result_row(p) for p in page],
        "groups": [(g, groups[g]) for g in words.GROUPS if groups[g]],
        "chips": query.chips(),
        "newest": newest,
        "summaries": result_tables.quarters(),
        "address": query.address(),
        "days": policy.on(clock.today()).publish_within_workdays,
    }
    return TemplateResponse(request, "disclosure/results/results.html", context)


class _Counted(Paginator):
    """A paginator that has been told how many there are."""

    def __init__(self, rows, per_page, count):
        super().__init__(rows, per_page)
        self.count = count


def _result_row(publication) -> dict:
    s = publication.snapshot
    return {
        "p": publication,
        "category": words.CATEGORIES[publication.category],
        "outcome": words.OUTCOMES[publication.outcome],
        "items": words.item_words(s),
        "mode": s["mode_label"],
        "uscc": s["facility"]["uscc"] or publication.facility_code,
        "source": "" if s["draw"] else s["source_label"],
        "clock": words.clock_words(publication.workday_number),
    }


@open_to_all
def result(request, no, version=None):
    """One result for good: its address, its text and its digest stay, those of corrected words too (四(3)-e, 八(二)-c)."""
    versions = list(Publication.objects.versions(PublicationKind.RESULT, no=no))
    publication = next((v for v in versions if version in (None, str(v.version))), None)
    if publication is None:
        return gone_or_404(request, PublicationKind.RESULT, version, no=no)
    s, shown = publication.snapshot, Standing(publication, versions)
    context = {
        "section": "results",
        "publication": publication,
        "registered": Registered.of(publication),
        "result": s,
        "looked_at": words.looked_at(s),
        "category": words.CATEGORIES[publication.category],
        "outcome": words.OUTCOMES[publication.outcome],
        "items": words.answered_items(s),
        "clock": words.clock_words(publication.workday_number),
        "checked_on": publication.checked_on,
        "published_on": localtime(publication.issued_at).date(),
        "publish_by": public_documents.day(s["publish_by"]),
        "quarter_due": public_documents.day(s["quarter_due"]),
        "rectify_by": public_documents.day(s["rectify_by"]),
        "quarter": Quarter(publication.year, publication.number),
        "versions": versions,
        "standing": shown,
        "term": shown.term,
        "steps": followups.of_check(no),
        "before_url": shown.before and reverse("disclosure:result-version", args=[no, shown.before.version]),
        "newest_url": reverse("disclosure:result", args=[no]),
        "statement": statements.of_checks([no]).get(no),
        "unit": Unit.objects.filter(code=publication.unit_code).first(),
    }
    return TemplateResponse(request, "disclosure/results/result.html", context)


@open_to_all(pace="files", asks=EVERY)
def results_csv(request):
    return _file(request, "csv")


@open_to_all(pace="files", asks=EVERY)
def results_xlsx(request):
    return _file(request, "xlsx")


def _file(request, ending: str):
    """Open data at any size."""
    query = ResultQuery.of(request.GET)
    return exports.refused(query) if query.unknown else kept_files.answer(request, exports.file_of(query, ending))
