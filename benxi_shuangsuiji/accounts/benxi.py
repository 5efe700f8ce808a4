"""The units of Benxi: the bureau, the city team with its sections, seven branches (五, domain.md 2.6, A-18)."""

from .models import Unit, UnitKind

# code, division, short name, short name of the section that serves it
BRANCHES = [
    ("210502", "210502", "平山分局", "平山执法科"),
    ("210503", "210503", "溪湖分局", "溪湖执法科"),
    ("210504", "210504", "明山分局", "明山执法科"),
    ("210505", "210505", "南芬分局", "南芬执法科"),
    ("210521", "210521", "本溪县分局", "本溪县执法科"),
    ("210522", "210522", "桓仁县分局", "桓仁县执法科"),
    # The high-tech zone has no GB/T 2260 code; addresses carry that of its host district (domain.md 4.4).
    ("2105GX", "210503", "高新区分局", "高新区执法科"),
]
# Code → (short name, is the city team) of the eight that plan and draw.
DRAWING = {"210500": ("市执法队", True)} | {code: (short, False) for code, _, short, _ in BRANCHES}
DISTRICTS = {
    "210500": "本溪市",
    "210502": "平山区",
    "210503": "溪湖区",
    "210504": "明山区",
    "210505": "南芬区",
    "210521": "本溪满族自治县",
    "210522": "桓仁满族自治县",
    "2105GX": "高新区",
}


def establish() -> dict[str, Unit]:
    """Make the units that are missing; return all by code. Changes nothing that is there."""
    made: dict[str, Unit] = {}

    def unit(code, kind, name, short, position, parent=None, serves=None, division="210500"):
        made[code] = Unit.objects.get_or_create(
            code=code,
            defaults={
                "kind": kind,
                "name": name,
                "short_name": short,
                "position": position,
                "parent": parent,
                "serves": serves,
                "division_code": division,
            },
        )[0]
        return made[code]

    bureau = unit("2105SJ", UnitKind.CITY_BUREAU, "本溪市生态环境局", "市局", 0)
    team = unit("210500", UnitKind.CITY_TEAM, "本溪市生态环境保护综合行政执法队", "市执法队", 1, bureau)
    for n, name in enumerate(("执法一科", "执法二科"), 1):
        unit(f"210500-H{n}", UnitKind.HQ_SECTION, f"市执法队{name}", name, 20 + n, team)
    for n, (code, division, short, section) in enumerate(BRANCHES, 2):
        branch = unit(code, UnitKind.BRANCH, f"本溪市生态环境局{short}", short, n, bureau, division=division)
        unit(f"{code}-S", UnitKind.COUNTY_SECTION, f"市执法队{section}", section, 20 + n, team, branch, division)
    return made
