"""A spreadsheet program between an export and its import: LibreOffice, on the machines that have one."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
# Comma, quotes, UTF-8, from row 1; cells as they are shown.
_FILTERS = {"csv": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"}


def resaved(content: bytes, *endings: str, opened_as: str = "xlsx") -> bytes:
    """The table opened and saved by the program in one format after the other; of a csv only its first sheet is left."""
    if PROGRAM is None:
        pytest.skip("本机没有 LibreOffice：表格经它存一遍再读回来的测试已跳过。No LibreOffice on this machine.")
    with TemporaryDirectory(prefix="benxi-office-") as folder:
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        for step, ending in enumerate(endings):
            source = Path(folder, f"{step}.{opened_as}")
            source.write_bytes(content)
            out = Path(folder, str(step))
            command = [
                PROGRAM,
                profile,
                "--headless",
                "--convert-to",
                _FILTERS.get(ending, ending),
                "--outdir",
                out,
                source,
            ]
            subprocess.run(command, check=True, timeout=180, capture_output=True)
            content, opened_as = Path(out, f"{step}.{ending}").read_bytes(), ending
    return content
