"""The rows of the verification panel: what the reader's own device checks, in words (ui.md 4.12, SSJ1 12)."""

from django.utils.timezone import localtime

from benxi_shuangsuiji.workdays.days import short_date

# row of ssj1.js: (what is checked, how, what a bundle without it says)
ROWS = {
    "frames": ("名单没有被改动", "每份名单和检查人员名录的指纹，与封存时公布的相同", ""),
    "quotas": ("应抽家数没有被改动", "按名录家数、比例和覆盖进度，重算每一类的应抽家数和优先名额", ""),
    "random": ("随机数没有被挑选", "密封随机数与封存时的指纹相符；公开随机数都产生在封存之后", "名单公开后可以核验"),
    "picks": ("抽中名单对得上", "重算每家的签号，各类按签号从小到大取足名额", "名单公开后可以核验"),
    "teams": ("检查小组对得上", "按公开的规则把检查人员重派一遍，逐家比对", "名单公开后可以核验"),
    "amends": ("变更都有依据", "每次更换的替补和小组都由签号算出；到访凭证逐张重算", "没有更换"),
    "abort": ("作废有依据", "作废的时间、随机数和没有开出的来源，符合作废的规则", "没有作废"),
    "chain": ("公示链没有断", "封存、抽取的记录首尾相接，指纹与文书一致", "证据包里没有公示链"),
}
SECRET_ROWS = ("random", "picks", "teams")


def rows(names, *, later: str = "") -> list[dict]:
    """These rows; `later`: what the rows say that cannot be checked before the names are public."""
    found = []
    for name in names:
        what, how, without = ROWS[name]
        waits = later if name in SECRET_ROWS else ""
        found.append({"name": name, "what": what, "how": how, "without": without, "later": waits})
    return found


def rows_of(found) -> list[dict]:
    """The rows that the bundle of this draw has."""
    if found.state == "ABORTED":
        return rows(["frames", "quotas", "abort", "chain"])
    if found.state != "RELEASED":
        return rows(["frames", "quotas", "random", "picks", "teams", "chain"], later=later(found))
    amended = ["amends"] if any(d.kind == "AMEND" for d in found.documents) else []
    return rows(["frames", "quotas", "random", "picks", "teams", *amended, "chain"])


def later(found) -> str:
    at = localtime(found.release_at)
    return f"名单公开后可以核验，最迟 {short_date(at.date())} {at:%H:%M}"
