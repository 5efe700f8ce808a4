"""What the look promises (ui.md 2, 3, 9, 10), read from the files themselves: no database, no browser, no network."""

import gzip
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benxi_shuangsuiji import subjects
from tests.trees import by_folder

ROOT = Path(__file__).resolve().parent.parent
CSS = [ROOT / "static/css" / name for name in ("tokens.css", "base.css", "components.css", "print.css")]
SPRITE = ROOT / "static/img/icons.svg"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Paper is laid out by the PDF engine and may carry its own measures (ui.md 8).
SCREENS = [t for t in TEMPLATES if "documents" not in t.relative_to(ROOT / "templates").parts]
COMPONENTS = sorted((ROOT / "templates/components").glob("*.html"))


def name_of(path):
    return str(path.relative_to(ROOT))


def without_comments(text):
    return re.sub(r"\{#.*?#\}|<!--.*?-->|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.S)


def rules(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


@pytest.fixture(scope="module")
def tokens():
    """Colour tokens of the default theme, before any media query."""
    root = re.search(r":root \{(.*?)\n\}", CSS[0].read_text(), re.S)[1]
    return dict(re.findall(r"(--[\w-]+): (#[0-9A-Fa-f]{6});", root))


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# (text or mark, ground, least contrast): the pairs of the table in ui.md 2.1, text 4.5, other marks 3.
TEXT = 4.5
MARK = 3.0
PAIRS = [
    ("ink", "surface", TEXT),
    ("ink", "paper", TEXT),
    ("ink-2", "surface", TEXT),
    ("ink-3", "surface", TEXT),
    ("ink-3", "paper", TEXT),
    ("ink-3", "sunk", TEXT),
    ("ink-4", "surface", TEXT),
    ("ink-4", "paper", TEXT),
    ("ink-4", "acc-0", TEXT),
    ("ink-4", "sunk", TEXT),
    ("line-ctl", "surface", MARK),
    ("line-ctl", "paper", MARK),
    ("acc", "surface", TEXT),
    ("acc", "paper", TEXT),
    ("on", "acc", TEXT),
    ("acc-7", "surface", TEXT),
    ("acc-7", "acc-0", TEXT),
    ("acc-7", "acc-1", TEXT),
    ("on", "acc-8", TEXT),
    ("on-2", "acc-8", TEXT),
    ("on-3", "acc-8", TEXT),
    ("acc-5", "surface", TEXT),
    ("red", "surface", TEXT),
    ("red", "paper", TEXT),
    ("on", "red", TEXT),
    ("red-7", "red-1", TEXT),
    ("amb", "surface", TEXT),
    ("amb-7", "amb-1", TEXT),
    ("grn", "surface", TEXT),
    ("on", "grn", TEXT),
    ("grn-7", "grn-1", TEXT),
    ("plum", "surface", TEXT),
    ("plum", "plum-1", TEXT),
    ("doc-red", "surface", TEXT),
]


def test_the_contrast_formula_is_wcags():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_colours_can_be_read(tokens, front, ground, least):
    ratio = contrast(tokens[f"--{front}"], tokens[f"--{ground}"])
    assert ratio >= least, f"{front} on {ground}: {ratio:.2f}"


def test_colours_are_those_of_the_design(tokens):
    assert contrast(tokens["--ink"], tokens["--surface"]) == pytest.approx(16.5, abs=0.05)
    assert contrast(tokens["--ink-4"], tokens["--sunk"]) == pytest.approx(4.75, abs=0.01)
    assert contrast(tokens["--line-ctl"], tokens["--surface"]) == pytest.approx(3.45, abs=0.01)
    assert (tokens["--acc"], tokens["--red"], tokens["--plum"]) == ("#0F5C6C", "#AF2A1E", "#5E2B5F")


def test_there_are_four_style_sheets_and_no_fifth():
    assert sorted(ROOT.glob("static/**/*.css")) == sorted(CSS)


def test_style_sheets_stay_light():
    together = sum(len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in CSS)
    assert together <= 18_000, f"{together} bytes gzipped"  # 15,000 until the phone, 17,500 until the archive came


@pytest.mark.parametrize("path", CSS, ids=name_of)
def test_style_sheets_use_only_what_old_engines_know(path):
    text = rules(path.read_text())
    for word in (":has(", "@container", "@layer", "oklch(", "color-mix(", "subgrid", "@import", "@font-face", "https:"):
        assert word not in text, word
    # A rule inside a rule is nesting; only @media, @page and @keyframes may hold others.
    open_blocks = []
    for selector, brace in re.findall(r"([^{};]*)([{}])", text):
        if brace == "}":
            open_blocks.pop()
            continue
        assert all(block.startswith("@") for block in open_blocks), f"{selector.strip()} inside {open_blocks[-1]}"
        open_blocks.append(selector.strip())
    assert open_blocks == []


def test_every_token_used_is_defined():
    text = "".join(rules(path.read_text()) for path in CSS)
    used = set(re.findall(r"var\((--[\w-]+)[,)]", text))
    defined = set(re.findall(r"(--[\w-]+):", text))
    assert used <= defined, used - defined


def test_classes_used_in_shared_templates_have_a_rule():
    """A class nobody styles is a slip of the pen; names that only scripts or tests use start with js- or are data-."""
    styled = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", "".join(rules(p.read_text()) for p in CSS)))
    missing = {}
    for path in [*COMPONENTS, *(ROOT / "templates").glob("*.html")]:
        for value in re.findall(r'class="([^"]*)"', re.sub(r"\{%.*?%\}", " ", without_comments(path.read_text()))):
            for word in re.sub(r"\S*\{\{.*?\}\}\S*", " ", value).split():
                if word not in styled and not word.endswith("-"):
                    missing.setdefault(name_of(path), set()).add(word)
    assert missing == {}


@pytest.mark.parametrize("paths", by_folder(SCREENS))
def test_pages_keep_to_the_content_policy(paths):
    """style-src and script-src are 'self': nothing inline, nothing from elsewhere."""
    for path in paths:
        text, name = without_comments(path.read_text()), name_of(path)
        assert not re.search(r"\sstyle\s*=", text), f"{name}: inline style"
        assert "<style" not in text, name
        assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), f"{name}: inline handler"
        for attributes in re.findall(r"<script\b([^>]*)>", text):
            assert "src=" in attributes or 'type="application/json"' in attributes, f"{name}: inline script"
        outside = re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text)
        assert [o for o in outside if "www.w3.org" not in o] == [], name


