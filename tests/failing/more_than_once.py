"""Of every act that a page offers and that is in no race, why: it may well happen more than once, or what holds it to once.

The other half of `acts.py` and `decisions.py`; `test_all_acts.py` finds an act that stands in none of them.
"""

# Why there is nothing to race for: twice in one moment is as good as twice in a day.
AGAIN = {
    "It keeps what was typed; sent again it keeps it again, and the trail has both.": """
        benxi_shuangsuiji.accounts.account_views.account_rename
        benxi_shuangsuiji.accounts.account_views.account_email
        benxi_shuangsuiji.accounts.account_views.account_move
        benxi_shuangsuiji.accounts.contact_views.contact_edit
        benxi_shuangsuiji.workdays.views.workday_correct
        registry.safety.views.facility_safety
        registry.facilities.views.facility_change
        registry.permit_conditions.views.facility_conditions
        registry.complaints.views.complaint_rule
        registry.ratings.views.term_change
        registry.tags.views.tag_change
        registry.imports.views._columns
        registry.inspectors.account_views.inspector_account
        registry.inspectors.certificate_views.certificate_status
        registry.inspectors.views.inspector_change
        plans.bases.bank_views.bank_edit
        plans.bases.views.basis_edit
        plans.lottery.views._form
        inspections.approvals.views.field_day
        inspections.approvals.views.approval_chains
        inspections.service.views.paper_body
        inspections.service.views.number_words
        inspections.paperwork.views.paper_layout
        inspections.reports.provincial_views.provincial_columns
        inspections.codes.feedback_views.unit_phone
        inspections.archive.views.archive_file
        inspections.acceptance.views.field_dossier_read
        inspections.acceptance.views.field_safety
        inspections.evidence.views._recorder_page
        inspections.visits.end_views.field_read
        disclosure.yearbook.views.yearbook
        inspections.privacy.views.names_keep
    """,
    "Each one is a row of its own, as many as somebody has to enter; the key of the form holds one press to one row.": """
        registry.facilities.list_views.saved_view_new
        registry.facilities.views.facility_new
        registry.complaints.views.complaint_new
        registry.ratings.views.rating_new
        registry.positive_list.views.event_new
        registry.tags.views.tag_list
        registry.inspectors.absence_views.absence_new
        registry.inspectors.certificate_views.certificate_new
        registry.inspectors.views.inspector_new
        registry.imports.views._upload
        registry.staff_checks.views.staff_check_list
        registry.audits.views.keepers
        plans.bases.views.basis_change
        inspections.targeted.views._request_page
        inspections.targeted.views.targeted_kinds
        inspections.coordination.views.coordination_new
        inspections.campaigns.views.targeted_campaigns
        inspections.evidence.views.field_evidence
        inspections.evidence.views.field_recorder
        inspections.evidence.views.field_samples
        inspections.paperwork.views.paper_scan
        inspections.archive.views.archive_add
        inspections.visits.end_views.field_note
        inspections.enterprise.views.enterprise_state
        inspections.codes.views._report
        inspections.codes.views.visit_rate
        disclosure.objections.form_views._form
        disclosure.objections.form_views.own
        disclosure.statements.link_views.own_words
        benxi_shuangsuiji.notices.numbers.views.policy_propose
    """,
    "It asks, reads or tries again, and changes nothing that stands.": """
        benxi_shuangsuiji.health.views.mails_again
        plans.proofs.views.proofs
        inspections.archive.views.archive_urge
        disclosure.revisions.views.withdrawn_text
        inspections.outbox.views.conflicts
        inspections.outbox.views.drop
    """,
    "His own account or device: nobody else has a part in it, and the last one counts.": """
        benxi_shuangsuiji.accounts.second_factor_views.second_factor_setup
        benxi_shuangsuiji.accounts.second_factor_views.recovery_codes
        benxi_shuangsuiji.accounts.second_factor_views.device_end
        benxi_shuangsuiji.accounts.sign_in_views.password
        benxi_shuangsuiji.accounts.account_views.account_reset
        benxi_shuangsuiji.accounts.account_views.account_unlock
    """,
    "It takes away or switches: what is gone or switched already stays so.": """
        benxi_shuangsuiji.accounts.account_views.account_off
        benxi_shuangsuiji.accounts.account_views.account_on
        benxi_shuangsuiji.workdays.views.workday_restore
        registry.facilities.list_views.saved_view_delete
        registry.tags.views.tag_undo
        plans.bases.bank_views.bank_retire
        plans.lottery.views.lottery_break_remove
        plans.lists.views.item_remove
        inspections.codes.feedback_views.link_renew
    """,
}

