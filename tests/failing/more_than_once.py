"""Of every act that a page offers and that is in no race, why it may well happen more than once.

The other half of `acts.py` and `one_world.py`; `test_all_acts.py` finds an act that stands in none of them.
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
        inspections.exchange.views.exchange_settings
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
        inspections.desk.views._of_the_city
        inspections.campaigns.views.targeted_campaigns
        inspections.evidence.views.field_evidence
        inspections.evidence.views.field_recorder
        inspections.evidence.views.field_samples
        inspections.offsite.views.field_looks
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
    "Given again it takes the place of what stood, and the last one counts; what stood is kept (七(五)-q, N-10).": """
        inspections.signatures.views.field_sign
        inspections.signatures.views.field_refuse
        inspections.signatures.views.field_paper
        inspections.signatures.views.field_sign_inspector
        inspections.approvals.views.field_approval
    """,
    "It asks, reads or tries again, and changes nothing that stands.": """
        benxi_shuangsuiji.health.views.mails_again
        plans.proofs.views.proofs
        inspections.archive.views.archive_urge
        inspections.desk.views.urge
        inspections.acceptance.views.task_urge
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
