"""Units and names by decision, shared keys, rows that move, the replica, the proxy's arguments (decisions 0068, 0069, 0071, 0075, 0076, 0079)."""

from .planting import Fault

UNITS, GUARDS, READING = (
    "benxi_shuangsuiji/accounts/rules.sql",
    "benxi_shuangsuiji/database/guards.sql",
    "benxi_shuangsuiji/database/reading.py",
)
NAMES, KEYS = "tests/accounts/test_units.py::test_", "tests/foundation/test_shared_keys.py::test_"
FORGED = f"{NAMES}a_change_that_is_done_opens_nothing_and_one_that_is_due_only_what_was_approved"

FAULTS = [
    Fault(
        "names-of-units-by-hand",
        "somebody gives a unit another name, or sets one up, in SQL (0075)",
        "P04",
        (f"{NAMES}nobody_changes_a_name_past_the_two",),
        file=UNITS,
        old="    IF owns(TG_RELID) OR is_now = was\n",
        new="    IF true OR is_now = was\n",
    ),
    Fault(
        "names-of-the-site-by-hand",
        "somebody gives the site another name in SQL (0075)",
        "P04",
        (f"{NAMES}nobody_changes_a_name_past_the_two",),
        file=UNITS,
        old="    IF NOT owns(TG_RELID) AND EXISTS (SELECT FROM accounts_unit) AND NOT EXISTS (SELECT FROM accounts_unitchange c\n",
        new="    IF false AND NOT EXISTS (SELECT FROM accounts_unitchange c\n",
    ),
    Fault(
        "done-again",
        "a change of units that was carried out is stamped anew and opens the database once more (0075)",
        "P14",
        (FORGED,),
        sql="DROP TRIGGER done_once ON accounts_unitchange",
    ),
    Fault(
        "done-before-its-day",
        "a change of units is carried out before its day (0075)",
        "P14",
        (FORGED,),
        file=UNITS,
        old="       AND change.effective_from <= (sj_now() AT TIME ZONE 'Asia/Shanghai')::date\n",
        new="",
    ),
    Fault(
        "another-name-than-approved",
        "a unit takes another name than the one that was approved (0075)",
        "P04",
        (FORGED,),
        file=UNITS,
        old="c.unit_id = NEW.id AND c.values - names = '{}' AND is_now = was || c.values\n",
        new="c.unit_id = NEW.id AND c.values - names = '{}'\n",
    ),
    Fault(
        "two-changes-of-one-unit",
        "a second change of a unit is asked for while the first is on its way (0075)",
        "P14",
        (f"{NAMES}of_one_thing_one_change_is_on_its_way_until_it_is_done_or_taken_back",),
        file="benxi_shuangsuiji/accounts/unit_actions.py",
        old='    refuse_if(rules.why_not_beside(kind, unit, values.get("code", "")))\n',
        new="",
    ),
    Fault(
        "a-city-as-it-comes",
        "the file of another city is not looked over before it is carried out (0076)",
        "P14",
        ("tests/accounts/test_another_city.py::test_a_file_that_is_wrong_makes_nothing_and_says_where",),
        file="benxi_shuangsuiji/accounts/filling.py",
        old="    refuse_if(why_not(filling))\n",
        new="",
    ),
    Fault(
        "refers-to-nothing",
        "a row of many may refer to one that is not there (0071)",
        "P14",
        (f"{KEYS}one_row_among_many_that_refers_to_nothing_refuses_the_statement",),
        file=GUARDS,
        old="    IF lost IS NOT NULL THEN\n",
        new="    IF false THEN\n",
    ),
    Fault(
        "not-held-while-referred-to",
        "a row goes while another transaction begins to refer to it (0071)",
        "P14",
        (f"{KEYS}what_is_referred_to_is_held_and_stays_for_the_owner_too",),
        file=GUARDS,
        old="WHERE %3$I = said.key FOR KEY SHARE) LIMIT 1',",
        new="WHERE %3$I = said.key) LIMIT 1',",
    ),
    Fault(
        "goes-while-referred-to",
        "a row to which others refer may be deleted (0071)",
        "P02",
        (f"{KEYS}what_is_referred_to_is_held_and_stays_for_the_owner_too",),
        file=GUARDS,
        old="    IF stands THEN\n",
        new="    IF false THEN\n",
    ),
    Fault(
        "lost-while-waiting",
        "who waited for a row that was moved meanwhile finds none (0079)",
        "P15",
        ("tests/foundation/test_locks.py::test_who_waits_for_a_row_that_then_points_elsewhere_finds_it_as_it_is_now",),
        file="benxi_shuangsuiji/database/locks.py",
        old="        except self.model.DoesNotExist:\n            return self._held(pk, along, fresh_keys)\n",
        new="        except self.model.DoesNotExist:\n            raise\n",
    ),
    Fault(
        "late-for-ever",
        "a replica is read however late it is (0069)",
        "P06",
        (
            "tests/disclosure/site/test_replica.py::test_a_replica_that_is_always_late_is_not_read_for_longer_than_it_may_be",
        ),
        file=READING,
        old="(told[0][0] <= shown and now - told[0][1] < MOST_LAG)",
        new="told[0][0] <= shown",
    ),
    Fault(
        "replica-asked-first",
        "the replica is asked before the first server, and seems late for ever (0069)",
        "P26",
        (
            "tests/disclosure/site/test_replica.py::test_a_replica_that_keeps_up_is_read_where_something_is_always_written",
        ),
        file=READING,
        old="        at, first = monotonic(), self._ask(PUBLIC_ALIAS, _WRITTEN)\n"
        "        if (stands := self._ask(REPLICA_ALIAS, _STANDS)) is None:\n",
        new="        stands = self._ask(REPLICA_ALIAS, _STANDS)\n"
        "        at, first = monotonic(), self._ask(PUBLIC_ALIAS, _WRITTEN)\n"
        "        if stands is None:\n",
    ),
    Fault(
        "kept-from-two-servers",
        "a page that one server told is kept for readers of the other (0069)",
        "P06",
        ("tests/disclosure/site/test_kept.py::test_what_was_read_from_one_server_is_not_kept_for_pages_of_another",),
        file="disclosure/kept.py",
        old="        if state.source != reading.current():",
        new="        if False:",
    ),
    Fault(
        "every-word-to-the-program",
        "the proxy hands every argument on to pages that read none (0068)",
        "P26",
        (
            "tests/test_containers.py::"
            "test_the_proxy_tells_pages_apart_by_the_arguments_that_they_read_and_by_no_others",
        ),
        file="docs/deploy/nginx.conf",
        old='map $uri $asks {\n    default "";\n',
        new="map $uri $asks {\n    default every;\n",
    ),
]
