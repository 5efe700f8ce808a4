"""What people do in the registry: one function per verb on a button."""

from .absences import cancel_absence, end_absence, record_absence
from .audits import appoint_keeper, sign_audit
from .certificates import enter_certificate, set_certificate_status, show_scan
from .complaints import enter_complaint, set_complaint_rule
from .compliance import decide_exit, enter_event
from .facilities import (
    add_facility,
    change_facility,
    enter_positive_list,
    leave_positive_list,
    show_personal_data,
)
from .imports import check_workbook, choose_columns, confirm_import, discard_import, withdraw_import
from .inspectors import (
    add_inspector,
    change_inspector,
    leave,
    link_account,
    take_over,
)
from .interests import (
    approve_all_without,
    approve_conflict,
    approve_declaration,
    declare_conflict,
    declare_year,
    end_conflict,
    return_conflict,
    return_declaration,
)
from .proposals import (
    approve_proposals,
    propose_ground,
    propose_ground_end,
    propose_status,
    propose_transfer,
    return_proposal,
    withdraw_proposal,
)
from .ratings import enter_rating, save_term
from .staff_checks import check_staff, sign_staff_check
from .tags import change_tag, delete_view, make_tag, put_tag, retire_tag, save_view, take_tag, undo_tags

__all__ = [
    "add_facility",
    "add_inspector",
    "appoint_keeper",
    "approve_all_without",
    "approve_conflict",
    "approve_declaration",
    "approve_proposals",
    "cancel_absence",
    "change_facility",
    "change_inspector",
    "change_tag",
    "check_staff",
    "check_workbook",
    "choose_columns",
    "confirm_import",
    "decide_exit",
    "declare_conflict",
    "declare_year",
    "delete_view",
    "discard_import",
    "end_absence",
    "end_conflict",
    "enter_certificate",
    "enter_complaint",
    "enter_event",
    "enter_positive_list",
    "enter_rating",
    "leave",
    "leave_positive_list",
    "link_account",
    "make_tag",
    "propose_ground",
    "propose_ground_end",
    "propose_status",
    "propose_transfer",
    "put_tag",
    "record_absence",
    "retire_tag",
    "return_conflict",
    "return_declaration",
    "return_proposal",
    "save_term",
    "save_view",
    "set_certificate_status",
    "set_complaint_rule",
    "show_personal_data",
    "show_scan",
    "sign_audit",
    "sign_staff_check",
    "take_over",
    "take_tag",
    "undo_tags",
    "withdraw_import",
    "withdraw_proposal",
]
