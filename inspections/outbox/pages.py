"""What the phone keeps of the pages: which, until when they are the newest, and the files they are made of."""

import hashlib
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db.models import Max
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.forms import kept
from inspections.checks import badges
from inspections.models import Inspection, Receipt
from inspections.visits import differences

from .models import LITTLE

OWN_PAGES = ("field-tasks", "field-outbox", "field-conflicts", "field-sign-out")
OPEN_PAGES = ("field-unkept", "field-signed-out")  # without a sign-in: they name nothing
STATIC = settings.STATICFILES_DIRS[0]
# Of the desk and of the public side; everything else in the folder may stand on a phone's page.
ELSEWHERE = {"plan.js", "stage.js", "verify.js", "field-guard.js", "field-worker.js"}
ASSETS = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "css/print.css",
    "img/icons.svg",
    "img/seal.svg",
    "field.webmanifest",
    *sorted(f"js/{path.name}" for path in (STATIC / "js").glob("*.js") if path.name not in ELSEWHERE),
)
KEPT_FOR = timedelta(hours=72)  # without a sign-in; then the phone forgets every place


def of(user: User) -> dict[str, str]:
    """Address → what tells its newest content from an earlier one, of every page that this person's phone keeps.

    Of the tasks that the team has accepted and not yet handed in: all their pages.
    """
    found = {reverse(f"inspections:{name}"): "" for name in OWN_PAGES}
    tasks = (
        Inspection.objects.in_my_team(user)
        .filter(status__in=badges.TEAM_WORK, accepted_at__isnull=False)
        .annotate(answered=Max("answers__answered_at"))
        .prefetch_related("answers")
        .order_by("no")
    )
    receipts = Receipt.objects.filter(inspection__in=tasks).order_by()  # the partner's too
    received = dict(receipts.values_list("inspection").annotate(Max("received_at")))
    for task in tasks:
        stamp = digest(f"{version()}|{task.version}|{task.answered}|{received.get(task.pk)}")
        found |= dict.fromkeys(addresses(task), stamp)
    everything = digest("|".join(found.values()))
    return {address: stamp or everything for address, stamp in found.items()}


def kept_apart(inspection: Inspection) -> dict:
    """For the page of the check: what came of somebody who goes no longer, and which of two answers was chosen."""
    aside = [
        {"receipt": receipt, "shown": kept.shown_fields(receipt.path, receipt.content["fields"])}
        for receipt in Receipt.objects.set_aside(inspection)
    ]
    return {"aside": aside, "differences": list(differences.of(inspection))}


def addresses(task: Inspection) -> list[str]:
    items = len({answer.item_code for answer in task.answers.all()})
    found = []
    for name, numbered in task_pages():
        several = range(1, items + 1) if numbered else [None]
        found += [reverse(f"inspections:{name}", args=[task.no, *([n] if n else [])]) for n in several]
    return found


@cache
def task_pages() -> tuple[tuple[str, bool], ...]:
    """Every page below /field/<no>/ that can be opened, and whether there is one for each item."""
    found = []
    for pattern in get_resolver("inspections.urls").url_patterns:
        arguments = set(pattern.pattern.converters)
        if str(pattern.pattern).startswith("field/<slug:no>/") and arguments <= {"no", "n"}:
            sample = {"no": "0"} | ({"n": 1} if "n" in arguments else {})
            try:
                address = reverse(f"inspections:{pattern.name}", kwargs=sample)
            except NoReverseMatch:
                continue
            if "GET" in kept.methods_at(address):
                found.append((pattern.name, "n" in arguments))
    return tuple(found)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def version() -> str:
    """Of the files that the phone keeps: another one, and the phone fetches them all before it uses any."""
    h = hashlib.sha256()
    for name in (*ASSETS, "js/field-worker.js"):
        h.update((STATIC / name).read_bytes())
    return h.hexdigest()[:16]


def shell() -> list[str]:
    """What is fetched before the worker takes over."""
    return [*(static(name) for name in ASSETS), *(reverse(f"inspections:{name}") for name in OPEN_PAGES)]


def clock_words(told) -> str:
    """How wrong the phone's clock is, where it matters; further off than a day it is the demo's that differs."""
    if told is None or told.tzinfo is None:
        return ""
    fast = told - clock.now()
    if not LITTLE <= abs(fast) < timedelta(days=1):
        return ""
    minutes = round(abs(fast).total_seconds() / 60)
    word = "快" if fast > timedelta() else "慢"
    return f"手机时间比服务器{word} {minutes} 分钟，记录按服务器时间换算，两个时间都留着"


def day_of(moment):
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
