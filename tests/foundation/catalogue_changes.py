"""What differs from `catalogue_before.txt`, and why: the written table of issue 9.

One line says one thing. `where` is a table, a view, a function with `()`, or one whole entry such as
`column plans_draw.status`; in all that the catalogue tells of it the word `old` stands as `new` today. Names that nobody
chose (of keys and of the indexes of foreign keys) follow by themselves.
"""

from typing import NamedTuple


class Renamed(NamedTuple):
    where: str
    old: str
    new: str
    why: str


LOCAL = {"generalratiopolicy": "ratio_policy", "unitpolicy": "unit_policy", "localscheme": "local_scheme"}  # of plans

# One way to decide: the columns of `forms.decision.Decision` (issue 9).
REGISTRY = [
    Renamed("registry_changeproposal", "proposed_by_id", "asked_by_id", "a `Decision` has the same columns everywhere"),
    Renamed("registry_changeproposal", "proposed_at", "asked_at", "a `Decision` has the same columns everywhere"),
    Renamed("registry_changeproposal", "PENDING", "ASKED", "a `Decision` has the same three states everywhere"),
    Renamed("column registry_changeproposal.state", "10", "9", "a `Decision` has the same three states everywhere"),
    Renamed("registry_positiveexit", "proposed_at", "asked_at", "a `Decision` has the same columns everywhere"),
    Renamed("registry_positiveexit", "PENDING", "ASKED", "a `Decision` has the same three states everywhere"),
    Renamed("column registry_positiveexit.state", "11", "9", "a `Decision` has the same three states everywhere"),
    Renamed(
        "registry_conflictofinterest", "declared_by_id", "asked_by_id", "a `Decision` has the same columns everywhere"
    ),
    Renamed("registry_conflictofinterest", "declared_at", "asked_at", "a `Decision` has the same columns everywhere"),
    Renamed("column registry_conflictofinterest.state", "8", "9", "a `Decision` has the same three states everywhere"),
    Renamed(
        "registry_interestdeclaration", "declared_by_id", "asked_by_id", "a `Decision` has the same columns everywhere"
    ),
    Renamed("registry_interestdeclaration", "declared_at", "asked_at", "a `Decision` has the same columns everywhere"),
    Renamed("column registry_interestdeclaration.state", "8", "9", "a `Decision` has the same three states everywhere"),
    Renamed(
        "registry_changeproposal",
        "proposal_is_not_decided_by_who_made_it",
        "changeproposal_is_decided_by_another",
        "the rules of a `Decision`, made from its name",
    ),
    Renamed(
        "registry_conflictofinterest",
        "nobody_approves_an_interest_he_declared",
        "conflictofinterest_is_decided_by_another",
        "the rules of a `Decision`, made from its name",
    ),
    Renamed(
        "registry_interestdeclaration",
        "nobody_approves_a_declaration_of_his_own",
        "interestdeclaration_is_decided_by_another",
        "the rules of a `Decision`, made from its name",
    ),
]
ASKING = "one way to decide: columns and states of every request are called alike"
DECIDER = "one way to decide: the rule is written once and named after its model"
WIDTH = "one way to decide: the longest state of all requests"
PLANS = [
    *(
        Renamed(f"plans_{kind}request", old, new, ASKING)
        for kind in ("amendment", "correction", "abort")
        for old, new in (("requested_by_id", "asked_by_id"), ("requested_at", "asked_at"), ("status", "state"))
    ),
    Renamed("plans_correctionrequest", "REQUESTED", "ASKED", ASKING),
    Renamed("plans_abortrequest", "REQUESTED", "ASKED", ASKING),
    *(
        Renamed(
            f"plans_{kind}request",
            f"{kind}_is_not_decided_by_who_asked",
            f"{kind}request_is_decided_by_another",
            DECIDER,
        )
        for kind in ("amendment", "correction", "abort")
    ),
    *(
        Renamed(f"{rule}_request()", old, new, ASKING)
        for rule in ("amendment", "correction")
        for old, new in (
            ("requested_by_id", "asked_by_id"),
            ("requested_at", "asked_at"),
            ("NEW.status", "NEW.state"),
            ("OLD.status", "OLD.state"),
            ("REQUESTED", "ASKED"),
        )
    ),
    Renamed("amendment_picks()", "r.status = 'REQUESTED'", "r.state = 'ASKED'", ASKING),
    Renamed("draw_document()", "asked.status", "asked.state", ASKING),
    Renamed("draw_document()", "run = NEW.run AND status", "run = NEW.run AND state", ASKING),
    Renamed("draw_document()", "requested_by_id", "asked_by_id", ASKING),
    Renamed("draw_document_abort()", "status = 'APPROVED'", "state = 'APPROVED'", ASKING),
    Renamed("draw_document_abort()", "requested_by_id", "asked_by_id", ASKING),
    Renamed("draw_value()", "c.status = 'REQUESTED'", "c.state = 'ASKED'", ASKING),
    Renamed("draw_value_valid()", "c.status", "c.state", ASKING),
    Renamed("plans_public_correction", "c.status", "c.state", ASKING),
    *(
        Renamed(f"plans_{table}", f"{rule}_is_not_decided_by_who_asked", f"{table}_is_decided_by_another", DECIDER)
        for table, rule in LOCAL.items()
    ),
    *(
        Renamed(f"column plans_{table}.state", "character varying(8)", "character varying(9)", WIDTH)
        for table in (*LOCAL, "filing")
    ),
    *(
        Renamed("plans_filing", old, new, ASKING)
        for old, new in (
            ("sent_by_id", "asked_by_id"),
            ("sent_at", "asked_at"),
            ("SENT", "ASKED"),
            ("RECEIVED", "APPROVED"),
        )
    ),
]
TWO_PAIRS = ("campaign", "coveragereason", "frequencycap", "unfinishedreason")
RECEIVED = "constraint inspections_workreport.a_report_received_has_a_number_and_a_return_its_reason"
# What one asked and another decided, by the table's own words of before; `opinion` stays.
WHO_AND_WHEN = {
    "campaign": {"made": "asked", "approved": "decided"},
    "coveragereason": {"entered": "asked", "approved": "decided"},
    "frequencycap": {"proposed": "asked", "approved": "decided"},
    "onsiterequest": {"requested": "asked"},
    "targetedcheck": {"requested": "asked"},
    "unfinishedreason": {"entered": "asked", "approved": "decided"},
    "workreport": {"sent": "asked"},
}
INSPECTIONS: list[Renamed] = [
    *(
        Renamed(f"inspections_{table}", f"{old}_{what}", f"{new}_{what}", "columns of Decision")
        for table, words in WHO_AND_WHEN.items()
        for old, new in words.items()
        for what in ("by_id", "at")
    ),
    Renamed("inspections_targetedcheck", "status", "state", "columns of Decision"),
    Renamed("column inspections_onsiterequest.state", "8", "9", "as long as every state"),
    Renamed("column inspections_workreport.state", "8", "9", "as long as every state"),
    Renamed("index inspections_onsiterequest.one_pending_onsite_request", "PENDING", "ASKED", "states of Decision"),
    Renamed(RECEIVED, "SENT", "ASKED", "states of Decision"),
    Renamed(RECEIVED, "RECEIVED", "APPROVED", "states of Decision"),
    Renamed(
        "inspections_onsiterequest",
        "onsite_is_not_approved_by_who_asked",
        "onsiterequest_is_decided_by_another",
        "one name for one rule",
    ),
    Renamed(
        "inspections_targetedcheck",
        "a_targeted_check_is_not_decided_by_who_asked",
        "targetedcheck_is_decided_by_another",
        "one name for one rule",
    ),
]
ONE_STATE = "approved and returned were two pairs of columns, and are one with a state"
INSPECTIONS_NEW = {
    **{f"column inspections_{table}.state": ONE_STATE for table in TWO_PAIRS},
    **{f"constraint inspections_{table}.{table}_is_decided_by_another": ONE_STATE for table in TWO_PAIRS},
    **{f"constraint inspections_{table}.{table}_names_who_decided": ONE_STATE for table in TWO_PAIRS},
    "constraint inspections_campaign.campaign_is_returned_with_an_opinion": ONE_STATE,
    "constraint inspections_frequencycap.frequencycap_is_returned_with_an_opinion": ONE_STATE,
    "constraint inspections_coveragereason.coveragereason_is_decided_with_an_opinion": ONE_STATE,
    "constraint inspections_unfinishedreason.unfinishedreason_is_decided_with_an_opinion": ONE_STATE,
    "index inspections_frequencycap.one_proposed_cap_of_a_category": ONE_STATE,
    "constraint inspections_onsiterequest.onsiterequest_names_who_decided": "asks for the moment, too",
    "constraint inspections_targetedcheck.targetedcheck_names_who_decided": "while it waits nobody has decided, too",
    "constraint inspections_workreport.a_report_is_sent_with_its_figures": "the same, its columns in another order",
}
INSPECTIONS_GONE = {
    **{
        entry: ONE_STATE
        for table in TWO_PAIRS
        for entry in (
            f"column inspections_{table}.returned_at",
            f"column inspections_{table}.returned_by_id",
            f"constraint inspections_{table}.foreign key of returned_by_id",
            f"index inspections_{table}.of btree (returned_by_id)",
        )
    },
    "constraint inspections_campaign.a_campaign_is_decided_by_another": ONE_STATE,
    "constraint inspections_frequencycap.a_cap_is_decided_by_another": ONE_STATE,
    "constraint inspections_coveragereason.coveragereason_is_decided_by_another": ONE_STATE,
    "constraint inspections_unfinishedreason.unfinishedreason_is_decided_by_another": ONE_STATE,
    "index inspections_frequencycap.one_proposed_cap_of_a_category": ONE_STATE,
    "constraint inspections_onsiterequest.an_onsite_request_is_decided_by_somebody": "onsiterequest_names_who_decided",
    "constraint inspections_targetedcheck.a_decided_targeted_check_names_who_decided": "targetedcheck_names_who_decided",
    "constraint inspections_workreport.a_report_is_sent_with_its_figures": "the same, its columns in another order",
}
PUB1 = "the form of the public register (PUB1 §1, §2)"
CORRECTED = "corrections and withdrawals (八(二)-c)"
REVISIONS_NEW = {
    "disclosure_revision": CORRECTED,
    "disclosure_revision_id_seq": CORRECTED,
    "column disclosure_publication.text": PUB1,
    "column disclosure_publication.state": PUB1,
    "column disclosure_publication.change": PUB1,
    "column disclosure_publication.issued_at": CORRECTED,
    "column disclosure_publication.snapshot": PUB1 + ": generated from the text",
    "constraint disclosure_publication.digest_is_that_of_the_text": PUB1,
    "constraint disclosure_publication.a_version_is_in_the_state_that_its_change_says": PUB1,
    "constraint disclosure_publication.no_two_publications_are_the_same_text": PUB1,
    "index disclosure_publication.publication_withdrawn": CORRECTED,
    "constraint disclosure_publication.a_published_result_has_a_day_and_an_outcome": "a tombstone has neither",
    "publication_stamp()": PUB1,
    "column inspections_inspection.withdrawn_at": CORRECTED,
}
REVISIONS_GONE = {
    "column disclosure_publication.snapshot": PUB1 + ": generated from the text",
    "constraint disclosure_publication.a_published_result_has_a_day_and_an_outcome": "a tombstone has neither",
    "publication_stamp()": PUB1,
}
RENAMED = [*REGISTRY, *PLANS, *INSPECTIONS]
# Who is late, who came, what is sealed (issue 10: L-8, L-10, L-11).
LATE_CHANGED = {"draw_says_audits_once()": "nor does the reason of a late draw change (七(二)-a)"}
LATE_NEW = {
    **LATE_CHANGED,
    "column plans_draw.late_reason": "why a draw was held after its day (七(二)-a)",
    "plans_public_lateness": "the same, for the public page",
}
# Tables, views, functions or whole entries that were not there.
NEW: dict[str, str] = {
    "rules_in_force": "which rules `migrate` wrote, so that a change by hand is seen",
    **INSPECTIONS_NEW,
    **LATE_NEW,
    **REVISIONS_NEW,
    **{
        f"constraint plans_{table}.{table}_names_who_decided": "one way to decide: who decided is named, and nobody before"
        for table in ("amendmentrequest", "correctionrequest", "abortrequest", *LOCAL)
    },
    "constraint registry_changeproposal.changeproposal_names_who_decided": "took the place of proposal_is_decided_by_somebody",
    "constraint registry_changeproposal.withdrawn_proposal_has_a_moment": "its other half",
    "column registry_positiveexit.asked_by_id": "a `Decision` has the column; the job that asks is nobody",
    "constraint registry_positiveexit.foreign key of asked_by_id": "comes with the column",
    "index registry_positiveexit.of btree (asked_by_id)": "comes with the column",
    "constraint registry_positiveexit.positiveexit_is_decided_by_another": "the rules of a `Decision`",
    "constraint registry_positiveexit.positiveexit_names_who_decided": "the rules of a `Decision`",
    "constraint registry_conflictofinterest.conflictofinterest_names_who_decided": "took the place of a_decided_interest_names_who_decided, and says too that what waits names nobody",
    "constraint registry_interestdeclaration.interestdeclaration_names_who_decided": "the rules of a `Decision`",
}
# … or are there no more.
GONE: dict[str, str] = {
    **LATE_CHANGED,
    **INSPECTIONS_GONE,
    **REVISIONS_GONE,
    **{
        f"constraint plans_{table}.a_decided_{rule}_names_who_decided": "one way to decide: stands again as …_names_who_decided"
        for table, rule in LOCAL.items()
    },
    "constraint registry_changeproposal.proposal_is_decided_by_somebody": "changeproposal_names_who_decided and withdrawn_proposal_has_a_moment",
    "constraint registry_conflictofinterest.a_decided_interest_names_who_decided": "conflictofinterest_names_who_decided",
}

