"""Finds a person's own name in what they write. A missed name does no harm; a word taken for a name does."""

from __future__ import annotations

import re

from knowledge.name_readings import NameReadings
from knowledge.text import simple

DOTS = "·・•.。．‧∙⋅᛫･｡-–—"
_DOT = "[·・•．‧∙⋅᛫･.]"
_HAN = "[〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
_RUN = rf"{_HAN}{{1,20}}(?:\s?{_DOT}\s?{_HAN}{{1,10}})*"
_EDGE = r"(?:^|(?<=[\s,，.。;；、!！?？:：(（]))"

# «我叫», «姓名：»: what follows is a name, though more words may follow it.
_SURE = re.compile(
    rf"(?:(?<![让请由把给跟替听求找])[我俺咱](?:姓{_HAN}{{1,2}}?[\s,，]?|名|是|本名|的?名字|的?姓名|现在|本来|原来)?叫做?|(?:本人|我)(?:的?名字|的?姓名|姓名)(?:是叫|叫做?|是|为|[:：])"
    rf"|{_EDGE}(?:本人|名字|姓名)(?:是叫|叫做?)|{_EDGE}(?:姓名|名字)\s?(?:是|为|[:：]))\s?[:：]?\s?[“\"「]?({_RUN})"
)
# «我是», «本人», a bare «叫»: mostly something else follows, so the name must stand alone.
_MAYBE = re.compile(
    rf"(?:(?<![说对跟和])我(?:就)?是|{_EDGE}(?:本人是?|叫做?|姓名))\s?({_RUN})(?=$|[\s,，.。;；、!！?？~～(（])"
)
# «我姓仇，名建国», «姓欧阳 单名一个锋»: told in two parts.
APART = re.compile(
    rf"姓({_HAN}{{1,2}}?)[\s,，、]*(?:单名|名叫?|名字[是叫]?)(?:是|一个|个)?\s?({_HAN}{{1,2}})(?=$|[\s,，.。;；、!！?？的])"
)
# A name and nothing else between marks: the first words of a story, behind «我» or a greeting, or behind its surname.
_HELLO = "你好|您好|大家好|好|在吗|师傅们?好?|老师们?好?|请问|请教一?下?|哈喽|hello"
_GREETING = rf"(?:(?:各位|小安)?(?:{_HELLO})[\s,，。!！~、]+)"
_SELF = r"(?:(?:老汉|本人|[我俺咱])[,，\s]?)?"
_OPENING = re.compile(rf"^\s*{_GREETING}*{_SELF}({_HAN}{{2,4}})(?=[\s,，.。;；、(（]+.{{8}})", re.I | re.S)
_FAMILY = re.compile(rf"姓({_HAN}{{1,2}}?).{{0,40}}?[\s,，、。;；](\1{_HAN}{{1,2}})(?=$|[\s,，.。;；、])")
_FAMILY_AFTER = re.compile(rf"^\s*({_HAN}{{2,4}})[\s,，、(（].{{0,8}}?姓({_HAN}{{1,2}})")
_BETWEEN = re.compile(rf"(?<=[,，。;；、])\s?({_HAN}{{3,4}})(?=$|[\s,，.。;；、])")
# «仇建国的初始密码», «密码：仇建国», «转人工 仇建国»: nothing else would stand there.
_ASKED = re.compile(
    rf"{_EDGE}({_HAN}{{2,4}}?)(?:的(?:姓名|名字)?)?(?=(?:初始|默认|登录|系统|原始)?密码|拼音|首字母)"
    rf"|(?:密码|拼音|首字母|名字|姓名|我名字|转人工)(?:是|为)?[\s,，:：]*({_HAN}{{2,4}})(?=$|[\s,，.。;；、!！?？])"
)
# «经办人：赵敏», «名字: 陈 静», «我是刘强换了单位», «张伟的账号», «我叫 Li Ming»: taken for names where nothing but
# the storing depends on it, since there a word taken for a name does no harm.
_LABELLED = re.compile(
    rf"(?:经办人|申请人|联系人|收件人|持证人|当事人|姓名|名字)(?:姓名|名字)?\s?(?:是|为|叫|[:：])+\s?({_HAN}{{2,4}}?|{_HAN}\s{_HAN}{{1,2}})"
    r"(?=$|[\s,，.。;；、!！?？0-9]|的|电话|手机|能|要|想)"
)
_NUMBERED = re.compile(rf"第[一二三四五六七八九十\d]+[个位](?:人|员工|同事)?(?:是|叫)?({_HAN}{{2,3}})(?=[,，\s、:：])")
_NEXT = (
    r"(?:(?P<said>换一?个人|换一?位|(?:换(?:下|另)一|下一|第\w{1,2})(?:个(?:人|员工|同事)|位))|第[一二三四五六七八九十\d]{1,2}个)"
    r"(?:是|叫|[,，:：。 ])*(?:(?P<called>[小老]?[\u4e00-\u9fff]{1,3})[,，:： ](?=.*\d))?"
)
NEXT_PERSON = re.compile(rf"(?:那|好|然后|接着|再|现在|[,，。 ])*{_NEXT}")
"""«换一个人», «第三个王强，2028年6月到期…»: the case of the next one, as who looks after several asks them. «第三个»
alone is the third of what was listed. Only to be matched: what leads to it would be gone through from every place."""
_FURTHER = re.compile(_NEXT)
_STATED = re.compile(rf"我(?:就)?是({_HAN}{{2,3}}?)(?=换|在|从|想|要|问|拿|考|注册|刚|今年|去年|有|电话|手机)")
_OWNED = re.compile(rf"{_EDGE}({_HAN}{{2,3}}?)的(?=账号|帐号|账户|证|身份|手机|电话)")
_LATIN = re.compile(r"(?:叫|我是|名字是?|姓名是?|name is)\s?[:：]?\s?([A-Z][a-z]+(?:\s[A-Z][a-z]+){1,2})")
_OF_PASSWORDS = re.compile("密码|首字母|拼音")
_PIECES = re.compile(
    r"[、,，。;；:：!！?？\s和跟与]|的?(?:姓名)?的?(?=初始|默认|原始|登录|密码|拼音|首字母)|分别|各自|(?<=名字)是"
)
_LED = re.compile(r"^.*(?:叫做?|姓名|名字|员工|同事|领导|老公|老婆|爱人|爸爸?|妈妈?|师傅|徒弟|朋友|帮我算|算一下)")
_CALLED = re.compile(r"(?:^|[,，。;；!！?？\s回到和、])[小老]([\u4e00-\u9fff])(?=[\u4e00-\u9fff\d,，、:：\s])")
_DATED = re.compile(
    rf"(?:^|[\s,，。;；、.:：])({_HAN}{{2,3}}?)的?(?:资格|注册)?(?:证书?|有效期|注册)?(?:是|到|至)?\s?(?:(?:19|20)?\d\d年|(?:19|20)\d\d[./-])"
)
_SUBJECT = re.compile(
    rf"^\s*(?:我是[^,，。]{{0,6}}(?:人事|行政|[hH][rR])的?[,，。]\s?)?(?:那么?|还有|再问|请问)?(?:我们)?(?:单位|公司)?的?(?:员工|同事|下属|徒弟)?(?:帮|替)?({_HAN}{{2,3}}?)"
    r"(?:女士|先生|同志|老师)?(?:的|那边|那个)?\s?"
    r"(?=有效期|注册|资格证|证|\d|没|换了|需?要|用不用|是什么|是哪|办什么|办啥|办哪|该办|呢|最[晚早]|什么时候|啥时候|几时|[今去前明后]年"
    r"|还能|还来得及|算|现在|目前|需|应该|属于|到期|过期|刚|[上下]个?[月周]|延续|变更|初始|重新|[：:]|问[下一问])"
)
_LISTED = re.compile(rf"[;；\n]\s?({_HAN}{{2,3}})(?=[,，:：\s])")
# «甲：…。乙：…»: cases that are told apart.
_MARKED = re.compile(r"(?:^|[\s,，。;；])(?:[甲乙丙丁]|(?:员工|同事)[A-Ea-e一二三四五])\s?[:：]")
_ONE_AND_ANOTHER = re.compile(
    r"(?:员工|同事|人|注安师?|工程师|徒弟|下属)[\s,，。;；:：](?:其中)?一[个位](?!月|多?月|星期|礼拜)"
    r"[^。;；!?]{4,40}[,，;；。 ](?:另外?|还有)一[个位]"
)
"""«一个是2021年拿证…，另一个2027年到期…»."""
# Words that go on after a name that no mark closes: 我叫张三在北京…
_FOLLOWING = re.compile(
    "今年|现在|目前|来自|以前|去年|前年|刚|想|要|请|是|的|在|有|已|没|于20|从|做|干|复姓|我|你|您|他|她|怎|什|哪|吗|呢|吧|啊"
    "|注册|考|拿|咨询|问|需要|证|身份|单位|就职|任职|一名|一个|男|女|先生|女士|同志|默认|密码|首字母|拼音|首次|和同|跟同|这个"
)
_NOT_ENDINGS = tuple("的人员工师长家位者们了吗呢吧啊这那里边方厂矿厅局部证校界岗级初负族派户去来")
_READ = tuple("读讀念")  # «单读山» tells how a name is read
_PLACES = tuple("市省县区州镇乡村")
_PARTICLES = tuple("的是吗呢吧啊我你您他她")
_NOT_STARTS = tuple("我你您他她它这那个一两三几去来不没也就都还很")


