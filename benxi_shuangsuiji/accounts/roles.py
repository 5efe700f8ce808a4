"""Who may do what. Roles are data (`RoleGrant`); what a role may do is code, here (decisions.md 7)."""

from django.db import models


class Role(models.TextChoices):
    """Roles of decisions.md 7; the letters are those of the requirement matrix."""

    SUPERVISOR = "SUPERVISOR", "市执法队监督员"  # LD
    LEAD_OFFICE = "LEAD_OFFICE", "牵头部门"  # LD
    BUREAU_READER = "BUREAU_READER", "市局"  # CB
    PLANNER = "PLANNER", "计划员"  # SB
    APPROVER = "APPROVER", "分管负责人"  # DH
    SECTION_HEAD = "SECTION_HEAD", "科室负责人"
    REGISTRAR = "REGISTRAR", "名录管理员"  # RK
    INSPECTOR = "INSPECTOR", "检查人员"  # HQ, CS, IN
    DISCLOSURE_OFFICER = "DISCLOSURE_OFFICER", "公示员"  # DO
    ARCHIVIST = "ARCHIVIST", "档案员"  # AR
    OBSERVER = "OBSERVER", "监督"  # SV
    ADMIN_SYSTEM = "ADMIN_SYSTEM", "系统管理员"  # SA
    ADMIN_GRANTS = "ADMIN_GRANTS", "授权管理员"
    ADMIN_AUDIT = "ADMIN_AUDIT", "审计管理员"


class Permission(models.TextChoices):
    """One per thing people do; always asked for a unit."""

    SEE_FACILITIES = "SEE_FACILITIES", "查看检查对象名录"
    KEEP_VOCABULARIES = "KEEP_VOCABULARIES", "维护评价等级"
    EDIT_FACILITIES = "EDIT_FACILITIES", "维护检查对象名录"
    APPROVE_REGISTRY = "APPROVE_REGISTRY", "审批名录变更"
    DECIDE_POSITIVE_LIST = "DECIDE_POSITIVE_LIST", "审批正面清单"
    SEE_INSPECTORS = "SEE_INSPECTORS", "查看检查人员名录"
    EDIT_INSPECTORS = "EDIT_INSPECTORS", "维护检查人员名录"
    SEE_ITEMS = "SEE_ITEMS", "查看抽查事项清单"
    EDIT_CITY_ITEMS = "EDIT_CITY_ITEMS", "编制全市抽查事项清单"
    EDIT_ITEMS = "EDIT_ITEMS", "编制本单位补充事项"
    KEEP_BASES = "KEEP_BASES", "维护法律依据库和题库"
    APPROVE_ITEMS = "APPROVE_ITEMS", "审批抽查事项清单"
    SEE_PLANS = "SEE_PLANS", "查看季度计划"
    EDIT_PLANS = "EDIT_PLANS", "编制季度计划"
    APPROVE_PLANS = "APPROVE_PLANS", "审批季度计划"
    RECEIVE_PLANS = "RECEIVE_PLANS", "汇总季度计划"
    KEEP_LOTTERY = "KEEP_LOTTERY", "维护开奖日程"
    SEE_DRAWS = "SEE_DRAWS", "查看随机抽取（不含名单）"
    PREPARE_DRAW = "PREPARE_DRAW", "核对名单"
    SEAL_DRAW = "SEAL_DRAW", "封存名单"
    ENTER_VALUE = "ENTER_VALUE", "录入公开随机数"
    HOLD_DRAW = "HOLD_DRAW", "组织抽取"
    SEE_SEALED = "SEE_SEALED", "查看未公开的名单"
    ASK_AMENDMENT = "ASK_AMENDMENT", "申请更换"
    APPROVE_AMENDMENT = "APPROVE_AMENDMENT", "批准更换"
    ASK_ABORT = "ASK_ABORT", "申请作废抽取"
    APPROVE_ABORT = "APPROVE_ABORT", "批准作废抽取"
    APPROVE_CORRECTION = "APPROVE_CORRECTION", "批准更正公开随机数"
    DISPATCH = "DISPATCH", "派发检查任务"
    RAISE_CHECK = "RAISE_CHECK", "发起针对性检查"
    APPROVE_CHECK = "APPROVE_CHECK", "审批检查"
    REVIEW_CHECK = "REVIEW_CHECK", "审核本科室的检查报批"
    FIELD_WORK = "FIELD_WORK", "实施检查"
    REVIEW_RESULTS = "REVIEW_RESULTS", "审核检查结果"
    PUBLISH = "PUBLISH", "公开"
    PUBLISH_CITY = "PUBLISH_CITY", "汇总公开"
    APPROVE_REVISION = "APPROVE_REVISION", "批准更正和撤下"
    APPROVE_SELFCHECK = "APPROVE_SELFCHECK", "批准合规体检公开摘要"
    SEE_WITHDRAWN = "SEE_WITHDRAWN", "查看已撤下的原文"
    SEND_REPORTS = "SEND_REPORTS", "编写和报送工作报告"
    RECEIVE_REPORTS = "RECEIVE_REPORTS", "汇总检查结果"
    RECEIVE_YEAR = "RECEIVE_YEAR", "签收年度工作报告"
    ISSUE_BULLETINS = "ISSUE_BULLETINS", "签发通报和评估"
    SEE_PROGRESS = "SEE_PROGRESS", "查看进度"
    SEE_CITY = "SEE_CITY", "查看全市进度"
    INSTRUCT = "INSTRUCT", "督办、指导和协调"
    ANSWER_INSTRUCTIONS = "ANSWER_INSTRUCTIONS", "回复督办、指导和协调"
    ANSWER_REPORTS = "ANSWER_REPORTS", "答复企业反映"
    SEE_RATINGS = "SEE_RATINGS", "查看企业评价"
    SEE_PATTERNS = "SEE_PATTERNS", "查看检查人员的规律"
    KEEP_EXCHANGE = "KEEP_EXCHANGE", "维护移动执法平台对接"
    KEEP_ARCHIVE = "KEEP_ARCHIVE", "管理档案"
    SEE_ARCHIVE = "SEE_ARCHIVE", "查看案卷"
    SEE_LOG = "SEE_LOG", "查看操作记录"
    MANAGE_SYSTEM = "MANAGE_SYSTEM", "系统设置"
    MANAGE_GRANTS = "MANAGE_GRANTS", "账号授权"


