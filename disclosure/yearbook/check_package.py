"""校验年度卷的电子档案包，只要 Python 3.8 以上，不联网，不要本系统。

用法：  python3 check_package.py 年度卷.zip
        python3 check_package.py 解开的文件夹

逐个核对清单里的文件：有没有、多没多、大小和 SHA-256 对不对；再用包里的 ssj1.py 重新计算本年的全部抽取。
全部相符退出码为 0，有不符为 1，读不了为 2。最后一行是清单的 SHA-256，和年度卷页面、移交清单上的核对。
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
import zlib

FORMAT = "BENXI-YEAR-1"
MANIFEST = "manifest.json"
HISTORY = "draws/history.json"
PROGRAM = "ssj1.py"
# What the zip of a package raises where one of its bytes was changed: in the list of files, or in what is packed.
SPOILT = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


def main(arguments):
    for stream in (sys.stdout, sys.stderr):  # a console that lacks a character shows its number instead of stopping
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if len(arguments) != 1:
        print(__doc__.strip())
        return 2
    try:
        return check(opened(arguments[0]))
    except (*SPOILT, ValueError, KeyError, TypeError) as error:
        print(f"读不了：{error}")
        return 2


def opened(path):
    """Name of each file → how to read it, from a zip or from a folder."""
    if os.path.isdir(path):
        found = {}
        for folder, _, names in os.walk(path):
            for name in names:
                whole = os.path.join(folder, name)
                found[os.path.relpath(whole, path).replace(os.sep, "/")] = lambda whole=whole: _bytes_of(whole)
        return found
    archive = zipfile.ZipFile(path)
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    if len(names) != len(set(names)):
        raise ValueError("包里有重名的文件")
    return {name: lambda name=name: archive.read(name) for name in names}


def _bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def check(files):
    text = files[MANIFEST]()
    manifest = json.loads(text.decode("utf-8"))
    if manifest["format"] != FORMAT:
        raise ValueError("不是年度卷的电子档案包")
    wrong, listed = [], {entry["path"]: entry for entry in manifest["files"]}
    for path, entry in listed.items():
        if path not in files:
            wrong.append(f"缺少：{path}")
            continue
        try:
            content = files[path]()
        except (*SPOILT, ValueError) as error:
            wrong.append(f"读不了：{path}（{error}）")
            continue
        if len(content) != entry["size"] or hashlib.sha256(content).hexdigest() != entry["sha256"]:
            wrong.append(f"内容变了：{path}")
    wrong += [f"清单里没有：{path}" for path in sorted(set(files) - set(listed) - {MANIFEST})]
    unit = manifest["unit"][1]
    print(f"{unit} {manifest['year']} 年度卷，档号 {manifest['number']}，文件 {len(listed)} 个。")
    if not wrong and HISTORY in files:
        wrong += recomputed(files)
    for line in wrong:
        print(line)
    print("有不符，见上。" if wrong else "全部相符。")
    print("清单的 SHA-256：" + hashlib.sha256(text).hexdigest())
    return 1 if wrong else 0


def recomputed(files):
    """Every draw of the year anew, with the program of the package, whose own digest was just checked."""
    with tempfile.TemporaryDirectory() as folder:
        for name, path in (("ssj1.py", PROGRAM), ("history.json", HISTORY)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(files[path]())
        done = subprocess.run(
            [sys.executable, "ssj1.py", "history", "history.json"], cwd=folder, capture_output=True, check=False
        )
    said = done.stdout.decode("utf-8", "replace").strip()
    print(said)
    return [] if done.returncode == 0 else ["抽取重新计算不一致"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