def find_name(text: str, readings: NameReadings) -> str | None:
    """The name a person states as their own, as written; None where there is none or it is not sure."""
    families = "".join(re.findall(f"姓({_HAN})", text))
    for found in _SURE.finditer(text):
        if name := _sure(found.group(1), families, readings):
            return name
    for found in _MAYBE.finditer(text):
        if _alone(found.group(1), readings):
            return found.group(1)
    return _by_place(text, readings)


def likely_names(text: str, readings: NameReadings) -> tuple[str, ...]:
    """Whatever stands between marks and looks like a name, whosever it is: to be taken out of what is stored."""
    asked = (group for found in _ASKED.finditer(text) for group in found.groups() if group)
    between = (found.group(1) for found in _BETWEEN.finditer(text))
    told = (run for pattern in (_LABELLED, _NUMBERED, _DATED, _STATED, _OWNED) for run in pattern.findall(text))
    following = (found["called"] for found in _FURTHER.finditer(text) if found["called"])
    runs = (*asked, *between, *told, *following, *_LISTED.findall(text), *filter(None, [subject(text, readings)]))
    return (*_LATIN.findall(text), *(run for run in runs if _name_like(run.replace(" ", ""), readings)))


def named(text: str, readings: NameReadings) -> tuple[str, ...]:
    """The names in a question about passwords, whosever they are: «王芳、李强的初始密码», «阿不都·热合曼的密码»."""
    if not _OF_PASSWORDS.search(text):
        return ()
    pieces = (_LED.sub("", piece.strip()) for piece in _PIECES.split(text))
    found = [name for name in pieces if name[1:2] not in _READ and _is_name(name, readings)]
    found += ["".join(parts) for parts in APART.findall(text)]
    own = find_name(text, readings)
    return tuple(dict.fromkeys([own, *found] if own else found))