# Region, caption and heads of plain words, then rows in one body: what the tag `table` writes.
PLAIN_TABLE = re.compile(
    r'<div class="tbl-wrap[^"]*"\s+tabindex="0"\s+role="region"\s+aria-label="[^"{]*">\s*<table[^>]*>\s*<caption class="sr">[^<{]*</caption>'
    r'\s*<thead>\s*<tr>(\s*<th scope="col"( class="num")?>[^<{]*</th>)+\s*</tr>\s*</thead>\s*<tbody>(?:(?!</tbody>).)*</tbody>\s*</table>',
    re.DOTALL,
)


@pytest.mark.parametrize("paths", by_folder(TEMPLATES))
def test_frame_and_heads_of_a_plain_table_are_written_by_its_tag(paths):
    assert [name_of(path) for path in paths if PLAIN_TABLE.search(path.read_text())] == []


@cache
def symbols():
    return {s.get("id") for s in ElementTree.parse(SPRITE).getroot() if s.tag.endswith("symbol")}


def test_icons_are_drawn_on_their_grids():
    for symbol in ElementTree.parse(SPRITE).getroot():
        grid = "0 0 72 72" if symbol.get("id").startswith("art-") else "0 0 20 20"
        assert symbol.get("viewBox") == grid, symbol.get("id")


