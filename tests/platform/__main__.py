"""`python -m tests.platform FOLDER`: one step of the stand-in; packages come into inbox/, answers go to outbox/."""

import sys
from pathlib import Path

from tests.platform.stand_in import Platform

if len(sys.argv) != 2:
    sys.exit("python -m tests.platform FOLDER")
for answer in Platform(Path(sys.argv[1])).step():
    sys.stdout.write(f"{answer.state} {answer.words}\n")