# Dead ends (issue 10, L-12 … L-15): what the law allows and the rules refused.
DEAD_ENDS_CHANGED = {
    "draw_document()": "an inspector of the city team joins by the word of its own leader (五, docs/decisions/0023)",
}
DEAD_ENDS_NEW = {
    "inspections_provinciallayout_id_seq": "comes with the table",
    "plans_itemkind_id_seq": "comes with the table",
    "inspections_provinciallayout": "the province's columns are a mapping kept as data (七(六)-c)",
    "plans_itemkind": "the kinds of 三 are lengthened by an approved row (三-o: 包括但不限于)",
    "column plans_inspectionitem.random_required": "what a list holds is inspected at random (三-o)",
    "constraint plans_inspectionitem.item_is_inspected_at_random": "what a list holds is inspected at random (三-o)",
}
NEW |= DEAD_ENDS_CHANGED | DEAD_ENDS_NEW
GONE |= DEAD_ENDS_CHANGED
RENAMED = [change for change in RENAMED if change.where not in DEAD_ENDS_CHANGED]  # written anew as a whole

# Who leaves a list, and visits in vain (issue 10, L-4, L-6, L-9).
LEAVING_A_LIST = {
    "column plans_amendmentrequest.file_id": "who leaves the list leaves with a file",
    "constraint plans_amendmentrequest.foreign key of file_id": "comes with the column",
    "index plans_amendmentrequest.of btree (file_id)": "comes with the column",
    "column plans_amendmentrequest.order_no": "a superior's decision has its number",
    "constraint plans_amendmentrequest.who_leaves_the_list_leaves_with_a_file": "no name leaves on a sentence",
    "constraint plans_amendmentrequest.an_order_from_above_has_its_number": "no instruction by word of mouth",
    "column inspections_inspection.earlier_attempt_on": "nobody there: two attempts on different days",
    "column inspections_inspection.outcome_file_id": "a visit in vain is proved",
    "constraint inspections_inspection.foreign key of outcome_file_id": "comes with the column",
    "index inspections_inspection.of btree (outcome_file_id)": "comes with the column",
}
NEW |= LEAVING_A_LIST
# The day of first use, and the checks of before it (issue 10, L-3).
BEFORE_FIRST_USE = "what was before the day of first use can be entered, and accuses nobody"
NEW |= {
    "notices_firstuse": BEFORE_FIRST_USE,
    "first_use_is_fixed()": BEFORE_FIRST_USE,
    "registry_pastchecks": BEFORE_FIRST_USE,
    "registry_pastcheck": BEFORE_FIRST_USE,
    "registry_nopastchecks": BEFORE_FIRST_USE,
    "plans_carry": BEFORE_FIRST_USE,
    "carry_is_fixed()": BEFORE_FIRST_USE,
    "plans_public_carry": BEFORE_FIRST_USE,
    **{
        f"{table}_id_seq": BEFORE_FIRST_USE
        for table in (
            "notices_firstuse",
            "registry_pastchecks",
            "registry_pastcheck",
            "registry_nopastchecks",
            "plans_carry",
        )
    },
}
_DOCUMENT = "    SELECT * INTO doc FROM plans_drawdocument WHERE draw_id = NEW.draw_id AND digest = NEW.doc AND born"
_CARRY = """    -- SSJ1 10: the past is the first entry or none, and belongs to no draw.
    IF NEW.kind = 'CARRY' THEN
        IF NEW.seq <> 1 OR NEW.draw_id IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM plans_carry c WHERE c.state = 'APPROVED' AND c.digest = NEW.doc
                AND ssj1_field(c.text, 'at', 1) = ssj1_time(NEW.at)) THEN
            RAISE EXCEPTION '历史抽查结转只能是公示链第 1 条，随它的文书写入' USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END IF;
"""
RENAMED += [
    Renamed("chain_entry()", "INTO STRICT the_draw", "INTO the_draw", "the first entry may belong to no draw"),
    Renamed(
        "chain_entry()",
        "the_draw.draw_id,\n",
        "coalesce(the_draw.draw_id, '-'),\n",
        "the first entry may belong to no draw",
    ),
    Renamed("chain_entry()", _DOCUMENT, _CARRY + _DOCUMENT, BEFORE_FIRST_USE),
]
# No door beside the second person (L-7, L-13).
SECOND_PERSON = "what one person proposes is a proposal; a ground or a place on the list has the two people who made it"
OF_A_WORKBOOK = "what one workbook asks for is decided as one batch"
COMPLAINT = "a complaint check names a complaint of the register, and its outcome goes back there"
PEOPLE_OF_AN_ENTRY = ("entered_by_id", "approved_by_id", "left_by_id", "exit_approved_by_id")
CHANGED = {
    "column registry_categoryground.approved_by_id": SECOND_PERSON,
    "constraint registry_categoryground.ground_is_not_approved_by_who_entered_it": SECOND_PERSON,
    "constraint inspections_targetedcheck.a_targeted_check_names_what_its_source_rests_on": COMPLAINT,
}
NEW |= {
    **CHANGED,
    **{
        f"{kind} registry_positivelistentry.{what}{name}{end}": SECOND_PERSON
        for name in PEOPLE_OF_AN_ENTRY
        for kind, what, end in (
            ("column", "", ""),
            ("constraint", "foreign key of ", ""),
            ("index", "of btree (", ")"),
        )
    },
    "column registry_positivelistentry.document": SECOND_PERSON,
    "constraint registry_positivelistentry.positive_list_is_approved_by_another": SECOND_PERSON,
    "constraint registry_positivelistentry.who_leaves_the_positive_list_leaves_by_a_decision": SECOND_PERSON,
    "registry_proposalbatch": OF_A_WORKBOOK,
    "registry_proposalbatch_id_seq": OF_A_WORKBOOK,
    "column registry_changeproposal.batch_id": OF_A_WORKBOOK,
    "constraint registry_changeproposal.foreign key of batch_id": OF_A_WORKBOOK,
    "index registry_changeproposal.of btree (batch_id)": OF_A_WORKBOOK,
    "registry_complaintoutcome": COMPLAINT,
    "registry_complaintoutcome_id_seq": COMPLAINT,
    "column registry_complaint.matter": COMPLAINT,
    "column inspections_targetedcheck.complaint_id": COMPLAINT,
    "constraint inspections_targetedcheck.foreign key of complaint_id": COMPLAINT,
    "index inspections_targetedcheck.of btree (complaint_id)": COMPLAINT,
    "index inspections_targetedcheck.one_check_of_a_complaint": COMPLAINT,
}
GONE |= CHANGED
RENAMED += [
    Renamed(
        "amendment_request()",
        f"{row}.evidence",
        f"{row}.evidence, {row}.file_id, {row}.order_no",
        "file and number of a request never change either",
    )
    for row in ("NEW", "OLD")
]
# A list of the whole city, split by unit (issue 11).
_PART = "a list of the whole city is brought once, and its parts are the units' to confirm"
NEW |= {
    "column registry_importbatch.part_of_id": _PART,
    "constraint registry_importbatch.foreign key of part_of_id": _PART,
    "index registry_importbatch.of btree (part_of_id)": _PART,
}
# Names in what becomes public stay with a reason (issue 12, 八(二)-c).
_NAME = "a name in the words of a result stays there for a written reason"
NEW |= {"inspections_keptname": _NAME, "inspections_keptname_id_seq": _NAME}
# What proves a visit (issue 12).
_EVIDENCE = "photographs, scans, samples and recordings of a visit, and who had them in hand"
EVIDENCE = {
    f"inspections_{name}{end}": _EVIDENCE
    for name in ("evidence", "custody", "sample", "recorder", "recording", "recordinggap")
    for end in ("", "_id_seq")
}
NEW |= EVIDENCE
_LOOKED_OVER = "what is stored is read again each night, and what is gone or changed is told"
NEW |= {f"documents_{name}{end}": _LOOKED_OVER for name in ("fileround", "filetrouble") for end in ("", "_id_seq")}
# The outbox of the phone (issue 12).
OUTBOX = dict.fromkeys(
    ("inspections_receipt", "inspections_answerconflict", "inspections_answerconflict_id_seq"),
    "what a phone kept without a network is received once, and two different answers both stay",
)
NEW |= OUTBOX
# The visit on the phone: read, signed, handed in (issue 12).
OF_SIGNATURES = "what was checked is read and signed before it is handed in, and only added to afterwards (N-10)"
OF_A_VISIT = {
    "inspections_signature": OF_SIGNATURES,
    "inspections_signature_id_seq": OF_SIGNATURES,
    "inspections_conclusion": OF_SIGNATURES,
    "inspections_conclusion_id_seq": OF_SIGNATURES,
    "inspections_addendum": OF_SIGNATURES,
    "inspections_addendum_id_seq": OF_SIGNATURES,
    "column inspections_inspection.no_recorder_because": "a visit without a recorder says why (七(五)-h)",
}
NEW |= OF_A_VISIT
RENAMED += [
    Renamed(f"column inspections_{column}", was, now, "what is written at the place is not cut short")
    for column, was, now in (
        ("inspection.enterprise_opinion", "200", "500"),
        ("checkanswer.words", "500", "2000"),
    )
]
# The visit as the enterprise sees it (issue 12).
OF_SERVICE = "every check is notified, and what came of it is told (N-7, N-10)"
OF_CODES = (
    "people read and type the code; what an enterprise reports and says of a visit has its tables (N-9, 七(五)-q)"
)
SERVICE = {
    "inspections_delivery": OF_SERVICE,
    "inspections_delivery_id_seq": OF_SERVICE,
    "inspections_paperbody": OF_SERVICE,
    "inspections_paperbody_id_seq": OF_SERVICE,
    "column inspections_inspection.visit_code": OF_CODES,
    **{
        f"inspections_{table}{end}": OF_CODES
        for table in ("try", "impostorreport", "rating", "enterpriselink", "unitphone")
        for end in ("", "_id_seq")
    },
}
NEW |= SERVICE
# Nobody arrives unapproved, or without his own word (issue 12).
_APPROVAL = "a check is approved, accepted by everybody who goes, and planned for a day before anybody arrives"
NEW |= {
    **{
        f"{table}{end}": _APPROVAL
        for table in ("inspections_approvalchain", "inspections_checkapproval", "inspections_acceptance")
        for end in ("", "_id_seq")
    },
    "column inspections_inspection.planned_on": _APPROVAL,
    "column inspections_inspection.planned_minutes": _APPROVAL,
    "constraint inspections_inspection.check of planned_minutes": _APPROVAL,
    "registry_safetynote": "what whoever enters a place has to know",
    "registry_safetynote_id_seq": "what whoever enters a place has to know",
}
# What a bureau changes on a paper is data (issue 12).
_LAYOUT = "title, number, sentences and fields of a paper are entered by the lead office, from a day on"
NEW |= {"inspections_paperlayout": _LAYOUT, "inspections_paperlayout_id_seq": _LAYOUT}
GONE["column inspections_inspection.visit_code"] = OF_CODES
# 许可事项 (issue 12, 三-o3).
_CONDITION = "what a permit asks of its holder is asked point by point at the check"
NEW |= {"registry_permitcondition": _CONDITION, "registry_permitcondition_id_seq": _CONDITION}
# What each row of an import costs (issue 11).
_COST = "what an index of its own begins with, or nobody asks by, costs each row of an import"
_ONCE = "who confirmed a batch stands in the batch, once"
GONE |= {
    "index registry_facility.of btree (unit_id)": _COST,
    "index registry_facility.of btree (uscc varchar_pattern_ops)": _COST,
    "index registry_facility.of btree (uscc)": "has a name now",
    **{
        f"index registry_facilitychange.of btree ({column})": _COST
        for column in (
            "approved_by_id",
            "entered_by_id",
            "facility_code",
            "facility_code varchar_pattern_ops",
            "facility_id",
        )
    },
    "index registry_facilityrating.of btree (entered_by_id)": _COST,
    "index registry_facilityrating.of btree (facility_id)": _COST,
    "index registry_importline.of btree (batch_id)": _COST,
    "column registry_facilityrating.entered_by_id": _ONCE,
}
NEW |= {
    "index registry_facility.facility_by_uscc": "has a name now",
    "column registry_facilityrating.entered_by_id": _ONCE,
    "constraint registry_facilityrating.a_rating_names_its_batch_or_who_entered_it": _ONCE,
}
# What one person has to do himself; what an enterprise hands in, evidence struck out, officers replaced (issue 12).
_OWN = "a duty may be one person's own: his tasks, what he has to tell, read out and consider"
OF_THE_ENTERPRISE = {
    "column notices_duty.person_id": _OWN,
    "constraint notices_duty.foreign key of person_id": _OWN,
    "index notices_duty.of btree (person_id)": _OWN,
}
NEW |= OF_THE_ENTERPRISE
_SAYS = "the enterprise says what it has to say by the address of its notice, and is answered (N-10)"
NEW |= {f"inspections_{table}{end}": _SAYS for table in ("statement", "statementfile") for end in ("", "_id_seq")}
_STRUCK = "what does not belong to a visit after all is struck out with a reason and never deleted (四(3)-b)"
NEW |= {"inspections_struck": _STRUCK, "inspections_struck_id_seq": _STRUCK}
_SWAP = "an officer of a check that was not drawn is replaced on the word of two people (七(五)-c)"
NEW |= {"inspections_swap": _SWAP, "inspections_swap_id_seq": _SWAP}
# A tap is kept at once, its words follow; a problem names the basis that was chosen (issue 12).
_TAP = "发现问题 is kept at the tap, its words are asked when the result is written; it names one basis of its item"
NEW |= {
    "column inspections_checkanswer.found_under": _TAP,
    "constraint inspections_checkanswer.only_a_problem_found_is_described": _TAP,
}
GONE["constraint inspections_checkanswer.a_problem_found_is_described"] = _TAP
# Papers that come back signed, and the numbers of notices (issue 12).
_SCAN = "a printed, signed and scanned paper is matched by its code"
_NUMBER = "a notice has its number, given once in its unit and year"
NEW |= {f"inspections_paperscan{end}": _SCAN for end in ("", "_id_seq")}
NEW |= {f"inspections_{name}{end}": _NUMBER for name in ("numberword", "noticenumber") for end in ("", "_id_seq")}
# A result that a law keeps from the public, and the closing of a year (二-b).
_WITHHELD = "a result that a law keeps from the public is neither public nor late (二-b)"
NEW |= {
    **{
        f"disclosure_{name}{end}": "a unit's year is bound (七(七)-h)"
        for name in ("yearvolume", "yearpaper")
        for end in ("", "_id_seq")
    },
    "inspections_yearclosing": _WITHHELD,
    "inspections_yearclosing_id_seq": _WITHHELD,
    "inspections_withholding": _WITHHELD,
    "inspections_withholding_id_seq": _WITHHELD,
    "column inspections_inspection.withheld_at": _WITHHELD,
    "constraint inspections_inspection.only_a_reviewed_result_is_withheld": _WITHHELD,
}
# When to be there, beside the day (issue 12, 七(五)-q).
NEW["column inspections_inspection.planned_from"] = _APPROVAL
# Who may arrive is asked by the database too (issue 12).
_BEGUN = "nobody arrives unapproved, alone or without the leader, and what has begun stays begun (七(五)-a, -b, N-6)"
NEW |= {
    "constraint inspections_inspection.a_check_that_went_on_was_begun": _BEGUN,
    "why_not_begun()": _BEGUN,
    "visit_begun()": _BEGUN,
    "member_came()": _BEGUN,
    "trigger inspections_inspection.visit_begun": _BEGUN,
    "trigger inspections_inspection.visit_inserted_begun": _BEGUN,
    "trigger inspections_visitmember.member_came": _BEGUN,
}
NEW["column inspections_approvalchain.with_section"] = "the head of the section has the request first (七(五)-d)"
_DECIDED = "an approval is decided once, and a visit rests on it"
NEW |= {"approval_decided()": _DECIDED, "trigger inspections_checkapproval.approval_decided": _DECIDED}
# 通报, 年度评估 and 三年总结评估 (issue 13, 五-2c, 五-2d, 二-c).
_BULLETIN = "a 通报 or an evaluation keeps the figures of its day, its words, and who signed it"
NEW |= {f"inspections_bulletin{end}": _BULLETIN for end in ("", "_id_seq")}
# 合规体检公开摘要 (issue 16, 四(3)-f).
_SELFCHECK = "the self-check's public summary is counted by one and let through by another"
NEW |= {f"inspections_selfchecksummary{end}": _SELFCHECK for end in ("", "_id_seq")}
_BEFORE = "what the self-check says of the quarter before is reckoned once a day (decision 0106)"
NEW |= {f"inspections_selfcheckbefore{end}": _BEFORE for end in ("", "_id_seq")}
# What followed a result: every step a publication of its own (issue 13).
_FOLLOWS = "each step of what followed a result is handed over and published by itself (八(二)-e, -f)"
NEW |= {
    "column disclosure_publication.kind": _FOLLOWS + ": longer names",
    **{f"inspections_followup{end}": _FOLLOWS for end in ("", "_id_seq")},
    "followup_step()": _FOLLOWS,
}
GONE["column disclosure_publication.kind"] = _FOLLOWS + ": longer names"
# 案卷 (issue 13).
_FILE = (
    "a check's papers are bound into a volume, what comes from outside is taken in, two people decide what is lacking"
)
NEW |= {
    f"inspections_{table}{end}": _FILE
    for table in ("volume", "volumepaper", "enclosure", "archiverequest")
    for end in ("", "_id_seq")
}
# 整改 (issue 13, 八(二)-e).
_MENDS = "what was ordered is mended by its day, reported, checked again and closed by two people"
NEW |= {
    f"inspections_{table}{end}": _MENDS
    for table in (
        "rectification",
        "rectificationpoint",
        "rectificationreport",
        "reportline",
        "reportfile",
        "rectificationact",
        "rectificationorder",
    )
    for end in ("", "_id_seq")
}
NEW |= {f"rectification_{name}()": _MENDS for name in ("state", "report", "line", "file", "act")}
# 立案, 移送, 信用评价依据 (issue 13).
_CASE = "a case and what is asked in it, each on the word of two people, step by step (八(二)-e; 行政处罚法 57, 58, 60)"
_REFERRED = "what another department or the police deal with is referred and followed (八(二)-f)"
_CREDIT = "what was handed out for the rating is kept in a list (八(二)-g)"
OF_CASES = {
    **{f"inspections_{table}{end}": _CASE for table in ("case", "caseact") for end in ("", "_id_seq")},
    **{f"inspections_referral{end}": _REFERRED for end in ("", "_id_seq")},
    **{f"inspections_creditexport{end}": _CREDIT for end in ("", "_id_seq")},
    "case_moves()": _CASE,
    "case_act_moves()": _CASE,
    "referral_moves()": _REFERRED,
}
NEW |= OF_CASES
# The register (issue 14).
_REGISTER = "every publication is a leaf of an append-only tree, whose heads are signed (PUB1)"
NEW |= {f"disclosure_{table}": _REGISTER for table in ("registerentry", "registernode", "checkpoint")}
NEW |= {
    "disclosure_registernode_id_seq": _REGISTER,
    "constraint disclosure_publication.its_number_may_stand_in_the_register": _REGISTER,
    "trigger disclosure_publication.register_publication": _REGISTER,
    "register_leaf()": _REGISTER,
    "register_publication()": _REGISTER,
    "checkpoint_goes_on()": _REGISTER,
}
# 名录 goes public with the freeze (issue 14, 六(二)-a).
_ROSTERS = "each unit's roster is public with the freeze; its rows are laid open for search"
NEW |= {
    **{f"disclosure_rosterrow{end}": _ROSTERS for end in ("", "_id_seq")},
    "roster_is_of_a_freeze()": _ROSTERS,
    "roster_rows()": _ROSTERS,
    "trigger disclosure_publication.roster_is_of_a_freeze": _ROSTERS,
    "trigger disclosure_publication.roster_rows": _ROSTERS,
}
# What the register says of itself (issue 14).
_OWN = "the register's own records: the day's heads, a new key, a log after another; no person publishes them (PUB1)"
NEW |= {
    "column disclosure_publication.published_by_id": _OWN,
    "constraint disclosure_publication.nobody_publishes_what_the_register_says_of_itself": _OWN,
    "trigger disclosure_publication.register_says": _OWN,
    "register_says()": _OWN,
}
GONE["column disclosure_publication.published_by_id"] = _OWN
# 更正与申诉 (issue 14, 四(3)-f).
_ASKED = "anybody asks that something public be corrected or taken down; who asks is kept apart, the decision is public"
NEW |= {
    f"disclosure_{table}{end}": _ASKED
    for table in ("objection", "applicant", "applicantkey", "objectionpaper", "objectionfile", "ruling")
    for end in ("", "_id_seq")
}
NEW |= {
    "column disclosure_revision.receipt": _ASKED,
    "trigger disclosure_publication.decision_has_its_act": _ASKED,
    "decision_has_its_act()": _ASKED,
    "applicant_key_goes()": _ASKED,
}
_REACHED = "each unit's address and telephone, for everybody (四(3)-f)"
NEW |= {f"column accounts_unit.{name}": _REACHED for name in ("telephone", "email", "address", "hours")}
_WITNESS = "witnesses' keys, and their lines under our heads (PUB1 §3)"
NEW |= {f"disclosure_{table}{end}": _WITNESS for table in ("witness", "cosignature") for end in ("", "_id_seq")}
# What the public list is filtered by (issue 14).
_LISTED = "the public list is filtered by random or not and by item, and in the order of its pages (四(3)-e)"
NEW |= {
    "column disclosure_publication.draw": _LISTED,
    "column disclosure_publication.item_codes": _LISTED,
    "index disclosure_publication.publication_kind_day": _LISTED,
    "index disclosure_publication.publication_kind_public": _LISTED,
    "index disclosure_publication.publication_kind_quarter": _LISTED,
    "index disclosure_publication.publication_items": _LISTED,
}
GONE["index disclosure_publication.publication_kind_day"] = _LISTED
_WORDS = "what an enterprise says to its own result is public in its own words, let through by two people (四(3)-f)"
NEW |= {f"disclosure_{table}{end}": _WORDS for table in ("ownwords", "wordsrequest") for end in ("", "_id_seq")}
NEW |= {"trigger disclosure_publication.statement_has_its_act": _WORDS, "statement_has_its_act()": _WORDS}
# No publication without its act (issue 14).
_ACT = "a publication without its act is refused to every login but the owner's (四(3)-a)"
NEW |= {"publication_has_its_act()": _ACT, "trigger disclosure_publication.publication_has_its_act": _ACT}
# Everybody's own login (issue 15, decision 0055).
_READS = "pages that everybody may read ask the database as a login that can read nothing else"
NEW |= {"publications_holding()": _READS, "hold_still()": "no login but the owner's may lock a whole table by itself"}
RENAMED += [Renamed("draw_value_valid()", "STABLE", "STABLE SECURITY DEFINER", _READS)]
# What stands stays, and the trail watches itself (issue 15, S5, S6, decision 0056).
_GUARDED = "facts are guarded where they live: states, moments, people, rows and decisions (S6)"
_GUARDS = {
    "states_move": "plans_quarterlyplan plans_itemlist inspections_inspection inspections_instruction disclosure_objection"
    " registry_importbatch",
    "written_submitted": "plans_quarterlyplan plans_itemlist",
    "written_approved": "plans_quarterlyplan plans_itemlist",
    "written_published": "plans_quarterlyplan plans_itemlist inspections_inspection",
    "written_reviewed": "inspections_inspection",
    "written_once": "inspections_instructionanswer disclosure_objection",
    "stays_while": "plans_quarterlyplan plans_itemlist inspections_inspection",
    "stays_but": "plans_justicefiling inspections_instruction inspections_instructionanswer disclosure_objection",
    "rows_stay": "plans_planstratum plans_planitem plans_plansource plans_inspectionitem plans_checkpoint"
    " inspections_checkanswer inspections_conclusion",
    "goes_with": "registry_facilityrating registry_inspectorcertificate registry_pastcheck",
    "result_is_corrected": "inspections_inspection",
    "grant_only_ends": "accounts_rolegrant",
    "stays_decided": "notices_firstuse registry_positiveexit registry_conflictofinterest registry_interestdeclaration"
    " registry_pastchecks registry_proposalbatch registry_changeproposal plans_amendmentrequest plans_abortrequest plans_itemkind"
    " plans_carry plans_correctionrequest plans_filing plans_generalratiopolicy plans_unitpolicy plans_localscheme"
    " inspections_checkapproval inspections_archiverequest inspections_bulletin inspections_frequencycap inspections_campaign"
    " inspections_case inspections_caseact inspections_yearclosing inspections_unfinishedreason inspections_coveragereason"
    " inspections_onsiterequest inspections_rectificationact inspections_referral inspections_workreport inspections_swap"
    " inspections_targetedcheck inspections_withholding disclosure_ruling disclosure_revision disclosure_wordsrequest",
}
NEW |= {f"trigger {table}.{name}": _GUARDED for name, tables in _GUARDS.items() for table in tables.split()}
_FUNCTIONS = "owns states_move written_with written_once stays_but stays_while rows_stay goes_with decided_once"
NEW |= {f"{name}()": _GUARDED for name in [*_FUNCTIONS.split(), "result_is_corrected", "grant_only_ends"]}
_WATCHED = "the trail tells keys and columns of every change, and is looked through every minute (S1, S2, S5)"
NEW |= {f"audit_auditwatch{end}": _WATCHED for end in ("", "_id_seq")}
NEW |= {f"{name}()": _WATCHED for name in ("audit_rows", "audit_verify", "audit_verify_behind")}
NEW |= {
    f"trigger {table}.trail_{event}": _WATCHED
    for table in (
        "accounts_user",
        "registry_facility",
        "registry_inspector",
        "notices_duty",
        "documents_storedfile",
        "plans_proofrun",
    )
    for event in ("insert", "update", "delete")
}
GONE |= {f"{name}()": _WATCHED for name in ("audit_rows", "audit_verify")}
GONE |= {
    f"trigger {table}.trail_{event}": _WATCHED
    for table in ("accounts_user", "registry_facility", "registry_inspector")
    for event in ("insert", "update", "delete")
}
# The second factor, and the devices of a sign-in (issue 15, S10).
_SIGN_IN = "who may write proves with a code of his phone who he is; his devices are known, shown and ended"
NEW |= {
    f"accounts_{table}{end}": _SIGN_IN
    for table in ("authenticator", "recoverycode", "knowndevice", "secondfactorreset")
    for end in ("", "_id_seq")
}
_MAILS = (
    "mails are claimed, tried for two days and given up; what of a round failed is kept (issue 15, operations.md 4, 5)"
)
NEW |= {
    f"column notices_{name}": _MAILS
    for name in (
        "heartbeat.trouble",
        "outgoingmail.due_at",
        "outgoingmail.given_up_at",
        "outgoingmail.tried_since",
        "outgoingmail.url",
    )
}
_ADDRESS = "a mail to an account takes its address when it is sent (issue 15, operations.md 5)"
NEW |= {
    "column notices_outgoingmail.user_id": _ADDRESS,
    "constraint notices_outgoingmail.mail_to_an_account_keeps_no_address": _ADDRESS,
    "constraint notices_outgoingmail.foreign key of user_id": _ADDRESS,
    "index notices_outgoingmail.of btree (user_id)": _ADDRESS,
}
NEW |= {"index notices_outgoingmail.mail_on_its_way": _MAILS}
_ENDS = "a message ends with the duty it announces, and it is known what became of its mail (issue 16, desk.md A8)"
NEW |= {
    "column notices_message.duty_id": _ENDS,
    "column notices_message.turn": _ENDS,
    "column notices_message.mail": _ENDS,
    "constraint notices_message.foreign key of duty_id": _ENDS,
    "index notices_message.of btree (duty_id)": _ENDS,
    "index notices_message.message_not_read": _ENDS,
    "index notices_reminder.reminder_unsent": _ENDS,
    "index notices_message.message_told": "提醒记录 reads the newest that announce a duty (issue 16)",
    "index notices_message.message_of_mail": "提醒记录 asks whose mail has not gone out (issue 16)",
}
_SAYS = (
    "what stands beside a published text is compared with it every day; a correction says what was decided (八(二)-c)"
)
NEW |= {
    "roster_lines()": _SAYS,
    "public_words()": _SAYS,
    "change_was_decided()": _SAYS,
    "trigger disclosure_publication.change_was_decided": _SAYS,
}
_LINE = "the line of a result in the file of all is made once, when it is published (四(3)-e, decision 0067)"
NEW |= {
    "column disclosure_publication.csv_line": _LINE,
    "constraint disclosure_publication.a_published_result_has_its_line": _LINE,
    "trigger disclosure_publication.result_has_its_line": _LINE,
    "result_has_its_line()": _LINE,
    "result_line()": _LINE,
    "csv_cell()": _LINE,
}
_ASKED = (
    "who was refused a page asks for what opens it; one of the grants administrators decides (issue 16, decision 0081)"
)
NEW |= {f"accounts_grantrequest{end}": _ASKED for end in ("", "_id_seq")}
_UNITS = "units, districts and names are data, changed by one who asks and another who approves (五, decision 0075)"
NEW |= {f"accounts_{name}{end}": _UNITS for name in ("cityrecord", "unitchange") for end in ("", "_id_seq")}
NEW |= {f"column accounts_unit.{name}": _UNITS for name in ("begins_on", "closed_on", "seal_name")}
NEW |= {
    "trigger accounts_unit.unit_by_decision": _UNITS,
    "unit_by_decision()": _UNITS,
    "city_by_decision()": _UNITS,
    "is_carried_out()": _UNITS,
    "unit_change_is_done()": _UNITS,
}
NEW["column accounts_user.unused_told_at"] = (
    "an account that nobody signs in to is switched off, 14 days after it was told (8.1.4.2 c)"
)
# References that many rows of one statement share are asked once a statement (decision 0071).
_SHARED = "a foreign key asks row by row what is the same for all rows of an import"
_SHARED_KEYS = {
    "registry_facility.unit_id": "accounts_unit",
    "registry_facilitychange.batch_id": "registry_importbatch",
    "registry_facilitychange.entered_by_id": "accounts_user",
    "registry_facilityrating.batch_id": "registry_importbatch",
    "registry_importline.batch_id": "registry_importbatch",
}
NEW |= {f"{name}()": _SHARED for name in ("refers", "referred")}
for _place, _there in _SHARED_KEYS.items():
    _table, _column = _place.split(".")
    GONE[f"constraint {_table}.foreign key of {_column}"] = _SHARED
    NEW[f"trigger {_table}.refers_{_column}"] = _SHARED
    NEW[f"trigger {_table}.refers_changed_{_column}"] = _SHARED
    NEW[f"trigger {_there}.referred_{_table}_{_column}"] = _SHARED
