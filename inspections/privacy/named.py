"""Names of people in what will be public, by how sentences name them (八(二)-c, domain.md 7.8).

Nobody can list the names of all; but a report names people in few ways: behind what they are (现场负责人王建国已确认),
before what they are called (王建国厂长), and before what they did (由王建国陪同). A name begins with a surname, has two or
three characters, compound surnames one more, and ends where a word begins that no given name holds. It may be wrong, so
it is asked, never changed; whoever has to keep a name says why.
"""

import re

# Surnames of nine people in ten that begin no everyday word of a report, and those that do: a name with one of these
# is believed only behind what somebody is.
_CLEAR = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭何罗宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜"
    "范石姚谭廖邹熊陆郝孔崔康邱秦史顾侯邵孟龙段雷钱汤尹黎易武贺龚庞樊兰殷施洪翟倪严牛温芦俞章鲁葛韦毕聂焦柳"
    "邢骆岳齐尚梅莫庄辛耿祁卞邸佟鄢裴闫肖林梁郁阮费霍褚窦苗谷靳缪隋巩桂翁荀娄盖祖冉房刁"
)
_AMBIGUOUS = "马高安于方时应从向常成全任关水金白江路管项明车毛师单强平包左申甘连万花华生解古盛乔文游柴凌纪季颜伍童詹"
_COMPOUND = "欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|东方|司徒|端木|南宫|赫连|长孙|宇文|爱新觉罗"

# Everyday words that begin like a name.
_WORD = re.compile(
    "高度|高空|高温|高压|高浓|高处|高架|高速|高新|安全|安排|安装|安环|于是|于当|方面|方可|方才|方案|"
    "方能|时间|时段|应当|应急|应该|应对|应于|应按|从业|从事|从未|从而|向检|向执|常年|常规|常务|成立|"
    "成品|成分|全部|全程|全年|全面|全体|任何|任命|任务|关于|关闭|关停|水泵|水质|水管|水样|石灰|石料|"
    "石油|石墨|金属|金额|白天|白色|黄色|黄河|江水|温度|路面|管理|管道|管线|项目|明确|明知|明显|明细|"
    "易燃|易爆|易制|车间|车辆|师傅|单位|单独|单据|强调|强化|平时|平台|平面|平均|包装|包括|包含|左右|"
    "左侧|申请|申报|申领|申辩|连续|连接|万元|万吨|花园|华北|生产|生活|生态|生物|严格|严重|解释|解决|"
    "盛装|齐全|齐备|段内|凌晨|游离|许可|许多|马上|马路|马达|何时|何地|何种|周边|周围|周期|周一|周二|"
    "周三|周四|周五|张贴|曾经|曾于|曾在|曾因|林业|林地|唐山|范围|余下|余量|余热|陈旧|陈述|程序|罗列|"
    "杜绝|丁烷|丁醇|董事|苏打|戴口|戴手|戴安|夏季|夏天|黎明|陆续|陆地|武装|尤其|章程|施工|施肥|施用|"
    "洪水|季度|季节|颜色|焦炭|焦化|焦炉|焦油|纪录|纪检|纪委|柴油|史料|孔隙|孔口|田间|田地|龙头|雷雨|"
    "雷达|钱款|汤池|牛粪|牛舍|房屋|房间|盖板|盖上|盖章|费用|苗木|谷物|尚未|尚有|尚无|尚在|尚需|文件|"
    "文字|文书|全厂|全天|明山|溪湖|平山|南芬|本溪|桓仁|向我|向本|向市|向县|成员|成套|和员|路径|路线|"
    "计量|毕竟|温室|温和|梁式|朱红|严禁|易散|钟头|龙门|管机|关联|文体|方式|应遵|师事|石子|石材|石棉|"
    "梅雨|庄稼|单元|单个|强制|强酸|强碱|平稳|连同|连夜|管控|管网|师生|江河|祖坟"
)

