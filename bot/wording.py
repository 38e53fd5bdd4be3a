"""Every word 小安 says that is not knowledge or a dialogue's own: labels, offers, apologies, navigation."""

from __future__ import annotations

from collections.abc import Mapping

# marks on answers
SUPPLEMENTARY = "【补充说明·未经官网复核】"
CORRECTION = "【更正一个常见说法】"
SOURCE = "出处："
PUBLISHED = "{day}发布"
UNDATED = "未注明日期"
CHECKED = "{day}核对"
NOT_RECHECKED = "，未经官网复核"
UNDERSTOOD = "我理解为（说错了可以改）："
EXAMPLE = "例如：{example}"

# the plan
CARD_TITLE = "你的办理方案"
CARD_TYPE = "办哪种"
CARD_VERDICTS: Mapping[str, str] = {"review_body": "属于哪一类", "login": "登录情况"}
CARD_WHEN = "什么时候"
CARD_WHERE = "向谁申请（初审机构）"
CARD_MATERIALS = "要准备的材料"
CARD_LOGIN = "怎么登录"
CARD_STEPS = "系统里的九步"
CARD_AFTER = "提交以后"
CARD_CAUTIONS = "容易出错、原文没说清的地方"
CARD_DATES = "记进日历的日子"
CALENDAR_TITLE = "注安注册：{title}"
CALENDAR_ALARM = "注安注册：{days}天后，{title}"
CARD_SOURCES = "依据"
CARD_BASIS = "按什么算的"
CARD_DAY = "这份方案按{day}这天算；过些日子再看，请重新打开一次。"
CARD_ANSWERS = "根据你的回答：{answers}。"
CARD_CASE = "如果是{title}：{lines}"
CARD_CASE_MATERIALS = "要交：{names}。"
WHICH_YEAR = "你说的时间我拿不准是哪一年，不敢替你猜；问到日期时写上年份就行，证书上印着的最准。"
ONE_AT_A_TIME = "一次只能看一个人的情况，先说其中一位吧：证书哪年拿的、注册过没有、有效期到哪天、单位换没换。"
WHOSE_CASE = "好，说说这一位的情况：证书哪年拿的、注册过没有、有效期到哪天、单位换没换。想问的是哪一样，也可以直接问。"
OWN_CASE = "好，说说你自己的：证书哪年拿的、注册过没有、有效期到哪天、单位换没换。想一题一题来，就说“给我办理方案”。"
LETTERS_ONE = "这个姓名的默认密码是 {letters}（不分大小写；本人改过密码的，用改后的）。"
LETTERS_NTH = "第{nth}位的默认密码是 {letters}"

# what 小安 says when it does not answer
GESTURES: Mapping[str, str] = {
    "😭😢😞😣😔💔😩😫🥺😥😰😨😱😟🙁☹": "别着急，办法总是有的，一件一件来。告诉我你的情况，或者直接问最要紧的那一样。",
    "🙏❤♥🌹💐🎉🥰😘🤝": "不客气。还想了解什么，直接问我就行。",
    "👍👌✅🆗💪😀😁😄😊🙂😂🤣": "好的。还想了解什么，直接问我就行。",
}
"""Signs sent without a word, and what to say to them."""
UNCLEAR = "只看到符号，没看懂。哪里没说清，用大白话问我就行，比如“换了单位要交什么材料”。"
UNCLEAR_QUESTION = "你问的是哪件事？说全一点我才好答，比如“初审机构的电话去哪里找”“变更注册在哪里办”。"
NEXT_PERSON = (
    "好，换一位：前面那位的情况我放下了，单位的情况先沿用。"
    "说说这一位：证书哪年拿的、注册过没有、有效期到哪天，单位变没变。"
)
EMPTY = "你还没写内容呢。直接用大白话问我就行，比如“换了单位要交什么材料”。"
TOO_LONG = "这条消息太长了（超过{most}字），请挑要紧的说，或者分几条发给我。"
UNKNOWN = "这个问题我没有把握，不敢乱说，免得耽误你的事。我已经记下来，工作人员会看到；你也可以换个说法再问。"
UNKNOWN_IN_FLOW = "这个问题我没有把握，已经记下来，工作人员会看到。咱们先接着办方案："
MORE_ASKED = "你一次问了不止这几样，先答有把握的{count}样；没答到的，请单独再发一次。"
WHICH_DATE = "这个日子是哪一件事的？说全一点我才好算，比如“资格证书是那年拿的”，或者“注册有效期到那一天”。"
WHICH_ONE = "“第几个”我对不上是哪张单子里的。点按钮，或者直接说名字就行，比如“重新注册”“延续的材料”。"
CHOOSE = "你想问的是哪一个？"
CHOOSE_NONE = "都不是"
NONE_OF_THESE = "明白，这几条都不是你要问的。换个说法再试试？也可以转人工，把问题留给工作人员看。"
HUMAN = (
    "好的，我记下来了，工作人员会看到，但不会在这里回复你。急事请直接联系初审机构，电话在注册系统首页的【初审机构列表】。"
    "公开的注册说明我可以接着帮你查。"
)
ENTRY_GONE = "这条内容已经更新过了，请你重新问一次，我按现在的说法回答。"
THANKS_USEFUL = "谢谢，记下了。"
THANKS_USELESS = "谢谢你告诉我，记下了。还有话要留给工作人员看的，可以转人工。"
WHY_LEAD = "“{title}”的依据："
NO_SOURCE = "这一条没有引用出处。"
NAME_NOT_KEPT = "（姓名，不保存）"
SAID_NOT_KEPT = "（问姓名时写的话，不保存）"

