"""What is done with the second factor and with devices. Each act is one transaction and one line of the trail."""

from django.db import transaction
from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if, why_no_opinion

from . import devices, duties, lockouts, rules, second_factor
from .models import Authenticator, KnownDevice, RecoveryCode, SecondFactorReset, User


@transaction.atomic
def set_up(*, account: User, secret: bytes, code: str, by: User) -> list[str]:
    """Take a new authenticator once it gave a right code; return the recovery codes, which nobody can read again."""
    account = User.objects.locked(account.pk, fresh_keys=True)
    if account.pk != by.pk:
        raise Refused("只能设置自己的动态口令。")
    right = second_factor.step_of(secret, "".join(code.split()))
    if right is None:
        raise Refused("口令不对。核对手机的时间，等换成下一个再输；还不对的，重新扫一次。")
    step, drift = right
    Authenticator.objects.update_or_create(
        user=account,
        defaults={
            "secret": second_factor.sealed(secret, account.pk),
            "confirmed_at": timezone.now(),
            "last_step": step,
            "drift": drift,
            "failures": 0,
            "failed_at": None,
        },
    )
    # What was remembered was remembered for the authenticator that is gone.
    KnownDevice.objects.filter(user=account).update(remembered_until=None)
    trail.record("accounts.second_factor.set", by=by, about=account)
    return second_factor.new_codes(account)


@transaction.atomic
def make_codes_anew(*, account: User, by: User) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more."""
    account = User.objects.locked(account.pk, fresh_keys=True)
    if account.pk != by.pk or second_factor.of(account) is None:
        raise Refused(second_factor.NO_AUTHENTICATOR)
    trail.record("accounts.second_factor.codes", by=by, about=account)
    return second_factor.new_codes(account)


@transaction.atomic
def end_device(*, device: KnownDevice, by: User) -> KnownDevice:
    """Sign out on one device; it is a stranger's from then on."""
    device = KnownDevice.objects.select_for_update().get(pk=device.pk)
    if device.user_id != by.pk:
        raise Refused("只能退出自己的设备。")
    if device.ended_at:
        raise Refused("这台设备已经退出。")
    devices.end(device)
    trail.record("accounts.device.ended", by=by, about=by, device=device.label)
    return device


@transaction.atomic
def ask_for_reset(*, account: User, reason: str, by: User) -> SecondFactorReset:
    """The system administrator asks to forget the authenticator of somebody who has lost it."""
    account = User.objects.locked(account.pk, "unit", fresh_keys=True)
    refuse_if(rules.why_not_ask_for_reset(account, by, reason=reason))
    asked = SecondFactorReset.objects.create(account=account, reason=reason.strip(), asked_by=by, asked_at=clock.now())
    duties.reset_asked(asked, by)
    trail.record("accounts.second_factor.reset_asked", by=by, about=account, reason=asked.reason)
    return asked


@transaction.atomic
def approve_reset(*, asked: SecondFactorReset, by: User, opinion: str = "") -> SecondFactorReset:
    """Forget authenticator, recovery codes and devices: he sets up a new one when he signs in next."""
    asked = SecondFactorReset.objects.locked(asked.pk, "account", fresh_keys=True)
    refuse_if(rules.why_not_decide_reset(asked, by))
    now = clock.now()
    asked.decide("APPROVED", by=by, at=now, opinion=opinion)
    duties.reset_decided(asked, "accounts.second_factor.reset", now)
    forget(asked.account)
    trail.record("accounts.second_factor.reset", by=by, about=asked.account, opinion=opinion)
    return asked


@transaction.atomic
def return_reset(*, asked: SecondFactorReset, by: User, opinion: str) -> SecondFactorReset:
    asked = SecondFactorReset.objects.locked(asked.pk, "account", fresh_keys=True)
    refuse_if(rules.why_not_decide_reset(asked, by))
    refuse_if(why_no_opinion(opinion))
    now = clock.now()
    asked.decide("RETURNED", by=by, at=now, opinion=opinion)
    duties.reset_decided(asked, "accounts.second_factor.reset_returned", now)
    trail.record("accounts.second_factor.reset_returned", by=by, about=asked.account, opinion=opinion)
    return asked


def forget(account: User) -> None:
    """Nothing of the second factor is left, and every sign-in of the account ends."""
    RecoveryCode.objects.filter(user=account).delete()
    Authenticator.objects.filter(user=account).delete()
    for device in KnownDevice.objects.filter(user=account, ended_at=None):
        devices.end(device)
    lockouts.clear(account.username)
