"""A volume of 200 pages, 80 of them photographs, beside WeasyPrint typesetting the very same pages in one go (issue 13).

    .venv/bin/python -m tests.benchmarks.volume             # some two minutes

Each way runs in a process of its own, which says how long it was busy and the most memory it held. Ours is what the worker does:
paper by paper, each a file, then joined, every page numbered, the structure of own papers kept. WeasyPrint alone neither numbers
nor keeps papers apart; it is given the photographs as they are, unconverted.
"""

import argparse
import base64
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES, PHOTOS, PAPERS = 200, 80, 12
GOAL, GOAL_MIB = 1.1, 1024
HEAD = (
    '<html lang="zh-CN"><head><title>案卷</title><meta name="dcterms.created" content="2026-07-01T00:00:00+08:00"><style>'
    "@page {{ size: A4; margin: 20mm }} section {{ break-after: page; font: 11pt/1.6 serif }} td {{ border: 1px solid }}"
    " img {{ width: 170mm; height: 113mm }}</style></head><body>{}</body></html>"
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--run", choices=("ours", "alone"))
    asked = options.parse_args()
    if asked.run:
        sys.stdout.write(json.dumps(run(asked.run, PAGES, PHOTOS)) + "\n")
        return
    found = {way: _measured(way) for way in ("alone", "ours")}
    for way, said in found.items():
        sys.stdout.write(f"{way:6} {said['seconds']:7.1f} s  {said['mib']:6.0f} MiB  {said['pages']} pages\n")
    ratio = found["ours"]["seconds"] / found["alone"]["seconds"]
    sys.stdout.write(
        f"ours / WeasyPrint alone {ratio:.2f} (goal {GOAL}); peak {found['ours']['mib']:.0f} MiB (goal {GOAL_MIB})\n"
    )
    if ratio > GOAL or found["ours"]["mib"] > GOAL_MIB:
        sys.exit(1)


def _measured(way: str) -> dict:
    command = [sys.executable, "-m", "tests.benchmarks.volume", "--run", way]
    said = subprocess.run(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.loads(said.splitlines()[-1])


def run(way: str, pages: int, photos: int) -> dict:
    texts, pictures = [page_of(n) for n in range(pages - photos)], [picture_of(n) for n in range(photos)]
    start = time.process_time()
    made = {"ours": ours, "alone": alone}[way](texts, pictures)
    busy = time.process_time() - start
    return {"seconds": busy, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "pages": made}


def page_of(n: int) -> str:
    """As full as a check's papers are: a table of points with what was found."""
    rows = "".join(
        f"<tr><td>{m}</td><td>污染防治设施运行情况</td><td>第 {n} 页第 {m} 点未发现问题。</td></tr>" for m in range(24)
    )
    return f"<section><h2>第 {n} 份</h2><table>{rows}</table><p>{'检查情况属实。' * 20}</p></section>"


def picture_of(n: int) -> bytes:
    """A photograph as the phone reduces it: 2,000 pixels, some 600 kB."""
    from PIL import Image, ImageFilter

    out = io.BytesIO()
    seen = Image.effect_noise((500, 333), 40 + n % 9).resize((2000, 1333)).filter(ImageFilter.GaussianBlur(1))
    seen.convert("RGB").save(out, "JPEG", quality=88)
    return out.getvalue()


def ours(texts: list[str], pictures: list[bytes]) -> int:
    from benxi_shuangsuiji.documents import pdf, volumes

    size = max(1, len(texts) // PAPERS)
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for n, at in enumerate(range(0, len(texts), size)):
            path = Path(folder) / f"{n}.pdf"
            path.write_bytes(pdf.render(HEAD.format("".join(texts[at : at + size])), mark=f"BXP:1:RECORD:{n:08d}"))
            parts.append(volumes.Part(f"文书 {n}", path))
        path = Path(folder) / "photos.pdf"
        path.write_bytes(volumes.assembled(iter(pictures)))
        parts.append(volumes.Part("现场照片", path, ours=False))
        made = Path(folder) / "volume.pdf"
        volumes.joined([pdf.render(HEAD.format("<section>封面</section>"))], parts, title="案卷", to=made)
        return volumes.pages_in(made.read_bytes())


def alone(texts: list[str], pictures: list[bytes]) -> int:
    import weasyprint

    from benxi_shuangsuiji.documents import volumes

    shown = [
        f'<section><img alt="照片" src="data:image/jpeg;base64,{base64.b64encode(p).decode()}"></section>'
        for p in pictures
    ]
    html = HEAD.format("".join(["<section>封面</section>", *texts, *shown]))
    return volumes.pages_in(weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/a-3a"))


if __name__ == "__main__":
    main()
