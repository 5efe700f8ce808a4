"""Another city begins with a file, and needs no other program (issue 15, decision 0076)."""

import ast
import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from benxi_shuangsuiji.accounts import benxi
from benxi_shuangsuiji.accounts.models import CityRecord, Unit
from plans.models import DrawStatus
from registry import divisions, unit_words
from tests.accounts.test_administration import FIRST, pipe
from tests.plans.draw.factories import make_held_draw

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = Path(__file__).parent / "another_city.json"
PASSWORDS = "Tai-zi-he-2026\nGuan-men-2026-shan\n"


@pytest.mark.django_db
def test_an_installation_begins_with_a_city_of_its_own_and_draws(monkeypatch, city_by_data, client):
    pipe(monkeypatch, PASSWORDS)
    call_command("first_admins", *FIRST, f"--units={FILE}", stdout=io.StringIO())
    city_by_data.forget()
    codes = ["990100", "990102", "990103"]
    assert list(Unit.objects.drawing().values_list("code", flat=True)) == codes
    assert not Unit.objects.filter(code__startswith="2105").exists()
    branch = Unit.objects.get(code="990103")
    assert (branch.name, branch.section.name) == ("云川市生态环境局下河县分局", "市执法队下河县执法科")
    assert divisions.read("江北省云川市云川高新区某路") == ("990102", "已读作上河区")
    assert divisions.read("平山区") == ("", "")
    assert unit_words.unit_key("云川市生态环境局下河县分局") == unit_words.unit_key("下河县")
    draw = make_held_draw(branch, released=True)
    assert (draw.status, draw.draw_id) == (DrawStatus.RELEASED, "990103-2026Q3-01")
    for address in ("/", "/draws/", f"/draws/{draw.draw_id}/", "/contact/", "/data/"):
        page = client.get(address).content.decode()
        assert "云川市" in page and not re.search("2105|明山|桓仁", page), address


WRONG = [
    (lambda said: said["branches"].append(said["branches"][0]), "单位代码 990102 写了两次"),
    (lambda said: said["branches"][0].update(division="990199"), "上河分局的行政区划 990199 不在"),
    (lambda said: said["branches"][0].update(code="河"), "单位代码“河”用六位"),
    (lambda said: said["branches"][0].update(section="执法一科"), "简称“执法一科”写了两次"),
    (lambda said: said["city"].pop("code"), "要写明市的名称、所在省和六位行政区划代码"),
    (lambda said: said.pop("bureau"), "缺少 'bureau'"),
    (lambda said: said.update(branches=3), "不是规定的 JSON 格式"),
]


@pytest.mark.django_db
def test_a_file_that_is_wrong_makes_nothing_and_says_where(tmp_path):
    path = tmp_path / "units.json"
    for spoil, words in WRONG:
        said = json.loads(FILE.read_text(encoding="utf-8"))
        spoil(said)
        path.write_text(json.dumps(said), encoding="utf-8")
        with pytest.raises(CommandError, match=re.escape(words)):
            call_command("first_admins", *FIRST, f"--units={path}")
    with pytest.raises(CommandError, match="打不开单位文件"):
        call_command("first_admins", *FIRST, f"--units={tmp_path / 'gone.json'}")
    assert not Unit.objects.exists() and CityRecord.objects.get().facts["name"] == "本溪市"


# --- nothing of a city stands in the program --------------------------------------------------------------------------

NAMES = "|".join(
    {"2105", "本溪", benxi.CITY.team}
    | {word for d in benxi.CITY.districts for word in (d.name, *d.words)}
    | {short for short, _ in benxi.DRAWING.values() if short != "市执法队"}
)
# What stays: where, and why.
STAYS = {
    "benxi_shuangsuiji/accounts/benxi.py": "the first filling",
    "benxi_shuangsuiji/accounts/management/commands/first_admins.py": "says that Benxi is the first filling",
    "benxi_shuangsuiji/policy/versions.py": "the title of the plan that is carried out",
    "inspections/credit/actions.py": "quotes that title",
    "registry/columns.py": "examples of cells",
    "plans/draw/ssj1.py": "an example in its help; exact to the byte",
    "inspections/privacy/patterns.json": "everyday words that begin like a surname",
}


def said_in(path: Path) -> list[str]:
    """Strings of a module but its docstrings, or the whole text of a template or a table, that name something of the city."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return re.findall(NAMES, re.sub(r"\{#.*?#\}", "", text))
    tree = ast.parse(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    strings = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return [found for n in strings if id(n) not in docstrings for found in re.findall(NAMES, n.value)]


def test_no_module_names_a_unit_or_a_district_of_one_city():
    apps = ("benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure", "templates")
    files = [
        p for app in apps for p in sorted((ROOT / app).rglob("*")) if p.suffix in (".py", ".html", ".json", ".sql")
    ]
    found = {
        name: words
        for path in files
        if not {"demo", "migrations"} & set(path.parts) and (words := said_in(path))
        for name in [path.relative_to(ROOT).as_posix()]
    }
    assert {name: words for name, words in found.items() if name not in STAYS} == {}
    assert set(STAYS) == set(found)  # no reason for what is not there
