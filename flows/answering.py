"""Fits what a person wrote or pressed to the question asked. What does not fit is data, never an exception."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from flows.dates import find_dates
from flows.engine import fits, problem_with_date
from flows.extract import DATES, Extracted, Lexicon, extract, stored_name
from flows.model import EXPIRED, UNKNOWN, Answers, Input, Node, Option
from flows.partial_date import FoundDate, PartialDate
from flows.refine import only_a_date, refined, yearless
from flows.spans import find_spans
from flows.words import Words
from knowledge.name_finding import bare_name
from knowledge.names import NameProblem, initials
from knowledge.regions import find_provinces, find_without_body
from knowledge.text import fold

_BARE_YEAR = re.compile(r"\A(?:就是|是|大概|应该是?|好像是?|可能是?)?((?:19|20)\d\d)(?=\Z|吧|的|左右)")
_CLAUSES = re.compile(r"[,，。;；!！、\s]+")
_DATED_BY = {("certificate", "have"): "cert_date", ("registered", "before"): "registered_year"}
"""Answers whose date answers another question: «有的，2022年» tells when the certificate was obtained."""
_NUMBER = re.compile(r"(?:选|我选|第|答案|选项|就)?\s?([1-9]|[一二三四五六七八九])\s?(?:个|项|号|条|种|吧|\.|、|\))*\Z")
_DIGITS = "一二三四五六七八九"
_TAILS = re.compile(r"[\s,.。!?~、…]+|(?:的|了|吧|呀|啊|哦|呢|嘛|哈|噢|哒)+$")
_AROUND = re.compile(r"^(我们?|是|属于|在|的|就是|单位|公司)+|(的|下面的?|下属的?|旗下的?|公司|企业)+$")
_NOT = re.compile(r"(不|没|没有|未|非|别)(是|去|有|在)?$")
_NOT_ANY_MORE = re.compile(r"(不|没)(?!变|换|动|改|走)")
"""What stands after a word takes it back: 原单位不干了."""
_BARE_NO = ("没有", "还没有", "没有的")
"""A no by itself is none of the options that begin with it: «没有单位»."""
_RANGE = re.compile(r"\s?(?:年|月)?\s?(?:到|至|或者?|还是|、|~|-|—)\s?")
_YEARS_IN_A_ROW = re.compile(r"(?<!\d)((?:19|20)?\d\d)(?=[、,到至~或-]\s?(?:(?:19|20)?\d\d)年)")
_EVENT = re.compile(
    r"(?<![没不未])换(?:了|的|过|单位|公司|工作|东家|[个家])|跳(?:了|的)?槽|入职|报到|离职|辞职|辞[了的]|调[到去来动]|合同|更名|改名|改了?名字?"
)
_OF_THE_DATE = re.compile(
    "到期|有效|过期|期满|满|失效|截止|[到至]|证|拿(?!.*合同)|取得|考|领(?!.*合同)|注册|发(?!.*合同)"
)
"""What happened on a day, and what the dates that are asked for are of: «去年换的单位» tells none of these."""
_BEGINS = re.compile(r"起(?!至|到)|批(?:准)?(?:的|$)|开始|注册的|(?<![\d〇零一二三四五六七八九十])[五5三3]年")
"""What tells of the day something began, where its end is asked for."""
AROUND = 10
"""Characters that may stand around a date typed as an answer («证书上写的是2018年9月10日»)."""
BESIDE = 4
"""Characters that may stand around a word of an option; one around a word of one or two."""
SIDES = {"before_2012": 2012}
"""Questions that ask on which side of a year's beginning something lies, so that a year answers them."""
_FORGOTTEN = re.compile(
    r"(我|真的?|也|都|实在|具体|到底|大概|是?哪[一天年]*|几号|几时|什么时候|日期|时间|到期|过期|有效期|注册过?|登录过?|没有?|过|的)*"
    r"(不知道|不晓得|记不清|记不得|不记得|记不住|不清楚|忘了|忘记|想不起来?|说不准|说不清|不确定|没印象|搞不清|弄不清|查不到)"
    r"(了|啊|呢|是?哪[一天年]*|几号|几时|什么时候|到|到期|过期|有效期|日期|注册过?|登录过?|没有?|过|的)*"
)
_EXPIRED = re.compile(
    r"(?<![没不])(?<!没有)(?<!是否)(?<!知道)(?<!时候)(早就?|已经?|都)?(过期|失效|作废)(了(?!没|吗)|好[几多久]|很久|多年|[几多]年)"
)
_FORGOTTEN_DAY = re.compile("忘|不记得|记不得|想不起|查不到|没印象")
_REFUSES = re.compile("(不想|不方便|不愿意?|不便|懒得|就不|不)(说|讲|告诉|透露|填|写|提供|给)|保密|私密|隐私|跳过")
_UNSURE = re.compile("不确定|说不准|不知道|不清楚|记不清|都可以|都行|随便")
_FEW = 10
ASKS = re.compile(r"([一-鿿]{1,2})(没有?|不)\1|[?吗]|怎么|怎样|如何|咋|啥|哪|为什么|(?<!没)什么|多少|谁|几时")
_APART = re.compile(
    r"章|盖|签字|证明|合同|名称|代码|地址|电话|用户|账号|账户|三产|改制|外包|承包|分包|派遣|劳务|参股|加盟|供应商"
)
"""Words beside an option's that make it another thing: 没有单位 is no answer in 没有单位的章."""
_NEAR_DAY = re.compile("(就是?)?[今明后][天日](就)?(到期|过期|截止)?[了的吧。!]*")
_LAST_COUNTS = re.compile(r"^\s?(起?至|起?到|-|—|~)+\s?$|不对|不是|错了|应该是|更正")
LONGEST_NAME = 4
"""Characters of a name without compound surname or dot."""
_NO_GROUP = re.compile(r"[不没未别吗呢啥问再]|登录|密码|注册|证书|材料|上一步|什么|怎么|如何|知道|随便|都行|哪")
_FILLERS = re.compile(
    r"[\s,.。!;:~、…]|^(哦|嗯|啊|我们?|是|就是|应该是?|好像|大概|目前|现在|还是?|就|都)+|(的|了|吧|呀|啊|哦|呢)+$"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that does not fit: what to tell the person."""

    node: str
    text: str


def answer(
    node: Node, text: str, today: date, *, lexicon: Lexicon, words: Words, answers: Answers | None = None
) -> str | Problem:
    """The value to store under this question, or why the text is no answer to it.

    `text` is an option's id (a button) or what was typed; `answers` are those given so far.
    """
    given = answers or {}
    option = _exact(node, text)
    if option:
        return option.id
    if node.id in SIDES and (side := _side(node, text, today)):
        return side
    if node.input is Input.CHOICE:
        return _choice(node, text, today, lexicon, words, given)
    reader = {Input.DATE: _date, Input.PROVINCE: _province, Input.NAME: _name, Input.GROUP: _group}[node.input]
    value = reader(node, text, today, lexicon, words, given)
    if isinstance(value, Problem) and len(found := _parts(node, text)) == 1:
        return found[0].id
    return value


def begun(node: Node, text: str, told: Extracted, today: date) -> dict[str, str]:
    """The option that a text begins with, where facts or a date follow, and that date («有的，2022年»)."""
    clauses = [clause for clause in _CLAUSES.split(text.strip()) if clause]
    if node.input is not Input.CHOICE or not clauses or told.correction or ASKS.search(text):
        return {}
    option = _exact(node, clauses[0])
    rest = clauses[1:] if option else clauses
    dates = [] if told.vague else [day for clause in rest if (day := _day(clause, today))]
    past = len(dates) == 1 and dates[0].first <= today
    if option is None and past and len(rest) == 1 and node.id == "certificate":
        option = node.options[0]  # asked for a certificate, a date alone is that of one
    if option is None or not rest or told.answers.get(node.id, option.id) != option.id:
        return {}
    if len(dates) < len(rest) and not told.answers.keys() - {node.id}:
        return {}  # «有，消防的»
    dated = _DATED_BY.get((node.id, option.id))
    return {node.id: option.id} | ({dated: dates[0].iso} if dated and past and not told.answers.keys() & DATES else {})


def _day(clause: str, today: date) -> PartialDate | None:
    """The date that a clause is, and nothing else."""
    plain = _BARE_YEAR.sub(r"\1年", fold(clause))
    return find_dates(plain, today)[0].date if only_a_date(plain, today) else None


def forgotten(node: Node, text: str) -> str:
    """The option for not knowing, where a text says that it is not known (不知道什么时候过期的)."""
    if any(option.id == EXPIRED for option in node.options) and _EXPIRED.search(fold(text)):
        return EXPIRED if _UNSURE.search(fold(text)) or _FORGOTTEN_DAY.search(fold(text)) else ""
    way_out = next((option.id for option in node.options if option.id in (UNKNOWN, "unsure")), "")
    plain = _bare(text)
    says = _FORGOTTEN.fullmatch(plain) or (len(plain) <= _FEW and (_UNSURE.search(plain) or _REFUSES.search(plain)))
    return way_out if way_out and says else ""


def undecidable(node: Node, text: str) -> bool:
    """Whether a text says that it is not known, of what has to be known to go on."""
    ways_out = {option.id for option in node.options} & {UNKNOWN, "unsure"}
    return node.input is Input.CHOICE and not ways_out and bool(_FORGOTTEN.fullmatch(_bare(text)))


def _exact(node: Node, text: str) -> Option | None:
    """An option by id, number, label or synonym."""
    plain, typed = _bare(text), fold(text)
    if node.input is Input.CHOICE and (number := _NUMBER.match(typed)):
        index = _DIGITS.find(number[1]) if number[1] in _DIGITS else int(number[1]) - 1
        return node.options[index] if index < len(node.options) else None
    for option in node.options:
        if typed == option.id or plain in {_bare(word) for word in (option.label, *option.synonyms)}:
            return option
    return None


def _bare(text: str) -> str:
    return _TAILS.sub("", fold(text)).replace(",", "")


def _choice(node: Node, text: str, today: date, lexicon: Lexicon, words: Words, answers: Answers) -> str | Problem:
    said = extract(text, today, lexicon, in_talk=True, known=answers).answers.get(node.id)
    if said and any(option.id == said for option in node.options):
        return said
    near = _parts(node, text)
    if len(near) == 1:
        return near[0].id
    if near:
        return Problem(node.id, words.problem("choice_between", options="、".join(o.label for o in near)))
    return Problem(node.id, words.problem("choice"))


def _side(node: Node, text: str, today: date) -> str | None:
    """The first option for a year before the one asked about, the second for one from then on."""
    plain = _BARE_YEAR.sub(r"\1年", fold(text))
    found = find_dates(plain, today)
    if len(found) != 1 or not _told(plain, found) or ASKS.search(plain):
        return None
    turn, year = SIDES[node.id], found[0].date.year
    if found[0].side == "before" and year <= turn:
        return node.options[0].id
    return None if found[0].side else node.options[year >= turn].id


def _parts(node: Node, text: str) -> list[Option]:
    """The options of which the text has a word and little else, the longest words counting; else those a part of
    whose words it is."""
    plain = fold(text)
    lengths = {option.id: _longest(option, plain) for option in node.options}
    best = max(lengths.values(), default=0)
    if best >= 2:
        return [option for option in node.options if lengths[option.id] == best]
    if len(plain) < 2 or plain in _BARE_NO:
        return []
    return [o for o in node.options if any(_part_of(plain, fold(word)) for word in (o.label, *o.synonyms))]


def _part_of(text: str, word: str) -> bool:
    """Whether a text is a part of a word that does not take it back: «用过» is none of 没用过."""
    at = word.find(text)
    return at >= 0 and not _NOT.search(word[:at])


def _longest(option: Option, text: str) -> int:
    found = [word for word in map(fold, (option.label, *option.synonyms)) if _says(word, text, option.id)]
    return max(map(len, found), default=0)


def _says(word: str, text: str, option: str) -> bool:
    """Whether the text has the word, not negated, and little else; a question may tell only that one does not know."""
    at = text.find(word)
    if at < 0 or _NOT.search(text[:at]):
        return False
    beside = text[:at] + " " + text[at + len(word) :]
    if (
        _NOT_ANY_MORE.match(text, at + len(word))
        or _APART.search(beside)
        or (ASKS.search(text) and option not in ("unsure", UNKNOWN))
    ):
        return False
    return len(_FILLERS.sub("", beside.strip())) <= (BESIDE if len(word) > 2 else 1)


def _date(node: Node, text: str, today: date, lexicon: Lexicon, words: Words, answers: Answers) -> str | Problem:
    rough = answers.get(node.within, "")
    if exact := refined(text, rough, today, asked=True):
        return exact
    found_all = extract(text, today, lexicon, in_talk=True)
    said = None if node.within in found_all.guessed else found_all.answers.get(node.within or node.id)
    if said is None and _still_to_come(node, text, lexicon):
        return Problem(node.id, words.problem("date", example=node.example))
    ours = fold(text)
    for other in lexicon.phrases.not_dates if not _NEAR_DAY.fullmatch(ours) else ():
        ours = other.sub("", ours)
    plain = _YEARS_IN_A_ROW.sub(r"\1年", _with_year(node, ours, answers))
    if said is None and found_all.vague:
        return Problem(node.id, words.problem("date_vague", example=node.example))
    if said is None and yearless(plain.strip(" 的吧。.")):
        return Problem(node.id, words.problem("date_year", example=node.example))
    found = find_dates(plain, today, "past" if node.past else "future")
    if node.within and said is None and re.search("月[底末]", ours) and not any(d.date.exact for d in found):
        return Problem(node.id, words.problem("date_day"))
    if not found and not node.past:
        found = find_spans(ours, today)
    if said is None and any(_of_event(plain, day) for day in found):
        return Problem(node.id, words.problem("date_event", example=node.example))
    if said is None and found and (kind := _doubt(node, plain, found)):
        return Problem(node.id, words.problem(kind, example=node.example))
    if said is None and node.past and (between := _between(plain, found)):
        return between
    if said is None and found_all.answers.keys() & DATES and not found_all.dates:
        return Problem(node.id, words.problem("date", example=node.example))  # the day of something else
    alone = bool(said) or _told(plain, found)
    values = list(dict.fromkeys(d.date.iso for d in _meant(plain, found) if not d.problem)) if alone else []
    wrong = next((d.problem for d in found if d.problem), None)
    if wrong and not values:
        return Problem(node.id, wrong)
    value = said or (values[0] if len(values) == 1 else None)
    if value is None:
        return Problem(node.id, words.problem("date_several" if values else "date", example=node.example))
    problem = problem_with_date(node, value, answers, today)
    if problem is None:
        return value
    known = words.partial(answers[node.within]) if problem == "date_within" else ""
    return Problem(node.id, words.problem(problem, example=node.example, known=known))


def _of_event(text: str, found: FoundDate) -> bool:
    """Whether a date is the day of a change of employer or the like, as the clause tells that it stands in."""
    before, after = _CLAUSES.split(text[: found.start])[-1], _CLAUSES.split(text[found.end :])[0]
    beside = f"{before} {after}"
    return bool(_EVENT.search(beside)) and not _OF_THE_DATE.search(beside)


def _doubt(node: Node, text: str, found: tuple[FoundDate, ...]) -> str:
    """What is doubtful about a date: «2021年以前» is no day, and what began then may end whenever; empty if nothing."""
    if not node.past and _BEGINS.search(text):
        return "date_start"
    return "date_vague" if node.past and any(date.side for date in found) else ""


def _between(text: str, found: tuple[FoundDate, ...]) -> str:
    """Both ends of a range, all of which stays open: «2021年11月到12月», «21、22年»; empty where it is none."""
    if len(found) != 2 or not _told(text, found) or any(date.problem for date in found):
        return ""
    first, second = found
    if not _RANGE.fullmatch(text[first.end : second.start]):
        return ""
    last = replace(second.date, year=first.date.year) if yearless(text[second.start : second.end]) else second.date
    return f"{first.date.iso}/{last.iso}" if first.date.first < last.first else ""


def _meant(text: str, found: tuple[FoundDate, ...]) -> tuple[FoundDate, ...]:
    """Of a span of time its end, of a date set right the later one: «2022年3月至2027年3月», «6月，不对，是7月»."""
    if len(found) == 2 and _LAST_COUNTS.search(text[found[0].end : found[1].start]):
        return found[1:]
    return found


def _still_to_come(node: Node, text: str, lexicon: Lexicon) -> bool:
    """Whether the text says that what the date is asked of has not come yet (证还没领)."""
    roles = (role for role in lexicon.phrases.dates if role.node == (node.within or node.id))
    return any(role.unless and role.unless.search(fold(text)) for role in roles)


def _told(text: str, found: tuple[FoundDate, ...]) -> bool:
    """Whether a text is a date with a few words around it, and not a story in which one happens to stand."""
    return len(text) - sum(date.end - date.start for date in found) <= AROUND


def _with_year(node: Node, text: str, answers: Answers) -> str:
    """A bare month or day, completed by the rougher date given before."""
    rough = answers.get(node.within, "")
    plain = _BARE_YEAR.sub(r"\1年", fold(text))
    if rough == UNKNOWN or not re.match(r"\d{4}", rough):
        return plain
    if re.match(r"\d{1,2}\s?月", plain):
        return f"{rough[:4]}年{plain}"
    if len(rough) == 7 and (day := re.match(r"(\d{1,2})\s?[日号]?$", plain)):
        return f"{rough[:4]}年{int(rough[5:])}月{day[1]}日"
    return plain


def _province(node: Node, text: str, today: date, lexicon: Lexicon, words: Words, answers: Answers) -> str | Problem:
    said = extract(text, today, lexicon).answers.get(node.id)
    if said:
        return said
    if len(named := find_provinces(fold(text), lexicon.regions)) > 1:
        return Problem(node.id, words.problem("province_several", options="、".join(named)))
    kind = "province_without" if find_without_body(fold(text), lexicon.regions) else "province"
    return Problem(node.id, words.problem(kind, example=node.example))


def _name(node: Node, text: str, today: date, lexicon: Lexicon, words: Words, answers: Answers) -> str | Problem:
    said = extract(text, today, lexicon).answers.get(node.id)
    if said:
        return said
    if not _alone(text, lexicon):
        return Problem(node.id, words.problem("name", example=node.example))
    try:
        found = initials(text, lexicon.readings)
    except NameProblem as problem:
        return Problem(node.id, words.problem(problem.kind, example=node.example, **problem.values))
    value = stored_name(found, text)
    return value if fits(node, value, answers, today) else Problem(node.id, words.problem("name", example=node.example))


def _alone(text: str, lexicon: Lexicon) -> bool:
    """Whether a text may be a name and nothing else: «老婆叫慕容雪莲» gives the letters of no name."""
    plain = re.sub(r"[\s,，.。!！]+$|^[\s,，]+|(先生|女士|同志|老师)$", "", text)
    short = len(re.sub(r"[(（\[【][^)）\]】]*[)）\]】]", "", plain)) <= LONGEST_NAME
    return short or bare_name(plain, lexicon.readings) is not None


def _group(node: Node, text: str, today: date, lexicon: Lexicon, words: Words, answers: Answers) -> str | Problem:
    said = extract(text, today, lexicon).answers.get(node.id)
    value = said or _AROUND.sub("", _bare(text))
    if fits(node, value, answers, today) and (said or not _NO_GROUP.search(value)):
        return value
    return Problem(node.id, words.problem("group", example=node.example))