# An act that happens once, for which no world is made in the tables of races yet: what of the database lets no second one
# stand, a constraint by its name, a unique column as table.column, a guard as table:trigger. This list only gets shorter.
HELD = {
    "workdays_publishedyear.year": "benxi_shuangsuiji.workdays.views.workday_publish",
    "one_day_of_first_use": "benxi_shuangsuiji.notices.first_use.views.first_use",
    "accounts_user.username": "benxi_shuangsuiji.accounts.account_views.account_new",
    "one_grant_per_start_day": """
        benxi_shuangsuiji.accounts.account_views.grant_new
        benxi_shuangsuiji.accounts.account_views.grant_end
    """,
    "one_reset_waits_for_an_account": "benxi_shuangsuiji.accounts.second_factor_views.second_factor_reset",
    "one_change_of_a_unit_waits": "benxi_shuangsuiji.accounts.unit_views._ask_page",
    "accounts_unitchange:stays_decided": "benxi_shuangsuiji.accounts.unit_views.unit_withdraw",
    "one_open_conflict_per_pair": "registry.interests.views.conflict_new",
    "registry_conflictofinterest:stays_decided": """
        registry.interests.views.conflict_end
        registry.interests.views._return_page
    """,
    "one_declaration_a_year": "registry.interests.views.declaration_new",
    "registry_interestdeclaration:stays_decided": "registry.interests.views.declarations_approve",
    "one_audit_a_month": "registry.audits.views.audit",
    "registry_importbatch:states_move": "registry.imports.views._press",
    "one_pending_proposal_of_a_subject": """
        registry.proposals.views.facility_status
        registry.proposals.views.facility_transfer
        registry.proposals.views.ground_add
        registry.proposals.views.ground_end
        registry.facilities.views.positive_enter
    """,
    "one_pending_exit": "registry.facilities.views.positive_leave",
    "registry_positiveexit:stays_decided": "registry.positive_list.views.positive_list",
    "registry_changeproposal:stays_decided": """
        registry.proposals.views.proposal_return
        registry.proposals.views.proposal_withdraw
    """,
    "registry_nopastchecks.unit_id": "registry.past_checks.views.past_none",
    "inspector_history_has_no_fork": """
        registry.inspectors.absence_views.absence_end
        registry.inspectors.absence_views.absence_cancel
        registry.inspectors.views.inspector_leave
        registry.inspectors.views.inspector_take_over
    """,
    "one_draw_per_plan": "plans.draw.views.draw_create",
    "one_effect_per_change_and_item": "plans.bases.views.change_detail",
    "one_abort_request_at_a_time": "plans.aborts.views.draw_abort",
    "a_draw_is_filed_once_unless_returned": "plans.filings.views.draw_file",
    "a_plan_is_filed_once_unless_returned": "plans.filings.views.plan_send",
    "one_justice_filing_per_unit_and_year": "plans.filings.views.justice_filing",
    "plans_filing:stays_decided": """
        plans.quarterly.views.plan_receive
        disclosure.city.rollup_views.filing_return
    """,
    "one_carry_of_the_city": "plans.carry.views.carry",
    "one_further_kind_waits_at_a_time": "plans.lists.kind_views.kind_list",
    "one_open_list_per_unit_and_year": "plans.lists.views.itemlist_new",
    "plans_itemlist:states_move": "plans.lists.views.itemlist_decide",
    "one_plan_per_unit_and_quarter": """
        plans.quarterly.views.plan_new
        plans.quarterly.revision_views.plan_revise
    """,
    "inspections_targetedcheck:stays_decided": """
        inspections.targeted.views.targeted_detail
        inspections.targeted.views.targeted_join
        inspections.targeted.views.task_join
    """,
    "one_check_of_a_complaint": "inspections.rectification.views.rectification_again",
    "one_referral_of_a_check_to_a_body": """
        inspections.referrals.views.referral
        inspections.followups.pages.new_page
    """,
    "a_case_is_decided_and_ended_once": "inspections.cases.views.case",
    "one_pending_swap_of_a_person": "inspections.swaps.views.swaps",
    "inspections_inspection:states_move": """
        inspections.review.views.task_review
        inspections.acceptance.views._accept_page
        inspections.visits.arrival_views.field_arrive
        inspections.visits.end_views.field_finish
        inspections.visits.end_views.field_submit
        disclosure.publishing.views._result
    """,
    "inspections_inspection.pick_id": "inspections.dispatch.views.draw_dispatch",
    "one_pending_onsite_request": """
        inspections.onsite.views.field_onsite
        inspections.onsite.views.task_onsite
    """,
    "one_act_of_a_rectification_at_a_time": "inspections.rectification.views.rectification",
    "one_pending_approval_of_a_check": "inspections.approvals.views.field_approval",
    "inspections_checkapproval:stays_decided": """
        inspections.approvals.views.approval_list
        inspections.approvals.views.task_approval
    """,
    "one_reason_of_a_facility_and_year": "inspections.coverage.views._page",
    "a_paper_is_taken_once_and_refused_once": """
        inspections.service.views.field_code
        inspections.service.views.result_served
    """,
    "the_person_in_charge_signs_once": """
        inspections.signatures.views.field_sign
        inspections.signatures.views.field_refuse
        inspections.signatures.views.field_paper
    """,
    "an_inspector_signs_once": "inspections.signatures.views.field_sign_inspector",
    "a_year_is_closed_once": "inspections.closing.views.year_closing",
    "one_standing_withholding_of_a_result": "inspections.withholding.views.withholding",
    "inspections_withholding:stays_decided": "inspections.withholding.views.withholding_lift",
    "one_provincial_report_per_document": "inspections.reports.provincial_views.rollup_provincial",
    "one_report_of_a_unit_and_quarter": "inspections.reports.views.report_detail",
    "inspections_workreport:stays_decided": "inspections.reports.views.report_return",
    "one_bulletin_of_a_kind_and_period": """
        inspections.bulletins.views.bulletin_make
        inspections.bulletins.views.bulletin_detail
    """,
    "a_volume_is_bound_once": """
        inspections.archive.views.archive_bind
        inspections.archive.views.archive_bind_ready
        inspections.archive.views.archive_supplement
    """,
    "one_pending_request_of_a_file": "inspections.archive.views.archive_requests",
    "a_recorder_runs_once_at_a_time": "inspections.evidence.views._small_act",
    "one_proposed_cap_of_a_category": "inspections.frequency.views.frequency_list",
    "one_request_per_amendment": """
        inspections.replacements.views.replacement_list
        inspections.replacements.views.field_replace
    """,
    "one_publication_per_version": """
        disclosure.publishing.views.publish_several
        disclosure.publishing.views._publish_one
        disclosure.followups.views.followup
    """,
    "one_ruling_of_an_objection": "disclosure.objections.views.objection",
    "disclosure_objection:written_once": "disclosure.objections.views._act",
    "one_revision_of_a_version_at_a_time": "disclosure.revisions.views.revision",
    "a_year_is_bound_once": """
        disclosure.yearbook.views.yearbook_bind
        disclosure.yearbook.views.yearbook_supplement
    """,
    "disclosure_wordsrequest:stays_decided": """
        disclosure.statements.views.give_back
        disclosure.statements.views.withdraw
    """,
    "one_ratio_policy_waits_for_its_decision": "plans.local.views.local_new",
    "inspections_struck.evidence_id": "inspections.evidence.views._strike",
}