@pytest.mark.parametrize("paths", by_folder(TEMPLATES))
def test_every_icon_used_is_drawn(paths):
    for path in paths:
        text = without_comments(path.read_text())
        used = set(re.findall(r'components/icon\.html" with name="([\w-]+)"', text))
        used |= set(re.findall(r'\bicon="([\w-]+)"', text)) | set(re.findall(r'{% icon "([\w-]+)"', text))
        used |= {f"art-{name}" for name in re.findall(r'\bart="([\w-]+)"', text)}
        assert used <= symbols(), (name_of(path), used - symbols())


def test_every_icon_of_the_navigation_is_drawn():
    used = {door.icon for doors in subjects.house().doors.values() for door in doors}
    assert used and used <= symbols(), used - symbols()


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_every_part_says_what_it_expects(path):
    first = path.read_text().splitlines()[0]
    assert re.match(r"\{# .*变量.* #\}", first), "open with a comment that names the variables (不用变量 if none)"


def test_every_page_frame_has_landmarks_and_the_renderer_hint():
    base = (ROOT / "templates/base.html").read_text()
    assert 'lang="zh-CN"' in base
    assert '<meta name="renderer" content="webkit">' in base
    assert 'class="skip" href="#main"' in base
    for frame in ("public", "desk", "field", "stage", "sheet"):
        text = (ROOT / f"templates/base_{frame}.html").read_text()
        assert text.count('<main id="main"') == 1, frame


def test_every_search_field_says_how_much_it_takes():
    """Without it a pasted page becomes an address that the server refuses (414)."""
    fields = [(t, tag) for t in TEMPLATES for tag in re.findall(r"<input[^>]*>", t.read_text())]
    searches = [(t, tag) for t, tag in fields if 'type="search"' in tag or 'name="q"' in tag]
    assert [t for t, tag in searches if "maxlength" not in tag and 'type="hidden"' not in tag] == []
    assert len(searches) >= 8


def test_the_frame_alone_says_in_the_title_that_something_is_wrong():
    """A page that says it too is announced as “有错误：有错误：” (ui.md 4.6)."""
    twice = [t for t in TEMPLATES if re.search(r"{% if form\.errors[^%]*%}有错误：", t.read_text())]
    assert twice == [ROOT / "templates/base.html"]


@pytest.mark.parametrize("path", [t for t in TEMPLATES if "components/errsum.html" in t.read_text()], ids=name_of)
def test_the_errors_of_a_form_are_summed_up_once(path):
    """Every frame has a place for them above the page; whoever lays them beside the form empties that place."""
    text = without_comments(path.read_text())
    if re.search(r'\{% extends [^%]*"?base_(?:desk|field|public)\.html', text):
        assert re.search(r"\{% block errors %\}\s*\{% endblock %\}", text)


def test_no_table_is_laid_out_as_a_grid_of_fields():
    """.pairs sets fields beside each other; on a table it put head and rows beside each other (工作指标 at 1440 px)."""
    wearing = {
        name_of(t)
        for t in SCREENS
        for kind in re.findall(r'(?:kind=|<table class=)"([^"]*)"', t.read_text())
        if "pairs" in kind.split()
    }
    assert not wearing


def test_what_is_folded_on_a_phone_stands_whole_on_a_desk_and_on_paper():
    """details.fold says what it holds before it is opened, and hides nothing where there is room (ui.md 7.2)."""
    css = rules(CSS[2].read_text())
    block = css[css.index("@supports selector(::details-content)") :][:260]
    assert "(min-width: 641px), print" in block and ".fold::details-content { content-visibility: visible" in block
    for template in SCREENS:
        for after in re.findall(
            r'<details class="[^"]*\bfold\b[^>]*>\s*(.{0,60})', without_comments(template.read_text()), re.S
        ):
            assert re.match(r"<summary>\S", after), name_of(template)


# Digits with digits, words with words: the hour has two places after 2026-08-19, as it is spoken after 8 月 19 日.
MIXED = re.compile(r'"[^"]*(?:-d G:i|日 H:i|(?<!Y-)m-d H:i)[^"]*"')


def test_a_time_has_one_form_beside_each_form_of_its_date():
    mixed = {f"{name_of(t)}: {found}" for t in SCREENS for found in MIXED.findall(t.read_text())}
    assert not mixed