# The two indexes of a unique text field become one (_COST).
GONE |= {
    "constraint registry_facility.unique of code": _COST,
    "index registry_facility.of btree (code varchar_pattern_ops)": _COST,
}
NEW["constraint registry_facility.one_facility_per_code"] = _COST
_URGED = "a 督办 says which duty it urges, so that its row shows it (ui-2.md 22)"
NEW |= {
    "column inspections_instruction.duty_id": _URGED,
    "constraint inspections_instruction.foreign key of duty_id": _URGED,
    "index inspections_instruction.of btree (duty_id)": _URGED,
}
_ASKED_BY = "the log is asked by who, kind, unit and thing, however long it is (issue 16, desk.md A15)"
NEW |= dict.fromkeys(
    (
        "index audit_auditentry.audit_acts",
        "index audit_auditentry.audit_acts_of_one",
        "index audit_auditentry.audit_acts_of_a_kind",
        "index audit_auditentry.audit_acts_in_a_unit",
        "index audit_auditentry.audit_acts_about",
    ),
    _ASKED_BY,
)
_SAID = "what a list of permits says is kept, so that a place can be compared with it (ui.md 7.2, PNG 08)"
NEW |= dict.fromkeys(("registry_permitrecord", "registry_permitrecord_id_seq"), _SAID)
_LOOKS = "each look of an off-site check is a row of its own, and none ends without one (七(三)-b, decision 0094)"
NEW |= {
    f"inspections_{table}{end}": _LOOKS for table in ("offsitelook", "lookfile", "lookpoint") for end in ("", "_id_seq")
}
NEW |= {
    "look_is_whole()": _LOOKS,
    "ended_with_a_look()": _LOOKS,
    "trigger inspections_inspection.ended_with_a_look": _LOOKS,
}
_CLUE = "a clue seen from outside leads to the place with its look and the leader's approval (七(三)-c, N-14, decision 0095)"
NEW |= dict.fromkeys(
    (
        "inspections_onsiterequest_looks",
        "inspections_onsiterequest_looks_id_seq",
        "column inspections_inspection.entered_at",
        "constraint inspections_onsiterequest.an_onsite_request_gives_a_listed_reason",
        "entered_by_approval()",
        "trigger inspections_inspection.entered_by_approval",
        "begins_off_site()",
        "trigger inspections_inspection.begins_off_site",
        "clue_of_its_check()",
    ),
    _CLUE,
)
_EXCHANGE = "what goes to the city's platform and comes from it (五-4h, 七(二)-h, 七(五)-m, decision 0097)"
NEW |= {
    f"inspections_{name}{end}": _EXCHANGE
    for name in (
        "connection",
        "platformcode",
        "exchangepackage",
        "exchangerecord",
        "packagerefusal",
        "platformtask",
        "platformdifference",
        "platformresult",
    )
    for end in ("", "_id_seq")
}
NEW["column inspections_exchangepackage.leads_otherwise"] = _EXCHANGE
NEW["column inspections_exchangerecord.platform_task_id"] = (
    "a record given back by itself names its task (decision 0115)"
)
NEW |= dict.fromkeys(
    (
        "column notices_duty.missed",
        "column notices_duty.done_late_on",
        "constraint notices_duty.what_was_done_late_says_which_day_it_missed",
    ),
    "what was done late and is given back was late all the same (decision 0083)",
)
NEW |= dict.fromkeys(
    (
        "request_ends_with_its_check()",
        "trigger inspections_inspection.request_ends_with_its_check",
        "request_fits_its_check()",
        "trigger inspections_onsiterequest.request_fits_its_check",
    ),
    "a request to enter that nobody decided is over with its check (七(三)-c)",
)
NEW |= {
    f"registry_monitoringmonth{end}": "monthly counts of online monitoring join the grounds of exits (七(三)-d)"
    for end in ("", "_id_seq")
}
NEW |= dict.fromkeys(
    ("counted_with_its_workbook()", "trigger registry_monitoringmonth.counted_with_its_workbook"),
    "a month is counted when it is over, with a workbook of its unit (七(三)-d)",
)
NEW |= dict.fromkeys(
    (
        "column inspections_targetedcheck.onsite_reason",
        "column inspections_targetedcheck.onsite_reference",
        "column inspections_targetedcheck.onsite_words",
        "constraint inspections_targetedcheck.going_there_gives_a_listed_reason_or_other_in_words",
        "other_is_for_no_listed_place()",
        "trigger inspections_onsiterequest.other_is_for_no_listed_place",
        "goes_there_for_a_reason()",
        "trigger inspections_inspection.goes_there_for_a_reason",
    ),
    "what would do from outside is entered for a reason (N-5, decision 0107)",
)
# A proposed exit ends by itself (issue 17, decision 0103).
_ENDS = {
    "constraint registry_positiveexit.an_exit_is_decided_with_an_opinion": "one that ended by itself names nobody and says why (七(三)-d)"
}
NEW |= _ENDS
GONE |= _ENDS
NEW |= dict.fromkeys(
    (
        "column inspections_offsitelook.instead_why",
        "constraint inspections_offsitelook.only_a_correction_gives_a_reason_for_it",
    ),
    "a look is corrected with its reason, a clue in the same way and at the same source (N-14, decision 0119)",
)
