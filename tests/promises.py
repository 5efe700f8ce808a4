"""What reliability.md promises and what the reviews found, and the tests that wear it; writes docs/promises.md.

`.venv/bin/python -m tests.promises` writes the page from the marks; a test compares it. No list by hand says which test proves
what: a test wears `@pytest.mark.promise("P07")` or `@pytest.mark.story("S4")`.
"""

from pathlib import Path

from benxi_shuangsuiji.machine import equipment

from .clause_summary import TESTS, Wearing, wearings

PAGE = TESTS.parent / "docs" / "promises.md"

PROMISES = {
    "P01": "one effective result per plan, whatever the clicks, workers, replicas",
    "P02": "a drawn list cannot be altered by the application's database role",
    "P03": "no second chance: crash, rollback, retry give the same list or none, and each attempt is visible",
    "P04": "who asks does not decide; the old entry stays visible",
    "P05": "nobody learns a drawn list or seed before its release, and each look is recorded",
    "P06": "a publication can be corrected or withdrawn, never erased or back-dated",
    "P07": "a branch never sees another branch's unpublished data",
    "P08": "the public site cannot read anything unpublished",
    "P09": "a right removed is gone at the next click, also in jobs and links",
    "P10": "every change leaves a trace: who, when, before, after",
    "P11": "tampering with the trace is detectable by outsiders",
    "P12": "a killed worker loses no reminder and sends none twice",
    "P13": "a crash in mid-import leaves nothing half done",
    "P14": "multi-step work is all or nothing and in order",
    "P15": "every form is safe to send twice; no edit is lost silently",
    "P16": "deadlines are right on every day of 2025 to 2027",
    "P17": "one clock",
    "P18": "codes are never damaged",
    "P19": "no uploaded file can stop or take over the service",
    "P20": "evidence stays what it was",
    "P21": "documents say exactly what the record says and cannot reach out",
    "P22": "no injection",
    "P23": "only the right person is signed in",
    "P24": "personal data do not leave",
    "P25": "failures are clean",
    "P26": "a public rush does not touch staff",
    "P27": "any backup can be proved good",
    "P28": "upgrades do not stop work",
    "P29": "an insecure configuration does not start",
    "P30": "anyone can verify",
}

STORIES = {
    # Attacked on its own ground
    "S1": "the trail evaded by changing a row's key with its content",
    "S2": "a password replaced by SQL leaves no trace",
    "S3": "one INSERT by the web's login runs a command in the worker",
    "S4": "a forged publication is shown to the public, nothing notices",
    "S5": "tampering with the trail alarms nobody",
    "S6": "facts outside the draw have no guard in the database",
    "S7": "an insecure configuration starts",
    "S8": "no time limits in the database",
    "S9": "the marked copy of a workbook is made without limits in the web process",
    "S10": "no second factor, no fresh sign-in, strangers lock people out, failures are in no trail",
    "S11": "database away, damaged file, lost storage shown as 500; a killed server of the demo stays down",
    "S12": "settings of the login, large objects, rows that are never purged, a job waits for its dead worker",
    # Operated as the city's computer people would
    "O1": "units accused in public of time before first use",
    "O2": "a lock-out hits everybody behind the gateway",
    "O3": "a changing query string starves the staff side",
    "O4": "a mail server that says nothing stops the worker",
    "O5": "mail is thrown away after three minutes",
    "O6": "health checks are none",
    "O7": "database away = public error page",
    "O8": "backup and restore are one table of three lines",
    "O9": "restore on another server leaves entries outside the chain",
    "O10": "roles.sql fails on a server of locale C and cannot be run again",
    "O11": "the guide by hand is two lines",
    "O12": "one .env gives the web the owner's password",
    "O13": "mails with an empty body, without address or link",
    "O14": "plain-text logs with search words in the clear",
    "O15": "pages and style sheets sent uncompressed and for a minute",
    "O16": "HSTS with preload from the first response",
    "O17": "a leader does not find what waits for his approval",
    "O18": "accounts cannot be renamed or moved",
    "O-scale": "pages of a big unit take half a minute and 900 MB",
}


def worn(mark: str) -> list[Wearing]:
    return wearings(mark=mark)


def faults(known: dict[str, str], marks: list[Wearing], mark: str) -> list[str]:
    """Where the list and the tests disagree. A test that a machine may skip proves nothing here."""
    found = [f"{one.where}: {mark} {one.id} is unknown" for one in marks if one.id not in known]
    found += [f"{one.where}: {mark} {one.id} is on no test" for one in marks if not one.on_a_test]
    proved = {one.id for one in marks if one.on_a_test and not one.skipped}
    return found + [f"no test that always runs wears {mark} {id_}" for id_ in known if id_ not in proved]


def _table(known: dict[str, str], marks: list[Wearing]) -> list[str]:
    lines = ["| | | tests |", "|---|---|---|"]
    for id_, words in known.items():
        tests = sorted({one.where for one in marks if one.id == id_})
        lines.append(f"| {id_} | {words} | {'<br>'.join(f'`{test}`' for test in tests)} |")
    return lines


def page() -> str:
    lines = [
        "# Promises and stories",
        "",
        "Written by `.venv/bin/python -m tests.promises` from the marks that the tests wear.",
    ]
    lines += ["What each promise means: reliability.md.", ""]
    lines += ["## Promises", "", *_table(PROMISES, worn("promise")), ""]
    lines += ["## What the reviews of security (S) and operations (O) found, and the tests that tell its story", ""]
    return "\n".join([*lines, *_table(STORIES, worn("story"))]) + "\n"


def write(to: Path = PAGE) -> None:
    to.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
    equipment.say(f"{PAGE}")
