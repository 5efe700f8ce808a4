"""What people do in the registry: one function per verb on a button."""

from .certificates import enter_certificate, set_certificate_status, show_scan
from .facilities import (
    add_facility,
    add_ground,
    approve_ground,
    change_facility,
    change_status,
    end_ground,
    enter_positive_list,
    leave_positive_list,
    reject_ground,
    show_personal_data,
)
from .imports import check_workbook, confirm_import, discard_import, withdraw_import
from .inspectors import (
    add_inspector,
    change_inspector,
    declare_conflict,
    end_absence,
    end_conflict,
    leave,
    link_account,
    record_absence,
    take_over,
)

__all__ = [
    "add_facility",
    "add_ground",
    "add_inspector",
    "approve_ground",
    "change_facility",
    "change_inspector",
    "change_status",
    "check_workbook",
    "confirm_import",
    "declare_conflict",
    "discard_import",
    "end_absence",
    "end_conflict",
    "end_ground",
    "enter_certificate",
    "enter_positive_list",
    "leave",
    "leave_positive_list",
    "link_account",
    "record_absence",
    "reject_ground",
    "set_certificate_status",
    "show_personal_data",
    "show_scan",
    "take_over",
    "withdraw_import",
]
