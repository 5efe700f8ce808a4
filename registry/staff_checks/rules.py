from benxi_shuangsuiji.accounts.roles import Permission


def why_not_sign_staff_check(check, user) -> str:
    if not user.may(Permission.APPROVE_REGISTRY, check.unit):
        return "由本单位的分管负责人签字。"
    if check.signed_by_id:
        return "这次核对已经签字。"
    return "核对的人不能给自己的核对签字。" if check.checked_by_id == user.pk else ""
