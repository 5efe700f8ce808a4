"""Ask a program of the browser the same as ours: in one process of Node, or in a page where there is no Node."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from benxi_shuangsuiji.machine import equipment

IN_NODE = """
const {name} = require({path});
const given = JSON.parse(require("fs").readFileSync(0, "utf-8"));
(async () => process.stdout.write(JSON.stringify(await ({answer}))))();
"""


def asked(request, program: Path, name: str, answer: str) -> Callable:
    """`answer`: an expression over `given`, in which the program is called by its `name`."""
    if node := equipment.node():
        code = IN_NODE.format(name=name, path=json.dumps(str(program)), answer=answer)
        return lambda given: json.loads(
            subprocess.run([node, "-e", code], input=json.dumps(given).encode(), capture_output=True, check=True).stdout
        )
    page = request.getfixturevalue("chromium").new_page()
    request.addfinalizer(page.close)
    page.add_script_tag(content=program.read_text(encoding="utf-8"))
    return lambda given: page.evaluate(f"(given) => {answer}", given)
