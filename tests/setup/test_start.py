"""What a process loads before anybody has asked it for anything."""

import subprocess
import sys

from django.conf import settings

LOADED = """
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().reverse_dict
print(*sorted(name for name in sys.modules if name in sys.argv[1:]))
"""
LATER = ["openpyxl", "pypinyin", "docx", "weasyprint", "python_calamine"]


def test_a_start_loads_nothing_that_only_some_work_needs():
    """A second of every start, of every worker, every command and every test process."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOADED, *LATER],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.split() == []
