"""What the name of a person looks like; asked by every way in: workbook, form, action (六(三)-b)."""

import re
import unicodedata

# Chinese characters of all extensions, 〇, and those that a machine makes for itself; letters as on foreign passports.
HAN = "㐀-䶿一-鿿豈-﫿〇々\ue000-\uf8ff\U00020000-\U000323af"
_DOTS = re.compile("[•‧∙⋅・．.‧●](?=.)")
_BLANKS = re.compile(f"(?<=[{HAN}·])\\s+|\\s+(?=[{HAN}·])")
_CHINESE = re.compile(f"[{HAN}]+(·[{HAN}]+)*")
_LATIN = re.compile("[A-Za-zÀ-ɏ]+([ '’·-][A-Za-zÀ-ɏ]+)*")
_LONGEST = 8  # without a dot: compound surnames and names written from other languages
_NOBODY = re.compile(
    "(合计|小计|总计|共计|累计|平均|备注|说明|附注|注|填报人?|填表人?|制表人?|审核人?|审批人?|审定|复核人?|经办人?|"
    "联系人|负责人|分管领导|单位负责人|姓名|人员|人数|编外人员|在编人员|在岗人员|暂无|无|空|同上|"
    "总人数|以下空白|以下无正文|此页无正文|本页空白|空白|空缺|空岗|缺编|待定|待补充?|日期|时间|年月日|电话|联系电话|"
    "签[字名章]|盖章|签字盖章|公章|单位|部门|科室|(单位|部门|科室|主要|分管)?(负责人|领导)(意见|签[字名章]|盖章)?|"
    "局领导|班子|(领导)?班子(成员)?|领导成员|(局|队|分局)?机关|办公室)"
)
_DAY = re.compile("[〇零○一二三四五六七八九]{4}年([一二三四五六七八九十]{1,3}月)?([一二三四五六七八九十]{1,3}[日号])?")
# No given name ends so; what might be one (何处, 王队) is asked of the workbook only, where it stands alone in its row.
_OFFICE = re.compile(
    f"[{HAN}]{{2,}}(股|室|组|班子|机关|中队|大队|支队)|[{HAN}]{{3,}}([站所局处队部办]|中心|分局)|[{HAN}]+(盖章|签[字名章])"
)
_TITLE = re.compile(
    f"[{HAN}]+?((副|党组)?(书记|主任|(局|科|股|队|组)长|主任科员|(支|大|中)队长)|(?<=[{HAN}]{{2}})(副?[所站处部]长|副?科员))"
)
_SECTION = re.compile(
    f"(综合|法[制规宣]|政[工策法]|监[察管测]|执法|信访|财务|人事|宣[教传]|环[评监境]|应急|督察|稽查|案审|审批|[水气声]|大气|土壤"
    "|固废|生态|辐射|党[办建]|行政|业务|[内外]勤|现场|[一二三四五六七八九十])科"
    f"|(?!欧阳|司马|上官|诸葛|司徒|皇甫|慕容|东方|尉迟)[{HAN}]{{3,}}(科|街道|[区县市镇乡]|类)|[{HAN}]+(名[单册录]|人员|领导)"
)
_BEHIND = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]?$")


def tidy(text: str) -> str:
    """The name without the blanks that fill out two characters (张　三), dots all of one kind."""
    text = _BLANKS.sub("", " ".join(unicodedata.normalize("NFC", text).split()))
    return _DOTS.sub("·", text) if re.search(f"[{HAN}]", text) else text


def is_section(text: str) -> bool:
    """Whether a text that stands alone in its row of a list of people heads a part of it or ends it."""
    name = tidy(_BEHIND.sub("", text))
    return _is_nobody(name) or bool(_SECTION.fullmatch(name))


def heads_a_part(text: str) -> bool:
    """Whether rows may follow that it is about: no total, no signature, no note."""
    return not (
        _NOBODY.fullmatch(tidy(text)) or _DAY.fullmatch(tidy(text)) or re.search("[:：]|[合小总共]计|共|注", text)
    )


def _is_nobody(name: str) -> bool:
    return any(pattern.fullmatch(name) for pattern in (_NOBODY, _DAY, _OFFICE))


def why_not(name: str) -> str:
    """Why this is nobody's name; "" when it may be one."""
    if _is_nobody(name):
        return f"“{name}”不是人的姓名。写一个人的姓名，表里不是人员的行删去。"
    if wrong := re.search(r"[\d０-９]+", name):
        return f"姓名里有数字“{wrong[0]}”。只写姓名；这一行不是人员的，删去。"
    if wrong := re.search("[：:；;，,、。!？?]", name):
        return f"姓名里有标点“{wrong[0]}”。一格只写一个人的姓名；这一行不是人员的，删去。"
    if wrong := re.search(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]?", name):
        return f"姓名后面有“{wrong[0]}”。只写姓名，其余写在别的列。"
    if wrong := _TITLE.fullmatch(name):
        return f"姓名后面有职务“{wrong[1]}”。只写姓名，职务写在“职务”一列。"
    if not (_CHINESE.fullmatch(name) or _LATIN.fullmatch(name)):
        return "姓名里有认不得的字符。姓名只写汉字，少数民族和外国人姓名中间用“·”。"
    if len(name) > _LONGEST and "·" not in name and _CHINESE.fullmatch(name):
        return f"姓名有 {len(name)} 个字，不像人的姓名。写一个人的姓名；这一行不是人员的，删去。"
    return ""