_IS = (
    "(?:(?:现场|企业|公司|项目|车间|班组|环保|安全|生产|值班|设备|技术|法定|实际|主要|分管|当班)*"
    "(?:负责人|联系人|当事人|代表人?|法人|经营者|业主|控制人|厂长|经理|主任|科长|部长|站长|班长|组长|队长|书记|场长|矿长|院长|校长|所长"
    "|主管|总监|总工|工程师|工人|员工|职工|司机|操作[工员]|管理员|安全员|环保[员专]员?|化验[员工]|值班[员人]员?|保安|门卫|老板|会计|人员"
    "|见证人|被询问人|证人|居民|村民|群众|户主))"
)
_LINK = '(?:姓名)?[：:（(“"、，,]?(?:为|是|系|叫|名叫)?'
_CALLED = "(?:先生|女士|同志|师傅|厂长|经理|总经理|副?主任|科长|部长|站长|班长|队长|书记|场长|矿长|老板|工程师)"
_DID = (
    "(?:陪同|陪检|确认|签字|签名|签收|在场|介绍|表示|承认|反映|到场|提供|解释|拒签|拒绝|说明|负责|值班|操作|取样|采样|指认|出示|接待|带领"
    "|认可|认为|告知|称|说|讲)"
)
_LEADING = "(?:^|(?<=[，。；：、（(“,;:]))(?:(?:现)?由|与|和|经|向|询问|通知)?|(?:(?:现|均|并)?由|与|经|向|询问|通知|联系|找到)"
_HAN = "[㐀-䶿一-鿿·]"
# What stands behind a name and in none: so a name of two characters is told from one of three.
_AFTER = "已未在到说称表确陪签和与及提拒承反不没也对于将为是的等均又并告解操值负作现电先女同某了把被有以按从向当就才都还应则因其住称讲认带出手口书进这那该本此某×*＊□"


def names_in(text: str) -> list[str]:
    """What looks like the name of a person, each once, as it stands in the text without blanks."""
    found: list[str] = []
    for pattern, clear_only in _PATTERNS:
        for match in pattern.finditer(text):
            name = _name_at(text, match.start("name"), clear_only)
            if name and (pattern is not _BEFORE_CALLED or match["name"] == name) and name not in found:
                found.append(name)
    return [name for name in found if not any(name != other and name in other for other in found)]


def behind(text: str, name: str) -> tuple[str, str]:
    """(what is said of the person up to and with the name, what stands in its place); PNG 30c."""
    said = re.search(f"({_IS}){_LINK}{re.escape(name)}", text)
    return (said[0], said[1]) if said else (name, "现场负责人")


def without(text: str, name: str) -> str:
    """现场负责人王建国已确认 → 现场负责人已确认."""
    while name in text:
        whole, instead = behind(text, name)
        text = text.replace(whole, instead)
    return text


def _name_at(text: str, start: int, clear_only: bool) -> str:
    rest = text[start : start + 4]
    if compound := re.match(_COMPOUND, rest):
        first = compound[0]
    elif rest[:1] in _CLEAR or (rest[:1] in _AMBIGUOUS and not clear_only):
        first = rest[:1]
    else:
        return ""
    if _WORD.match(rest):
        return ""
    given = ""
    for sign in text[start + len(first) : start + len(first) + 2]:
        if not re.match(_HAN, sign) or sign in _AFTER:
            break
        given += sign
    return first + given if given else ""


_BEFORE_CALLED = re.compile(f"(?<![{_CLEAR}])(?P<name>(?:{_COMPOUND}|[{_CLEAR}]){_HAN}{{1,2}}){_CALLED}")
_PATTERNS = [
    (re.compile(f"{_IS}{_LINK}(?P<name>{_HAN}{{2,4}})"), False),
    (_BEFORE_CALLED, True),
    (re.compile(f"(?:询问|找到|联系|通知)(?P<name>[{_CLEAR}]{_HAN}{{1,2}})(?=[，。；,;]|$)"), True),
    (re.compile(f"(?:{_LEADING})(?P<name>(?:(?:{_COMPOUND})|[{_CLEAR}]){_HAN}{{1,2}}){_DID}"), True),
]
