"""One step of the stand-in: packages come into FOLDER/inbox/, answers go to FOLDER/outbox/; what it knows stays in FOLDER.

    python -m tests.platform FOLDER                                    # the platform of 210504, from the first package on
    python -m tests.platform FOLDER --unit 210522:2:3 --leads results  # from BXS-210522-000003 and MEP-210522-000004 on

A unit is named once, with the last package that came from it and the last that was sent to it, such as those of a demo that was played.
"""

import argparse
import re
import sys
from pathlib import Path

from tests.platform.stand_in import LEADS, Platform


def unit(said: str) -> tuple[str, int, int]:
    found = re.fullmatch(r"([0-9A-Z]{6})(?::(\d{1,6})(?::(\d{1,6}))?)?", said)
    if found is None:
        raise argparse.ArgumentTypeError(f"{said} is not CODE, CODE:LAST or CODE:LAST:LAST, such as 210522:2:3")
    return found[1], int(found[2] or 0), int(found[3] or 0)


options = argparse.ArgumentParser(
    prog="python -m tests.platform", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
)
options.add_argument("folder", type=Path)
options.add_argument(
    "--unit",
    type=unit,
    action="append",
    metavar="CODE:LAST:LAST",
    help="last package of the system, last of the platform",
)
options.add_argument("--leads", nargs="*", choices=[*LEADS], default=[], help="what the platform leads")
options.add_argument("--late", type=int, default=0, metavar="STEPS", help="acknowledge so many steps later")
asked = options.parse_args()
leads = {kind: "MEP" if kind in asked.leads else side for kind, side in LEADS.items()}
platform = Platform(asked.folder, units=() if asked.unit else ("210504",), leads=leads, late=asked.late)
try:
    for code, last, made in asked.unit or ():
        platform.join(code, last, made)
except ValueError as refusal:
    sys.exit(str(refusal))
for answer in platform.step():
    sys.stdout.write(f"{answer.state} {answer.words}\n")
