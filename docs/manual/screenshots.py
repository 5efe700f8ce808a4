"""Take the manual's pictures from a running demo: `.venv/bin/python docs/manual/screenshots.py http://127.0.0.1:8000`.

Name lists are shown of a quarter that is over: a name that is drawn but not yet published must not get into a picture
(七(五)). So the pages where the running quarter cannot be left out (我的检查, 等待公开的结果) have no picture.
"""

import argparse
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path(__file__).resolve().parent / "img"
WIDTH, TALLEST = 1280, 1180
LARGEST_PICTURE, LARGEST_ALL = 120_000, 2_000_000
COLOURS = (256, 192, 128, 96, 64, 32)
PASSWORD = "Benxi-demo-2026"  # of every account in a demo, printed when it starts
UNIT, QUARTER = "210504", "2026Q2"
DRAW = f"{UNIT}-{QUARTER}-01"
RESULT = f"{UNIT}-{QUARTER}-0001"


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at which address; `follow` is the link to open from there, `tallest` where to cut.

    A phone's page is taken at half the width and twice the density, one screenful, because its bar stays at the foot.
    """

    name: str
    account: str
    path: str
    follow: str = ""
    tallest: int = TALLEST
    phone: bool = False


SHOTS = [
    Shot("登录", "", "/desk/login/", tallest=620),
    Shot("公示首页", "", "/"),
    Shot("抽取公示", "", f"/draws/{DRAW}/"),
    Shot("检查结果", "", f"/results/?quarter={QUARTER}", tallest=900),
    Shot("一项结果", "", f"/results/{RESULT}/"),
    Shot("企业页", "", f"/results/{RESULT}/", follow="main dd a[href^='/enterprises/']"),
    Shot("统计", "", f"/statistics/?period={QUARTER}"),
    Shot("更正与申诉", "", f"/corrections/new/?record={RESULT}", tallest=1060),
    Shot("怎样核验", "", "/verify/"),
    Shot("工作台", "jihua-ms", f"/desk/?unit={UNIT}&quarter={QUARTER}", tallest=900),
    Shot("计划公示稿", "jihua-ms", f"/desk/plans/{UNIT}/{QUARTER.lower()}/preview/", tallest=900),
    Shot("抽取", "jihua-ms", f"/desk/draws/{DRAW}/"),
    Shot("检查任务", "jihua-ms", f"/desk/tasks/?unit={UNIT}&quarter={QUARTER}", tallest=900),
    Shot("投屏", "fenguan-ms", f"/desk/draws/{DRAW}/stage/", tallest=720),
    Shot("检查记录", "fenguan-ms", f"/desk/tasks/{RESULT}/", tallest=900),
    Shot("检查对象名录", "minglu-ms", f"/desk/objects/?unit={UNIT}", tallest=900),
    Shot("导入", "minglu-ms", f"/desk/objects/import/?unit={UNIT}", tallest=760),
    Shot("检查人员名录", "minglu-ms", f"/desk/inspectors/?unit={UNIT}", tallest=900),
    Shot("外勤", "jiancha-210504-01", "/field/", follow=".ph-card.done:has-text('已公开') a", phone=True),
    Shot("非现场查看", "jiancha-210521-02", "/field/210521-2026Q2-0003/looks/", phone=True),
    Shot("数据交换", "jihua-hr", "/desk/exchange/", tallest=900),
    Shot("核对差异", "jihua-hr", "/desk/exchange/", follow="main a[href*='/differences/']", tallest=760),
    Shot("汇总", "qiantou", f"/desk/publish/summary/{QUARTER}/", tallest=900),
    Shot("全市进度", "jiandu", f"/desk/city/?quarter={QUARTER}", tallest=900),
    Shot("统筹指导", "qiantou", "/desk/coordination/?quarter=2026Q3", tallest=900),
    Shot("结果汇总", "qiantou", f"/desk/city/results/?quarter={QUARTER}", tallest=900),
    Shot("操作记录", "guancha", "/desk/log/", tallest=760),
    Shot("账号与授权", "xitong", "/desk/accounts/?office=210504", tallest=760),
]


def signed_in(browser: Browser, base: str, account: str, phone: bool) -> Page:
    scale = 2 if phone else 1
    page = browser.new_context(
        base_url=base,
        locale="zh-CN",
        viewport={"width": WIDTH // scale, "height": 720},
        device_scale_factor=scale,
        reduced_motion="reduce",
    ).new_page()
    if account:
        page.goto("/desk/login/")
        page.fill("#id_username", account)
        page.fill("#id_password", PASSWORD)
        page.click("main button[type=submit]")
        if page.locator("#id_username").count():
            raise SystemExit(f"不能以 {account} 登录：这个地址上的不是演示系统。")
    return page


def picture(page: Page, shot: Shot) -> bytes:
    """Return the page as a PNG of few colours, the first palette that keeps it small enough."""
    answer = page.goto(shot.path)
    if shot.follow:
        page.locator(shot.follow).first.click()
        page.wait_for_load_state()
    elif answer is None or not answer.ok:
        raise SystemExit(f"{shot.path}（{shot.account or '不登录'}）没有打开：{answer and answer.status}")
    raw = page.screenshot(full_page=not shot.phone)
    with Image.open(io.BytesIO(raw)) as whole:
        cut = whole.convert("RGB").crop((0, 0, WIDTH, whole.height if shot.phone else min(whole.height, shot.tallest)))
    for colours in COLOURS:
        out = io.BytesIO()
        cut.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE).save(
            out, "PNG", optimize=True
        )
        if out.tell() <= LARGEST_PICTURE:
            return out.getvalue()
    raise SystemExit(f"{shot.name} 有 {out.tell():,} 字节，超过 {LARGEST_PICTURE:,}；把 tallest 改小。")


def main() -> None:
    parser = argparse.ArgumentParser(description="从正在运行的演示系统截取手册的图。")
    parser.add_argument("base", help="演示系统的地址，如 http://127.0.0.1:8000")
    parser.add_argument("--only", nargs="*", help="只截这几张（图名）")
    options = parser.parse_args()
    chromium = os.environ.get("BENXI_CHROMIUM", "/usr/bin/chromium")
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium if Path(chromium).exists() else None,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        pages: dict[str, Page] = {}
        for shot in SHOTS:
            if options.only and shot.name not in options.only:
                continue
            if shot.account not in pages:
                pages[shot.account] = signed_in(browser, options.base, shot.account, shot.phone)
            content = picture(pages[shot.account], shot)
            (OUT / f"{shot.name}.png").write_bytes(content)
            sys.stdout.write(f"{shot.name}.png　{len(content):,} 字节\n")
        browser.close()
    total = sum(p.stat().st_size for p in OUT.glob("*.png"))
    sys.stdout.write(f"共 {total:,} 字节\n")
    if total > LARGEST_ALL:
        raise SystemExit(f"超过 {LARGEST_ALL:,} 字节。")


if __name__ == "__main__":
    main()
