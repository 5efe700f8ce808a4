"""One word for one thing, and Chinese set as ui.md 2.3, 6.1 and 6.2 say: read from the files, no database, no browser."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.trees import by_folder

ROOT = Path(__file__).resolve().parent.parent
APPS = ("benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted(p for app in APPS for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts)
HAN = "[\u4e00-\u9fff]"

# word → what to say instead (ui.md 6.1, 6.2). 申请, 吃请, 请假 and 请求 are other words.
FORBIDDEN = {
    r"(?<![申吃])请(?!假|求)": "祈使句，不用“请”",
    "谢谢|温馨提示|！": "不用",
    "在册": "名录",
    "签位": "排位",
    "抽签|摇号": "抽取",
    "新设": "新增",
    "哈希|承诺值|区块链": "指纹、公示链",
    "登陆": "登录",
    "帐号": "账号",
    "其它": "其他",
    "执法员(?!证)": "检查人员",
    "市场主体|监管主体": "检查对象",
    "非法|温馨": "说明哪里不对",
}
# The reader is 您 on public pages only (ui.md 6.1).
PUBLIC = ("templates/disclosure/", "templates/inspections/codes/", "templates/components/verify.html", "templates/components/hero.html", "templates/components/how.html")  # fmt: skip
# file → sentences that are somebody else's text, with the reason.
QUOTED = {
    "benxi_shuangsuiji/policy/clauses.py": "《实施方案》的原文",
    "benxi_shuangsuiji/policy/versions.py": "《实施方案》的原文",
    "registry/heads.py": "表头照各单位的写法",
    "plans/draw/ssj1.py": "错误说明照算法规范第 13 节的文字，数字与汉字相连",
}
# A name is written as its owner writes it; a column head is found in older workbooks under other spellings.
NAMES = re.compile(r"《[^》]*》|〔\d{4}〕\s*\d+\s*号|快乐8|3D|\(\d\d位\)|\b[A-D][-−]?级|\[DdＤ\]|\[三五35\]")
# A pattern is compared with what others wrote; nobody reads it.
PATTERN = re.compile(r"\\[dDwWsSb.]|\(\?|\[[^\]]+\][*+?{$]|^\[.*\]$|\(?[^|]+\|[^|]+\|")
GLUED = re.compile(f"{HAN}[0-9A-Za-z]|[0-9A-Za-z]{HAN}")


def forbidden(text: str) -> list[str]:
    return [f"{found[0]}（{better}）" for word, better in FORBIDDEN.items() if (found := re.search(word, text))]


def glued(text: str) -> list[str]:
    return GLUED.findall(NAMES.sub("", text))


# --- templates --------------------------------------------------------------------------------------------------


@cache
def shown(path: Path) -> str:
    """The template without its comments and tags of the template language; `{{ }}` stay."""
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.S)
    return re.sub(r"\{%\s*(?:load|url|if|elif|for|regroup|static|extends|block|endblock)\b.*?%\}", " ", text)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("paths", by_folder(TEMPLATES))
def test_templates_use_the_words_of_the_design(paths):
    found = [(name_of(path), words) for path in paths if (words := forbidden(shown(path)))]
    found += [
        (name_of(path), "您 只在公示页")
        for path in paths
        if not name_of(path).startswith(PUBLIC) and "您" in shown(path)
    ]
    assert found == []


# Values that begin or end with a digit: a quarter, a moment, a day in figures, a number with commas, a count.
BEGINS = r"(?:quarter\.label|period\.(?:label|name)|date:\"[YnjGHmd][^\"]*\"|intcomma|\|length)"
ENDS = r"(?:date:\"[^\"]*[GHYnjmdis]\"|intcomma|\|length|\bc\.when)"
BETWEEN = [
    rf"{HAN}\{{\{{[^}}]*{BEGINS}\s*\}}\}}",
    rf"\{{\{{[^}}]*{ENDS}\s*\}}\}}{HAN}",
    r"\}\}\{\{ *[\w.]*(?:quarter\.label|period\.(?:label|name)) *\}\}",
]


@pytest.mark.parametrize("paths", by_folder(TEMPLATES))
def test_templates_set_a_space_between_chinese_and_digits(paths):
    found = []
    for path in paths:
        text = shown(path)
        found += [(name_of(path), m[0]) for pattern in BETWEEN for m in re.finditer(pattern, text)]
        plain = re.sub(r"<[^>]*>|\{\{.*?\}\}|\{%.*?%\}", " ", text, flags=re.S)
        found += [(name_of(path), words) for words in glued(plain)]
    assert found == []


# --- messages and labels in the code ----------------------------------------------------------------------------


@cache
def literals(path: Path) -> list[tuple[int, str | ast.JoinedStr]]:
    """(line, text) of every string that is not a docstring, and the f-strings as trees."""
    return list(_literals(path))


def _literals(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(n.body[0].value)
        for n in ast.walk(tree)
        if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef) and n.body and isinstance(n.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            if not PATTERN.search(node.value):
                yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr) and not any(
            isinstance(part, ast.Constant) and PATTERN.search(part.value) for part in node.values
        ):
            yield node.lineno, node


@pytest.mark.parametrize("paths", by_folder(MODULES))
def test_messages_use_the_words_of_the_design(paths):
    """The numbers of the plan are named in its own words, and no page shows them."""
    found = []
    for path in paths:
        if name_of(path).startswith("benxi_shuangsuiji/policy/") or name_of(path) == "registry/heads.py":
            continue
        for line, text in literals(path):
            if isinstance(text, str) and (words := forbidden(text) + ["您"] * ("您" in text)):
                found.append((name_of(path), line, words))
    assert found == []


def value_begins_with_a_digit(value: ast.FormattedValue) -> bool:
    said = ast.unparse(value.value)
    if value.format_spec and re.search(r"%[YmdHj]|,", ast.unparse(value.format_spec)):
        return True
    return bool(
        re.search(
            r"(?:quarter|period)\.label$|period\.name$|(?:short|full|due)_date\(|^len\(|\.year$|shown_moment\(", said
        )
    )


def value_ends_with_a_digit(value: ast.FormattedValue) -> bool:
    if value.format_spec and re.search(r"%[YmdHMj]'|,", ast.unparse(value.format_spec)):
        return True
    return bool(re.search(r"^len\(|\.year$|shown_moment\(", ast.unparse(value.value)))


def glued_values(tree: ast.JoinedStr):
    """Where a text and a value that begins or ends with a digit meet without a space."""
    for one, other in zip(tree.values, tree.values[1:], strict=False):
        if isinstance(other, ast.FormattedValue) and value_begins_with_a_digit(other):
            before_is_text = isinstance(one, ast.Constant) and re.search(f"{HAN}$", one.value)
            if before_is_text or (isinstance(one, ast.FormattedValue) and not re.search("_date", ast.unparse(one))):
                yield ast.unparse(other)
        elif isinstance(one, ast.FormattedValue) and value_ends_with_a_digit(one):
            file_name = isinstance(other, ast.Constant) and re.search(r"\.(?:xlsx|csv|pdf)$", other.value)
            if isinstance(other, ast.Constant) and re.match(HAN, other.value) and not file_name:
                yield ast.unparse(one)


@pytest.mark.parametrize("paths", by_folder(MODULES))
def test_messages_set_a_space_between_chinese_and_digits(paths):
    found = []
    for path in paths:
        if name_of(path) in QUOTED:
            continue
        for line, text in literals(path):
            words = glued(text) if isinstance(text, str) else glued_values(text)
            found += [(name_of(path), line, glued_words) for glued_words in words]
    assert found == []


def test_these_checks_find_what_they_look_for():
    """A check that finds nothing anywhere would say nothing."""
    assert forbidden("请按模板填写") and forbidden("历次抽签") and forbidden("在册 8 家")
    assert not forbidden("申请回避") and not forbidden("请假") and not forbidden("这个请求看不懂")
    assert PATTERN.search("(移出|调出|注销)的") and not any(
        map(PATTERN.search, ("填“是”或“否”", "有 3 行（第 5、6、7 行）", "【停产】", "写成 2026-12-01？"))
    )
    assert glued("第2季度") and glued("共3家") and not glued("第 2 季度") and not glued("快乐8")
    assert re.search(BETWEEN[0], "全市{{ quarter.label }}") and re.search(BETWEEN[1], '{{ x|date:"G:i" }}抽取')
    tree = ast.parse('f"完成{plan.quarter.label}抽取"').body[0].value
    assert list(glued_values(tree))
    assert list(glued_values(ast.parse('f"{unit}{quarter.label}"').body[0].value))
    assert not list(glued_values(ast.parse('f"完成 {plan.quarter.label}抽取"').body[0].value))
