"""Publications as official documents, and packed for the portal (八(二)-a). From the snapshot, nothing else."""

import io
import json
import zipfile

from django.template.loader import render_to_string
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.documents import official, pdf
from benxi_shuangsuiji.documents.official import Heading, Official, Para, Table
from benxi_shuangsuiji.workdays.days import Quarter, full_date
from disclosure.city import result_tables
from disclosure.models import Publication, PublicationKind
from disclosure.register import log
from disclosure.selfcheck import tables as selfcheck
from disclosure.site import bulletin
from plans.quarterly.papers import plan_paper


def paper_of(publication: Publication, *, site: str) -> Official:
    """The document of one version; its number is the number of the publication."""
    snapshot, at = publication.snapshot, localtime(publication.published_at)
    facts = {
        "number": f"公示编号 {publication.no}（第 {publication.version} 版）",
        "dated": at.date(),
        "made_at": at.isoformat(timespec="seconds"),
        "note": f"公示地址：{site}{bulletin.public_url(publication)}。指纹（SHA-256）：{publication.digest}。"
        # Of the first head that reaches it: the paper is the same whenever it is printed.
        + log.words_of(log.first_with(publication.entry)),
    }
    if publication.kind == PublicationKind.PLAN:
        return plan_paper(snapshot, **facts)
    signed = snapshot["unit_name"]
    blocks = {
        PublicationKind.ITEM_LIST: lambda: _list_blocks(snapshot),
        PublicationKind.SUMMARY: lambda: _summary_blocks(publication),
        PublicationKind.RESULT_SUM: lambda: result_tables.blocks_of(publication),
        PublicationKind.SELF_CHECK: lambda: selfcheck.blocks_of(publication),
    }[publication.kind]()
    return Official(
        issuer=signed,
        number=facts["number"],
        title=publication.title,
        blocks=tuple(blocks),
        signed=signed,
        dated=full_date(facts["dated"]),
        made_at=facts["made_at"],
        note=facts["note"],
    )


def _list_blocks(snapshot) -> list:
    groups: dict[str, list] = {}
    for item in snapshot["items"]:
        groups.setdefault(item["category_name"], []).append(item)
    blocks = [Para(f"根据{policy.cited(snapshot['policy_title'], snapshot['policy_label'])}，制定本清单。")]
    if snapshot["reason"]:
        blocks.append(Para(f"本清单为第 {snapshot['list_version']} 版，调整原因：{snapshot['reason']}。"))
    for number, (name, items) in enumerate(groups.items(), 1):
        blocks += [
            Heading(f"{'一二三四五六七八九十'[(number - 1) % 10]}、{name}"),
            Table(
                name,
                ("抽查事项", "抽查内容", "检查对象", "方式", "比例和频次", "法律依据"),
                tuple(
                    (
                        f"{i['code']} {i['name']}",
                        i["content"],
                        i["objects"],
                        i["mode"],
                        "；".join(part for part in (i["ratio"], i["frequency"]) if part),
                        i["legal_basis"],
                    )
                    for i in items
                ),
                (17, 23, 14, 9, 14, 23),
            ),
        ]
    return blocks


def _summary_blocks(publication: Publication) -> list:
    snapshot, quarter = publication.snapshot, Quarter(publication.year, publication.number)
    units = snapshot["units"]
    rows = []
    for unit in units:
        planned = {s["category"]: f"{s['planned']} / {s['on_books']}" for s in unit["strata"]}
        counts = (planned.get(category, "—") for category in ("key", "general", "special"))
        rows.append((unit["name"], *counts, str(unit["total"]), unit["draw_text"], unit["window_text"]))
    blocks = [
        Para(
            f"现将全市各单位 {quarter.label}抽查工作计划汇总公开。全市 {len(units)} 个单位计划抽查"
            f" {sum(unit['total'] for unit in units)} 家，名单由各单位随机抽取。"
        ),
        Table(
            "各单位计划抽查家数（斜线后是名录家数）",
            ("单位", "重点", "一般", "特殊", "合计", "抽取时间", "检查期间"),
            tuple(rows),
            (14, 11, 11, 11, 9, 20, 24),
        ),
    ]
    if late := [unit for unit in units if unit.get("late_reason")]:
        blocks += [Heading("逾期的计划和抽取"), *(Para(f"{unit['name']}：{unit['late_reason']}。") for unit in late)]
    if missing := snapshot.get("missing"):
        blocks += [Heading("没有报送的单位"), Para(f"{'、'.join(missing)}。")]
    if snapshot["changes"]:
        blocks += [
            Heading("与上一版的变化"),
            *(Para(f"{unit['name']}：{'，'.join(unit['words'])}。") for unit in snapshot["changes"]),
        ]
    return blocks


def portal_package(publication: Publication, *, site: str) -> bytes:
    """A zip: what the portal asks for (公示信息.json), the body as HTML and as text, and the attachments."""
    paper, at = paper_of(publication, site=site), localtime(publication.published_at)
    attachments = {f"附件/{publication.title}.pdf": official.as_pdf(paper)} if pdf.available() else {}
    attachments |= {
        f"附件/{publication.title}.docx": official.as_docx(paper),
        f"附件/{publication.no}-{publication.version}.json": publication.text.encode(),
    }
    about = {
        "标题": publication.title,
        "公示编号": f"{publication.no}（第 {publication.version} 版）",
        "发布单位": paper.issuer,
        "种类": publication.get_kind_display(),
        "公开时间": at.isoformat(timespec="minutes"),
        "公示地址": f"{site}{bulletin.public_url(publication)}",
        "指纹": publication.digest,
        "正文": ["正文.html", "正文.txt"],
        "附件": list(attachments),
    }
    body = render_to_string("disclosure/lists/portal_body.html", {"paper": paper})
    entries = {
        "公示信息.json": json.dumps(about, ensure_ascii=False, indent=1).encode(),
        "正文.html": body.encode(),
        "正文.txt": _plain(paper).encode(),
        **attachments,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(zipfile.ZipInfo(name, date_time=at.timetuple()[:6]), content)
    return out.getvalue()


def _plain(paper: Official) -> str:
    lines = [paper.title, "", paper.number, ""]
    for block in paper.blocks:
        if isinstance(block, Table):
            lines += [block.caption, "\t".join(block.head), *("\t".join(row) for row in block.rows)]
        else:
            lines.append(block.text)
    return "\n".join([*lines, "", paper.signed, paper.dated, paper.note, ""])