# dialogue
NOTED = "记下了：{facts}。"
NOTED_BEFORE = "这个我记着呢。"
NOTED_NEXT = "接着看下面这一题："
NOTED_SAME_PLAN = "方案没有变，还是{title}。{line}想再看整份方案，说“继续”；情况有变，直接告诉我。"
NOTED_FACT = "{label} {value}"
FLOW_OPENED = "好，咱们一步一步来，随时可以返回、改前面的回答或者退出。"
FLOW_CONTINUES = "咱们接着刚才的："
FLOW_LEFT = "好的，先到这儿。你前面说的我还记着，想继续时说“继续”就行。"
FLOW_LEFT_EMPTY = "好的，先到这儿。想办的时候点下面的按钮就行。"
FLOW_RESTARTED = "好，咱们从头来。"
FLOW_NOTHING_OPEN = "现在没有进行到一半的方案。要开始一个吗？"
FLOW_EDITING = "改“{label}”，原来是“{value}”："
FLOW_AT_START = "已经是第一个问题了。"
FLOW_UPDATED = "这个按钮属于旧的版本，题目已经更新过；你的回答都还在，咱们接着现在的题目来。"
FLOW_OTHER = "这个按钮是前面另一个对话的，咱们接着现在的来："
AGAIN_NO_COMMAND = "改动旧消息不会再执行一次命令；要用的话，请重新发一条，或者点按钮。"
AGAIN_GONE = "你改的那个回答，现在这份方案里没有了，所以什么都没有动。有别的情况，请直接发一条新的。"
AGAIN_NOT_THIS = "你改的是前面的一条消息，我没有拿它当现在这一题的回答；要答这一题，请直接发一条新的。"
FLOW_RESUMED = "上次说到一半，咱们接着来："
EDUCATION = "按你说的情况，今天看是{title}：要满足继续教育要求。"
NO_EDUCATION = "按你说的情况，今天看是{title}：不要求继续教育。"
PERSONAL = "按你说的情况，今天看是{title}：{lines}"

OWN_LETTERS = "按前面说的姓名，默认密码是 {letters}（不分大小写；自己改过密码的，用改后的）。"
OR = " 或 "
PRIVATE = "请别在这里写身份证号、电话或邮箱，我用不着；你写的号码已经抹掉，没有保存。"

# buttons
BACK = "上一步"
RESTART = "重来"
QUIT = "退出"
RESUME = "继续"
UNDO = "恢复刚才的回答"
TO_HUMAN = "转人工"
USEFUL = "有用"
USELESS = "没用"
WHY = "凭什么"
CHANGE = "改"
CHANGE_ONE = "改：{label}"
KEEP = "不改了"
OLD_BUTTON = "（旧按钮）"
FLOWS: Mapping[str, str] = {
    "plan": "给我办理方案",
    "type": "我该办哪种注册",
    "review_body": "我该选哪个初审机构",
    "materials": "我要准备哪些材料",
    "login": "我怎么登录系统",
}

# what a person can type at any time, and the choice it stands for
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "back": ("上一步", "再上一步", "返回", "返回上一步", "回上一步", "上一题", "上一个问题", "/back"),
    "restart": ("重来", "重新来", "从头来", "重新开始", "从头开始", "/restart"),
    "keep": ("不改了",),
    "undo": ("恢复刚才的回答", "恢复刚才的"),
    "quit": ("退出", "结束", "不办了", "不弄了", "算了", "取消", "停", "/cancel", "/quit"),
    "resume": ("继续", "接着来", "接着办", "继续办", "/resume"),
    "human": ("转人工", "人工", "找人工", "人工客服", "真人", "转真人", "/human"),
}

