"""What a password must be, said in Chinese, and how a first password is made (GB/T 22239 8.1.4.1 a)."""

import re
import secrets
from functools import lru_cache

from django.contrib.auth import password_validation as django_rules
from django.core.exceptions import ValidationError

from .city import City, this_city

# No letter or digit that looks like another: a first password is read from a screen and typed by hand.
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_DIGITS = "23456789"
KINDS_WANTED = 3
# Whoever guesses begins with these: place, office, work, system (ASVS 6.1.2); the longer before what it holds.
OF_THIS_PLACE = (
    "shengtaihuanjing huanjing huanbao shengtai shuangsuiji suiji gongkai gongshi zhifadui zhifa jiancha zhidui fenju "
    "guanliyuan guanli sthj gaoxin administrator admin password "
    "passwd mima demo test 生态环境 环境 生态 环保 双随机 一公开 公示 执法 检查 分局 支队 管理员 高新 密码"
)
LETTERS_OF_ONES_OWN = 4  # that must be left beside such a word


@lru_cache(maxsize=4)
def words_of(place: City) -> tuple[str, ...]:
    """Those of the city and its districts, as they are written and as they are typed, and those of every office."""
    from pypinyin import Style, lazy_pinyin

    said = [place.stem, place.province.removesuffix("省")]
    said += [word.removesuffix("区").removesuffix("县") for d in place.districts for word in (d.name, *d.words)]
    said = [word for word in dict.fromkeys(said) if word]
    typed = ["".join(lazy_pinyin(word)) for word in said]
    bureau = "".join(lazy_pinyin(place.stem, style=Style.FIRST_LETTER)) + "sthj"
    return (*sorted({bureau, *said, *typed}, key=len, reverse=True), *OF_THIS_PLACE.split())


class LongEnough(django_rules.MinimumLengthValidator):
    def get_error_message(self):
        return f"密码太短，至少 {self.min_length} 个字符。"

    def get_help_text(self):
        return f"至少 {self.min_length} 个字符"


class SeveralKinds:
    """Three of: small letters, capitals, digits, other characters."""

    def validate(self, password, user=None):
        kinds = {_kind(c) for c in password}
        if len(kinds) < KINDS_WANTED:
            raise ValidationError(
                "密码用到的字符种类太少：小写字母、大写字母、数字、符号，至少三种。", code="password_of_few_kinds"
            )

    def get_help_text(self):
        return "小写字母、大写字母、数字、符号至少用三种"


class NotCommon(django_rules.CommonPasswordValidator):
    """None of the list, nor one of it behind or before digits and signs: “Password1234!” is the first that is tried (S10)."""

    def validate(self, password, user=None):
        super().validate(password, user)
        super().validate(re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password), user)

    def get_error_message(self):
        return "这个密码很多人用，容易被猜中，换一个。"

    def get_help_text(self):
        return "不用常见的密码"


class NotLikeTheAccount(django_rules.UserAttributeSimilarityValidator):
    def __init__(self):
        super().__init__(user_attributes=("username", "full_name", "email"))

    def get_error_message(self):
        return "密码和账号、姓名或邮箱太像，换一个。"

    def get_help_text(self):
        return "不和账号、姓名相像"


class NotOfThisPlace:
    """No password that says no more than where one works, with a year behind it (ASVS 6.2.11)."""

    def validate(self, password, user=None):
        left = own = password.lower()
        for word in words_of(this_city()):
            left = left.replace(word, " ")
        if left != own and sum(c.isalpha() for c in left) < LETTERS_OF_ONES_OWN:
            raise ValidationError(
                "密码里除了地名、单位、系统的名字和数字，自己的字太少，容易被猜中。再加几个别的字，或者换一个。",
                code="password_of_this_place",
            )

    def get_help_text(self):
        return "不只用地名、单位、系统的名字"


def _kind(character: str) -> str:
    if character.islower():
        return "small"
    if character.isupper():
        return "capital"
    return "digit" if character.isdigit() else "other"


def why_not(password: str, user) -> str:
    """Every rule this password breaks, in one sentence after another; "" when it may be used."""
    try:
        django_rules.validate_password(password, user)
    except ValidationError as wrong:
        return "".join(wrong.messages)
    return ""


def first_password() -> str:
    """Sixteen letters and digits by chance, in four groups: good for one sign-in, then its owner chooses his own.

    Made here and not typed by the administrator, so that it is never weak and never one he uses elsewhere.
    """
    return "-".join("".join(secrets.choice(_LETTERS + _DIGITS) for _ in range(4)) for _ in range(4))
