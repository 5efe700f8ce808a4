from benxi_shuangsuiji.subject import Door, Finds, Round, Sealed, Subject

from .duties import GRANT_REQUEST, RESET, UNITS
from .roles import Permission as P
from .standing import resets_to_decide
from .unit_pages import changes_to_decide

SUBJECT = Subject(
    name="账号与授权",
    clauses=("四(2)-a", "五-3a", "七(五)-o"),
    doors=(
        Door(
            "管理",
            "账号与授权",
            "accounts:account-list",
            "user",
            (P.MANAGE_SYSTEM, P.MANAGE_GRANTS),
            place=10,
            count=resets_to_decide,
        ),
        Door(
            "管理",
            "单位和名称",
            "accounts:unit-list",
            "home",
            (P.MANAGE_SYSTEM, P.MANAGE_GRANTS),
            place=11,
            count=changes_to_decide,
        ),
        Door("管理", "单位地址和电话", "accounts:contact-list", "call", (P.MANAGE_SYSTEM, P.EDIT_FACILITIES), place=12),
    ),
    rounds=(
        Round("benxi_shuangsuiji.accounts.purge.purge_daily", turn=135, lane="night"),
        Round("benxi_shuangsuiji.accounts.unused.switch_off_unused", turn=136, lane="night"),
        # Before everything else of the day: what follows meets the units as they are from today.
        Round("benxi_shuangsuiji.accounts.unit_actions.carry_out_due", turn=7),
    ),
    verbs={
        "accounts.account.email": "改邮箱",
        "accounts.account.moved": "调动",
        "accounts.account.opened": "新建账号",
        "accounts.account.renamed": "改姓名",
        "accounts.account.switched_off": "停用账号",
        "accounts.account.switched_on": "启用账号",
        "accounts.account.unlocked": "解除登录暂停",
        "accounts.account.unused": "长期没有登录，自动停用",
        "accounts.contact.kept": "登记单位的地址和电话",
        "accounts.device.ended": "退出一台设备",
        "accounts.founded": "建立首批管理员",
        "accounts.grant.asked": "申请授权",
        "accounts.grant.given": "批准授权申请",
        "accounts.grant.refused": "退回授权申请",
        "accounts.password.changed": "改密码",
        "accounts.password.rehashed": "登录时按新的参数重存密码",
        "accounts.password.reset": "重设密码",
        "accounts.refused": "没有权限，被拒绝",
        "accounts.role.ended": "终止授权",
        "accounts.role.granted": "授权",
        "accounts.sign_in_failed": "登录失败",
        "accounts.second_factor.codes": "重做备用码",
        "accounts.second_factor.reset": "重置动态口令",
        "accounts.second_factor.reset_asked": "申请重置动态口令",
        "accounts.second_factor.reset_returned": "退回重置动态口令的申请",
        "accounts.second_factor.set": "设置动态口令",
        "accounts.signed_in": "登录",
        "accounts.unit.approved": "批准单位和名称的修改",
        "accounts.unit.asked": "提出单位和名称的修改",
        "accounts.unit.changed": "单位和名称的修改生效",
        "accounts.unit.withdrawn": "撤回批准的单位和名称的修改",
        "accounts.unit.returned": "退回单位和名称的修改",
        "accounts.unit.taken_back": "撤回没有批准的单位和名称的修改",
        "accounts.unit.waits": "单位和名称的修改到期没有办理",
    },
    told={"accounts.refused": "path"},
    steps=(UNITS, GRANT_REQUEST, RESET),
    holds_unit="benxi_shuangsuiji.accounts.unit_rules.accounts_in",
    sealed=(Sealed("accounts_authenticator", "secret", "accounts.authenticator", "t.user_id::text", made_anew=True),),
    finds=(Finds("人员", "账号", "benxi_shuangsuiji.accounts.finds.accounts", place=32),),
)
