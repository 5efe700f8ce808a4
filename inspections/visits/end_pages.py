"""What 检查完毕 and 离场 compare before a visit is handed in: what is missing, with the way there (31a)."""

from collections import Counter

from django.urls import reverse
from django.utils.timezone import localtime

from inspections.evidence import pages as evidence_pages
from inspections.models import Mode
from inspections.offsite import rules as offsite_rules
from inspections.privacy import findings as privacy

from . import differences, pages, rules


def submit_checks(inspection, items, written=None) -> list[dict]:
    """The checks of 31a: what is missing in red, with the way there. `written`: what was concluded so far."""
    counted = pages.tally(items)
    points = f"{len(items)} 项，{counted['total']} 个检查点"
    given = " ".join(item["given"] for item in items)
    lines = []
    if counted["open"]:
        way = reverse("inspections:field-check", args=[inspection.no, pages.first_open(items)])
        text = f"{points}，还有 {counted['open']} 个没有答案。"
        lines.append({"text": text, "state": "bad", "url": way, "link": "接着查", "given": given, "lead": points})
    else:
        lines.append({"text": f"{points}都有答案", "state": "ok"})
    if left := differences.why_undecided(inspection):
        lines.append({"text": left, "state": "bad", "url": reverse("inspections:field-conflicts"), "link": "去定"})
    elif differences.of(inspection).exists():
        lines.append({"text": "两人不同的答案都已定", "state": "ok"})
    clean = _public_words(inspection, pages.found_points(items), written)
    looks = _look_checks(inspection)
    if inspection.mode != Mode.ONSITE:
        return [*lines, *looks, *clean]
    lines += looks
    if shown := inspection.identity_shown_at:
        lines.append({"text": f"{localtime(shown):%H:%M} 已出示执法证件", "state": "ok"})
    elif inspection.is_to_show:  # they are there, and every answer waits for this one step
        way = reverse("inspections:field-code", args=[inspection.no])
        text = "还没有登记出示执法证件、送达检查通知书"
        line = {"text": text, "state": "bad", "url": way, "link": "出示检查码"}
        lines.append({**line, "wants": way, "kept": "出示证件和送达"})
    return [*lines, *recorder_checks(inspection), *_proof_checks(inspection, items), *clean]


def _look_checks(inspection) -> list[dict]:
    """What was looked at from outside, with the door of whatever is still to be done about it (七(三)-b, N-14)."""

    def line(text: str, state: str, door: str, link: str) -> list[dict]:
        return [
            {"text": text, "state": state, "url": reverse(f"inspections:{door}", args=[inspection.no]), "link": link}
        ]

    reason = offsite_rules.why_not_end(inspection, "")
    if offsite_rules.waits_to_enter(inspection):
        return line(reason, "bad", "field-arrive", "去登记到场")
    if inspection.mode != Mode.OFFSITE:
        return []
    if offsite_rules.waits_for_approval(inspection):
        return line(reason, "bad", "field-onsite", "看申请")
    if reason:
        return line(reason, "bad", "field-looks", "去登记")
    if clue := offsite_rules.why_not_without_a_problem(inspection):
        return line(clue, "warn", "field-onsite", "去申请")
    return [{"text": f"非现场查看 {inspection.looks.standing().count()} 次", "state": "ok"}]


def recorder_checks(inspection) -> list[dict]:
    """That the recorder ran the whole time is declared, or it is said why not (七(五)-h): nothing here reads a device, so
    it is never ticked."""
    found = evidence_pages.recorder(inspection) if inspection.started_at else {"gap_words": ""}
    way = reverse("inspections:field-recorder", args=[inspection.no])
    if found["gap_words"]:
        text = f"记录仪 {found['gap_words']} 没有录像，写明原因。"
        return [{"text": text, "state": "bad", "url": way, "link": "去写"}]
    words = pages.recorder_words(inspection)
    if words and inspection.started_at and found["recordings"]:
        words += _recorded(found)
    return [{"text": words, "state": "" if inspection.recorder_no else "warn"}] if words else []


def _recorded(found: dict) -> str:
    """检查人员声明从 9:03 录到现在，没有登记停止; where it stopped, that it is said why."""
    shown = found["recordings"]
    until = "现在" if found["running"] else f" {localtime(max(r.ends_at for r in shown)):%-H:%M}"
    broken = "，停过的写明了原因" if found["explained"] else "，没有登记停止"
    source = "从记录仪读出登记" if found["from_device"] else "检查人员声明"
    return f"，{source}：{localtime(min(r.starts_at for r in shown)):%-H:%M} 录到{until}{broken}"


def _proof_checks(inspection, items) -> list[dict]:
    """Photographs and words where something was found."""
    points = pages.found_points(items)
    if not points:
        return []
    bare = next((f for f in points if not f["point"].words), None)
    photos = Counter(evidence_pages.photos(inspection).values_list("point", flat=True))
    without = [f for f in points if not photos[f["point"].pk]]
    total = sum(photos.values())
    lines = [{"text": f"照片 {total} 张，发现问题的点都有照片", "state": "ok"}]
    if without:
        text = f"照片 {total} 张，“{without[0]['point'].text}”没有照片"
        lines = [_to_point(inspection, without[0], "warn", text, "去拍")]
    if bare:
        lines.append(
            _to_point(inspection, bare, "bad", rules.why_not_described([bare["point"]]).split("。")[0], "去写")
        )
    return lines


# 描述 of the public page and of the review is called so on this one.
_BOXES = {"描述": ("检查情况", "#id_finding"), "现场处理": ("现场处理", "#id_measures")}


def _public_words(inspection, points, written) -> list[dict]:
    """Nothing personal in anything that becomes public, as review and publication read it (八(二)-c)."""
    texts = privacy.texts_of(inspection, written)
    waits = privacy.unsettled(inspection, privacy.findings(inspection, texts))
    if not waits:
        return [{"text": "公开的文字里没有姓名、电话和证件号", "state": "ok"}] if texts else []
    said = "疑有姓名、电话或证件号"
    if found := next((f for f in points if privacy.waiting_in(inspection, f["point"].words)), None):
        return [_to_point(inspection, found, "warn", f"“{found['point'].text}”的文字里{said}", "去改")]
    box, way = _BOXES[waits[0].place]
    return [{"text": f"{box}里{said}", "state": "warn", "url": way, "link": "去改"}]


def _to_point(inspection, found: dict, state: str, text: str, link: str) -> dict:
    """A line that leads to the point on the screen of its item."""
    way = reverse("inspections:field-check", args=[inspection.no, found["n"]])
    return {"text": text, "state": state, "url": f"{way}#p{found['point'].pk}", "link": link}
