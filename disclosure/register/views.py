"""公示日志 for everybody: the page, the newest head, tiles, the plain file, and each text with its proof (PUB1 §4)."""

import re

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse

from disclosure import programs
from disclosure.models import OWN, Checkpoint, Publication, PublicationKind, RegisterEntry
from disclosure.revisions.pages import kind_or_404, text_or_404
from disclosure.site.freshness import open_to_all

from . import log, own, pub1, witnesses
from .places import Registered

FOR_EVER = 365 * 24 * 3600
PLAIN = "text/plain; charset=utf-8"
PER_PAGE = 40


# What the reader's browser checks, in this order: name, what, how.
ROWS = (
    ("files", "两个文件完整", "原文是公开时的字节，凭证的格式正确"),
    ("entry", "原文和凭证是同一条", "原文的指纹、编号、版本，与凭证里的登记相同"),
    ("proof", "登记在日志里", "从这一条起逐步合并，得到日志的根"),
    ("signature", "根由市执法队签署", "用公布的公钥核对检查点的签名"),
)
# What a person is told who is no programmer: code, meaning, likely cause, what to do. A damaged download accuses nobody.
CODES = (
    ("E_SYNTAX", "文件不完整", "不是公开时的原文，或者被编辑器改过换行、编码", "从公示页重新下载，不打开直接核验"),
    (
        "E_DOC",
        "原文和凭证不是同一条",
        "原文被改过，或者两个文件拿错了",
        "先核对编号和版本；编号相同仍然对不上的，保存两个文件，联系市执法队",
    ),
    ("E_PROOF", "登记不在日志里", "凭证推不出检查点的根", "保存两个文件，联系市执法队"),
    ("E_SIG", "签名对不上", "检查点不是公布的公钥签署的", "先核对公钥是否与别处印的相同，再联系市执法队"),
)
TEXT = re.compile(
    r"/(?:items|plans|registers|results|corrections|verify/register/own)/[0-9A-Za-z/._-]{1,80}/v[1-9][0-9]{0,3}"
)


@open_to_all(asks=("of",))
def register(request):
    """核验一条公示 (ui-2.md 21): two files, one sentence; `of` names the text whose page led here."""
    checkpoint = log.newest()
    of = request.GET.get("of", "")
    known = TEXT.fullmatch(of) is not None
    context = {
        "section": "verify",
        "checkpoint": checkpoint,
        "standing": Publication.objects.current().count(),
        "waiting": RegisterEntry.objects.filter(index__gte=checkpoint.size if checkpoint else 0).count(),
        "rows": ROWS,
        "codes": CODES,
        "heads": Publication.objects.filter(kind=PublicationKind.HEADS).order_by("-no").first(),
        "before": own.log_before(),
        "witnesses": witnesses.seen(),
        "digest": programs.digest_of("pub1.py"),
        "script_digest": programs.digest_of("pub1.js"),
        "text_url": f"{of}.json" if known else "",
        "proof_url": f"{of}.tlog-proof" if known else "",
    }
    return TemplateResponse(request, "disclosure/register/register.html", context)


@open_to_all(asks=("page",))
def own_records(request):
    """日志自己的记录: each day's heads, new keys, the log that this one goes on from; the newest first."""
    page = Paginator(Publication.objects.filter(kind__in=OWN).order_by("-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    registered = Registered.of_all(page)
    rows = [(publication, registered[publication.pk]) for publication in page]
    context = {"section": "verify", "page": page, "rows": rows}
    return TemplateResponse(request, "disclosure/register/own_records.html", context)


def _newest() -> Checkpoint:
    if (checkpoint := log.newest()) is None:
        raise Http404
    return checkpoint


@open_to_all(max_age=5)
def checkpoint(request):
    """The newest signed head, as its note, with the lines of its witnesses after ours."""
    return HttpResponse(witnesses.note_of(_newest()), content_type=PLAIN)


@open_to_all(max_age=FOR_EVER)
def tile(request, level, number, width=None):
    """Hashes or entries, 256 at a time: full ones never change (tlog-tiles)."""
    place = int("".join(part.removeprefix("x") for part in number.split("/")))
    wide = pub1.TILE if width is None else int(width)
    if pub1.tile_path(level, place, wide) != f"tile/{level}/{number}" + ("" if width is None else f".p/{width}"):
        raise Http404
    found = log.tile(level, place, wide, _newest())
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="application/octet-stream")


@open_to_all
def plain_file(request):
    """整本日志, as long as the newest head says."""
    found = StreamingHttpResponse(log.plain_file(_newest()), content_type=PLAIN)
    found["Content-Disposition"] = 'attachment; filename="register.txt"'
    return found


@open_to_all
def text(request, kinds, no, version):
    """公示原文, byte for byte; 410 once it is withdrawn."""
    return text_or_404(kind_or_404(kinds, no), version, no=no)


@open_to_all
def proof(request, kinds, no, version):
    """Since when exactly this text stands in the register; it stays when the text is withdrawn."""
    entry = (
        RegisterEntry.objects.select_related("publication")
        .filter(publication__kind__in=kinds, publication__no=no, publication__version=version)
        .first()
    )
    if entry is None or entry.index >= _newest().size:
        raise Http404
    found = HttpResponse(log.proof(entry, _newest()), content_type=PLAIN)
    found["Content-Disposition"] = f'attachment; filename="{no}-v{version}.tlog-proof"'
    return found