P = Permission
READ_ALL = {P.SEE_FACILITIES, P.SEE_INSPECTORS, P.SEE_ITEMS, P.SEE_PLANS, P.SEE_DRAWS, P.SEE_PROGRESS}

PERMISSIONS: dict[str, set[str]] = {
    Role.SUPERVISOR: READ_ALL
    | {
        P.SEE_CITY,
        P.INSTRUCT,
        P.ENTER_VALUE,
        P.APPROVE_CORRECTION,
        P.APPROVE_SELFCHECK,
        P.SEE_SEALED,
        P.SEE_WITHDRAWN,
        P.SEE_LOG,
        P.SEE_RATINGS,
        P.SEE_PATTERNS,
        P.SEE_ARCHIVE,
    },
    Role.LEAD_OFFICE: READ_ALL
    | {
        P.SEE_CITY,
        P.INSTRUCT,
        P.ANSWER_REPORTS,
        P.SEE_RATINGS,
        P.EDIT_CITY_ITEMS,
        P.KEEP_BASES,
        P.KEEP_VOCABULARIES,
        P.DECIDE_POSITIVE_LIST,
        P.RECEIVE_PLANS,
        P.RECEIVE_REPORTS,
        P.RAISE_CHECK,
        P.PUBLISH_CITY,
        P.KEEP_LOTTERY,
        P.KEEP_EXCHANGE,
    },
    Role.BUREAU_READER: READ_ALL | {P.SEE_CITY, P.INSTRUCT, P.RECEIVE_YEAR},
    Role.PLANNER: READ_ALL
    | {
        P.EDIT_ITEMS,
        P.EDIT_PLANS,
        P.PREPARE_DRAW,
        P.ENTER_VALUE,
        P.HOLD_DRAW,
        P.SEE_SEALED,
        P.ASK_AMENDMENT,
        P.ASK_ABORT,
        P.DISPATCH,
        P.RAISE_CHECK,
        P.ANSWER_INSTRUCTIONS,
        P.SEND_REPORTS,
    },
    Role.APPROVER: READ_ALL
    | {
        P.APPROVE_REGISTRY,
        P.APPROVE_ITEMS,
        P.APPROVE_PLANS,
        P.SEAL_DRAW,
        P.ENTER_VALUE,
        P.SEE_SEALED,
        P.APPROVE_AMENDMENT,
        P.APPROVE_ABORT,
        P.APPROVE_CORRECTION,
        P.APPROVE_CHECK,
        P.REVIEW_RESULTS,
        P.APPROVE_REVISION,
        P.SEE_WITHDRAWN,
        P.ANSWER_INSTRUCTIONS,
        P.ANSWER_REPORTS,
        P.ISSUE_BULLETINS,
        P.SEE_PATTERNS,
        P.SEE_ARCHIVE,
    },
    Role.SECTION_HEAD: {P.REVIEW_CHECK, P.SEE_ITEMS, P.SEE_PLANS},
    Role.REGISTRAR: {
        P.SEE_FACILITIES,
        P.EDIT_FACILITIES,
        P.SEE_INSPECTORS,
        P.EDIT_INSPECTORS,
        P.SEE_ITEMS,
        P.SEE_PLANS,
        P.SEE_DRAWS,
    },
    Role.INSPECTOR: {P.FIELD_WORK, P.SEE_ITEMS, P.SEE_PLANS},
    Role.DISCLOSURE_OFFICER: {P.SEE_ITEMS, P.SEE_PLANS, P.SEE_DRAWS, P.PUBLISH, P.SEE_PROGRESS},
    Role.ARCHIVIST: {P.KEEP_ARCHIVE, P.SEE_ARCHIVE, P.SEE_ITEMS, P.SEE_PLANS, P.SEE_DRAWS},
    Role.OBSERVER: READ_ALL | {P.SEE_CITY, P.SEE_LOG, P.SEE_RATINGS, P.SEE_ARCHIVE},
    Role.ADMIN_SYSTEM: {P.MANAGE_SYSTEM},
    Role.ADMIN_GRANTS: {P.MANAGE_GRANTS},
    Role.ADMIN_AUDIT: {P.SEE_LOG},
}
# What is done with these cannot be undone or lets others act: sealing, drawing, approving, publishing, withdrawing, granting.
# Each asks for a fresh sign-in (S10, `fresh`).
FRESH = {
    P.SEAL_DRAW,
    P.HOLD_DRAW,
    P.APPROVE_REGISTRY,
    P.DECIDE_POSITIVE_LIST,
    P.APPROVE_ITEMS,
    P.APPROVE_PLANS,
    P.APPROVE_AMENDMENT,
    P.APPROVE_ABORT,
    P.APPROVE_CORRECTION,
    P.APPROVE_CHECK,
    P.APPROVE_REVISION,
    P.APPROVE_SELFCHECK,
    P.PUBLISH,
    P.PUBLISH_CITY,
    P.ISSUE_BULLETINS,
    P.KEEP_EXCHANGE,
    P.MANAGE_SYSTEM,
    P.MANAGE_GRANTS,
}
# Held at the bureau or the city team, these roles reach every unit (五).
CITY_WIDE = {
    Role.SUPERVISOR,
    Role.LEAD_OFFICE,
    Role.BUREAU_READER,
    Role.OBSERVER,
    Role.ADMIN_SYSTEM,
    Role.ADMIN_GRANTS,
    Role.ADMIN_AUDIT,
}
# What was published of a closed unit is still corrected, withdrawn, answered for and bound: by those who finish, who begin nothing.
FINISHING = (Role.APPROVER, Role.DISCLOSURE_OFFICER, Role.ARCHIVIST)
# The three administrator parts; nobody holds two (decisions.md 7).
ADMIN_PARTS = [Role.ADMIN_SYSTEM, Role.ADMIN_GRANTS, Role.ADMIN_AUDIT]