# terminal and command line
TERMINAL_HELLO = (
    "我是小安，帮你弄清中级注册安全工程师怎么注册。直接问，或者输入“给我办理方案”；选项前有序号的，回序号就行；"
    "输入 forget 清除这段对话，输入 exit 离开。"
)
TERMINAL_FORGET = ("forget", "/forget", "清除对话")
TERMINAL_FORGOTTEN = "对话、回答和打过的勾都删掉了。"
TERMINAL_LEAVE = ("exit", "quit", "bye", "再见")
JSONL_BAD_LINE = '每行要写成 {"text": "……"} 或 {"choose": "选项编号"}'
ASK_BAD_LINE = '每行要写成 {"q": "问题"}'
OUR_MISTAKE = "小安这边出错了，这一行没有答上，不是你写错了"
LINES_FAILED = "有 {count} 行因为小安自己出错没有答上，其余都答了；请把上面记下的出错位置告诉维护的人。"
CLI_ABOUT = "小安：中级注册安全工程师注册的问答和办理方案"
CLI_CONFIG = "设置文件（默认 config.yaml，没有就用默认值）"
CLI_COMMANDS = "命令"
CLI_OPTIONS = "选项"
CLI_ARGUMENTS = "参数"
CLI_HELP = "显示这段帮助"
CLI_RUN = "启动网页；设置了 TELEGRAM_TOKEN 时同时启动 Telegram"
CLI_CHAT = "在终端里对话；--jsonl 给程序用"
CLI_ASK = "问一个问题就退出；--jsonl 从标准输入逐行读"
CLI_JSONL = "一行一个 JSON，读进来、写出去"
CLI_TODAY = "把今天当作哪一天（与期限有关的回答都按它算）"
CLI_EXPLAIN = "先说明：认出了什么、有哪些候选、各自为什么落选"
CLI_QUESTION = "要问的话"
CLI_CHECK = "检查知识和对话文件，列出全部错误；有错误时退出码为 1"
CLI_DRAW = "把对话画成 Mermaid 图"
CLI_TABLE = "列出对话的决策表"
CLI_SETTINGS = "列出全部设置和现在生效的值，可以直接存成 config.yaml"
CLI_UNANSWERED = "列出没答上的问题（已抹掉号码和姓名），要人工的、问得多的在前；再列出标了没用的条目；只读，不改数据"
NO_DATABASE = "还没有数据库 {path}。先运行 make run，有人问过才有。"
NO_QUESTIONS_READ = "读不了数据库 {path}：{error}。请检查路径；旧的数据库先运行一次 make run 更新。"
QUESTIONS_COUNTED = "没答上的问题：{count} 个"
QUESTION_LINE = "{asked}次  最近{day}  {question}{wants}{near}"
WANTS_PERSON = "（{count}次要人工）"
NEAREST = "  最近的条目 {entry}"
MARKS_COUNTED = "有人标了没用的条目：{count} 个"
MARK_LINE = "没用{useless} 有用{useful}  最近{day}  {entry}"
CLI_FLOW = "对话的编号，不写就是全部"
CLI_USAGE = "用法："
CLI_SEE_HELP = "想看全部用法，请运行 {command} --help"
CLI_WRONG_CALLS = (
    (r"unrecognized arguments: (.*)", "不认识：{0}"),
    (r"the following arguments are required: (.*)", "还缺：{0}"),
    (r"argument (.+?): invalid choice: '(.*?)' \(choose from (.*)\)", "没有“{1}”这个{0}，可选：{2}"),
    (r"argument (.+?): expected one argument", "{0} 后面要写上值"),
    (r"argument (.+?): ignored explicit argument (.*)", "{0} 后面不用写 {1}"),
    (r"argument (.+?): (.*)", "{0}：{1}"),
)
CLI_BAD_DAY = "“{text}”不是日期，请写成 2026-11-23 这样"
CLI_FAR_DAY = "只能写 {first} 到 {last} 之间的日期，写的是“{text}”"
CLI_NO_CONFIG = "没有设置文件 {file}，请检查路径；不写 --config 就用当前目录的 config.yaml 或默认值。"
CLI_NO_QUESTION = "请写上问题，例如：python -m bot ask 换了单位要交什么材料"
CLI_NO_FLOW = "没有“{flow}”这个对话，可选：{known}"
CHECK_BAD = "共 {count} 处错误，请按行号改好后再试。"
CHECK_GOOD = "没有错误：{entries} 个条目、{questions} 种问法、{flows} 个对话。"