def subject(text: str, readings: NameReadings) -> str:
    """The full name of whom a message is about: «刘强的有效期到明年», «李娜要不要继续教育»; empty where it begins with
    none."""
    found = _SUBJECT.match(text)
    name = found.group(1) if found and found.group(1)[0] in readings.unmistakable else ""
    return name if name and _name_like(name, readings) else ""


def people(text: str, readings: NameReadings) -> int:
    """How many persons a text that tells cases names: 小王, 老张, «张三，2020年取证；李四，2023年注册»."""
    called = {char for char in _CALLED.findall(text) if readings.is_surname(char)}
    found = (*_LISTED.findall(text), *_DATED.findall(text))
    listed = {name for name in found if _name_like(name, readings)}
    marked = len(_MARKED.findall(text)) + 2 * bool(_ONE_AND_ANOTHER.search(text))
    own = find_name(text, readings) if listed else None
    return len(called) + len(listed) + bool(own and own not in listed) + marked


def _is_name(run: str, readings: NameReadings) -> bool:
    if re.fullmatch(_RUN, run) and re.search(_DOT, run):
        return _alone(run, readings)
    return bool(re.fullmatch(f"{_HAN}{{2,4}}", run)) and _name_like(run, readings)


def _by_place(text: str, readings: NameReadings) -> str | None:
    """A name by where it stands: at the head of a story, or after its own surname."""
    family = _FAMILY.search(text)
    if family and _alone(family.group(2), readings):
        return family.group(2)
    before = _FAMILY_AFTER.match(text)
    if before and before.group(1)[0] == before.group(2)[0] and _alone(before.group(1), readings):
        return before.group(1)  # «谌利民，姓谌»
    found = _OPENING.match(text)
    return found.group(1) if found and _name_like(found.group(1), readings) else None


def _name_like(run: str, readings: NameReadings) -> bool:
    """Whether a run between marks is more likely a name than anything else."""
    plain = simple(run)
    if plain in readings.places or plain[:2] in readings.places or plain.endswith(_PLACES):
        return False
    return not readings.not_given & set(plain[1:]) and _alone(run, readings)


def bare_name(text: str, readings: NameReadings) -> str | None:
    """The name that a text is and nothing else («单雪», «我姓逄 逄德海»); None where it need not be one."""
    run = re.sub(r"^\s*我?姓.{1,2}[\s,，]+", "", text).strip(" 。.!！,，")
    return run if re.fullmatch(_RUN, run) and len(run) > 1 and _alone(run, readings) else None


def _sure(run: str, families: str, readings: NameReadings) -> str | None:
    """The name a run begins with: up to a word that goes on, and of a length a name has. It may begin like something
    else if the text tells that it is a surname: «我叫那明珠（姓那）»."""
    end = None if _closed(simple(run), readings) else _FOLLOWING.search(simple(run), 2)
    name = run[: end.start()] if end else run
    if "先生" in name or not name:
        return None
    if re.search(_DOT, name):
        return name
    plain = simple(name)
    if plain[0] not in families and _opens_otherwise(plain, readings, sure=True):
        return None
    return name[: _length(plain, readings, cut=True)] or None


def _closed(plain: str, readings: NameReadings) -> bool:
    """Whether a run that a mark closes is a name as a whole: 李大刚 and 李亚男 end in words that else go on."""
    if plain.endswith(_PARTICLES) or plain[:2] in readings.transliterated:
        return False
    return _length(plain, readings, cut=False) == len(plain) > 2


def _alone(run: str, readings: NameReadings) -> bool:
    """Whether a run that stands alone is surely a name."""
    plain = simple(run)
    if re.search(_DOT, run):
        return len(plain) > 4 and all(len(part) > 1 for part in re.split(_DOT, plain))
    if plain.endswith(_NOT_ENDINGS) or _opens_otherwise(plain, readings, sure=False):
        return False
    return _length(plain, readings, cut=False) == len(plain)


def _opens_otherwise(plain: str, readings: NameReadings, *, sure: bool) -> bool:
    if plain in readings.not_names or plain in readings.not_openings or plain.startswith(_NOT_STARTS):
        return True
    return not (sure and len(plain) < 4) and plain.startswith(readings.not_openings)


def _length(plain: str, readings: NameReadings, *, cut: bool) -> int:
    """How many characters are a name; 0 if it does not begin like one. `cut`: more may follow."""
    compound = readings.compound(plain)
    if plain[:2] in readings.transliterated:
        longest = 8
    elif compound and len(plain) > len(compound):
        longest = len(compound) + 2
    elif plain and readings.is_surname(plain[0]):
        longest = 3
    else:
        return 0
    if len(plain) > longest:
        return longest if cut else 0
    return len(plain) if len(plain) > 1 else 0
