"""Every word of the web page that is neither knowledge nor a dialogue's own: headings, labels, hints, apologies."""

from __future__ import annotations

from collections.abc import Mapping

NAME = "小安"
TITLE = "小安 · 中级注安注册助手"
TAGLINE = "中级注安 · 注册助手"
DESCRIPTION = "中级注册安全工程师注册：办哪种、什么时候办、找哪个初审机构、交哪些材料、怎么登录。"
SKIP = "跳到输入框"
TRANSCRIPT = "和小安的对话"
YOU_SAID = "你说"
SAID_WHOLE = "全文"
XIAOAN_SAYS = "小安说"

# the first screen
HELLO = "注册的事，问小安"
HELLO_MORE = "办哪种、何时办、找谁审、交什么、怎么登录。有出处的才说，没把握的直说。"
FLOW_HINTS: Mapping[str, str] = {
    "plan": "答几个问题，得到一份你自己的清单和日期",
    "type": "初始、延续、变更、重新，一算便知",
    "review_body": "部委、央企、省级，按顺序选",
    "materials": "一样一样列清楚，可以打勾",
    "login": "账号、初始密码、登不上怎么办",
}
POPULAR_HEADING = "大家常问"
EARLIER = "更早的（还有 {count} 条）"
LATEST = "回到最新的"

# answers
MORE = "细说"
WHY = "凭什么"
WHY_MORE = "{count} 处出处"
STANDINGS: Mapping[str, str] = {"supplementary": "补充说明 · 未经官网复核", "correction": "更正一个常见说法"}
PUBLISHED = "{day}发布"
UNDATED = "原文未注日期"
CHECKED = "{day}核对"
NOT_RECHECKED = "未经官网复核"
READ_SOURCE = "看原文"
NEW_WINDOW = "（在新窗口打开）"
MATERIALS = "材料"
NO_UPLOAD = "不用上传"
HELPFUL = "这条对你有用吗？"
NEXT = "接着可以问"
FLOW_ACTIONS = "也可以"
NAVIGATION = "这一步"

# dialogue
FACTS = "我理解为"
FACTS_HINT = "{count} 条，哪条不对点哪条"
FACTS_HEARD = "听你说的："
FACT_LABEL = "{label}："
FROM_TEXT = "听你说的"
CHANGE_WHAT = "改："
STEP = "第 {step} 问"
STEPS_LEFT = "，最多还有 {left} 问"
STEP_LAST = "，最后一问"
FEW = range(1, 6)  # questions left at most; a larger number would only put people off
OPTIONS = "请选一个"
EXAMPLE = "例如：{example}"
DAY = "知道是哪一天"
ROUGHLY = "只记得年月"
YEAR = "年"
MONTH = "月"
YEAR_OPTION = "{year} 年"
MONTH_OPTION = "{month} 月"
NO_MONTH = "月份不记得"
NO_YEAR = "选年份"
TYPED_LABELS: Mapping[str, str] = {
    "name": "姓名",
    "group": "集团名称",
    "province": "省份（只知道城市，就写在最下面）",
}
LACKING: Mapping[str, str] = {
    "date": "请先选日期；只记得年月的，至少选上年份。",
    "province": "请先选一个省份。",
    "name": "请先写姓名。",
    "group": "请先写集团名称。",
}
NAME_HINT = "姓名只用来算首字母，算完就丢，不保存。"
NO_PROVINCE = "选省份"
NEXT_STEP = "下一步"
DATE_TEXTS = ("{year}年", "{year}年{month}月", "{year}年{month}月{day}日")

# the plan
CARD_OLD = "之前的方案"
CARD_PROGRESS = "已备好 {done} / {all}"
CARD_TICK_HINT = "备好一样点一样，会记住"
TICK = "备好了：{name}"
PRINT_VIEW = "整页看、打印"
PRINT = "打印这一页"
SAVE = "存成文档"
CALENDAR = "加进日历"
SHARE = "分享这份方案"
COPY_LINK = "复制链接"
COPIED = "已复制"
LINK_HINT = (
    "换个设备接着办，或者转给别人照着办。链接里带着你填的回答，拿到的人都能看到；"
    "姓名、集团名称和打过的勾不在里面，用得着姓名的，打开后会再问一次。"
)
LINK_LABEL = "这份方案的链接"
PLAN_FILE = "小安办理方案"
PLAN_MADE = "{day}生成。注册政策可能调整，提交前请以注册管理系统里的说明为准。"
PLAN_BACK = "回到对话"
NO_PLAN = "还没有办理方案"
PLAN_UNFINISHED = "有一个问题还没答完，答完方案就在这里。前面的回答都还在。"
NO_DATES = "这份方案里没有需要记进日历的日子。"

# writing
COMPOSER = "写给小安的话"
PLACEHOLDER = "说说你的情况，或者直接问"
PLACEHOLDER_QUESTION = "直接写，或者先问别的"
PLACEHOLDER_DATE = "直接写也行：{example}"
SEND = "发送"
KEYS = "Enter 发送，Shift+Enter 换行"
PRIVACY = "请别写身份证号、手机号。写了也会先抹掉再保存。"
COUNTER = "{count} / {most} 字"
SENDING = "小安在查……"

# menu
MENU = "菜单"
MENU_FLOWS = "一步步带你办"
MENU_PLAN = "我的方案"
MENU_FORGET = "清除这段对话"
FORGET_SURE = "对话、回答和打过的勾都会删掉，找不回来。"
FORGET_YES = "全部清除"
ABOUT = "只讲公开发布的注册说明；不是官方网站，也不代办。"

# a link that opens a dialogue
LINK_TITLE = "有人给你准备好了一个起点"
LINK_OPENS = "打开“{flow}”"
LINK_KNOWS = "已经填好的："
LINK_LACKS = "姓名、集团名称和打过的勾不随链接走；用得着姓名时会再问，不想说可以跳过。"
LINK_EMPTY = "从第一个问题开始。"
LINK_MERGES = "你现在的对话会接着用；同一个问题以链接里的为准。"
LINK_OPEN = "开始"
LINK_NO = "不用，回到对话"
LINK_BAD = "这个链接打不开"

# what went wrong, and the way on
BACK_HOME = "回到对话"
TRY_AGAIN = "再发一次"
KEPT = "你写的还在，可以接着发："
REFUSALS: Mapping[int, tuple[str, str]] = {
    400: ("没看懂这次提交", "请回到对话再试一次。"),
    403: (
        "这次提交没有通过安全检查",
        "可能是页面放太久了，请再试一次。还不行，请在浏览器里允许本站使用 Cookie。",
    ),
    404: ("没有这个页面", "地址可能写错了，或者内容已经挪走。"),
    405: ("这个地址不能这样打开", "请回到对话，从那里继续。"),
    413: ("这条消息太长了（超过{most}字）", "请挑要紧的说，或者分几条发。"),
    415: ("不支持这种提交", "请回到对话，从那里继续。"),
    421: ("不能用这个地址打开小安", "请用小安启动时显示的地址。要用别的域名，请先在设置里写上 public_url。"),
    429: ("发得有点快", "请歇 {seconds} 秒再发，你写的还在。"),
    500: ("小安这边出错了", "不是你的问题。之前的对话都在，请回去再试一次。"),
    503: ("现在存不下来", "为免丢掉你说的话，小安先不回答。请过一会儿再发。"),
}
MISSING: Mapping[str, str] = {
    NO_PLAN: "答完几个问题就有了，大约两分钟。",
    NO_DATES: "可以先看方案的其他内容。",
    LINK_BAD: "它可能不完整，或者来自旧版本。可以直接从下面开始。",
}
OFFLINE = "现在连不上小安，刚才这一下没有送到。请看看网络，过一会儿再试；写好的字还在。"
ONLINE = "又连上小安了，刚才没有送到的请再点一次、发一次。"

# the terminal
READY = "小安已经开门：{url} （Ctrl-C 停止）"
STOPPED = "小安已停止，所有对话都已存好。"
STOPPED_IN_TROUBLE = "小安已停止。停的时候数据库正有问题，出问题以后说的话可能没有存下：\n{troubles}"
PORT_TAKEN = (
    "不能在 {host}:{port} 上监听：这个端口已经有程序在用。"
    "请在 config.yaml 里换一个 port，或设 XIAOAN_PORT=0 自动挑一个。"
)
PORT_FORBIDDEN = "不能在 {host}:{port} 上监听：没有权限。请在 config.yaml 里换一个 1024 以上的 port。"
HOST_WRONG = (
    "不能在 {host}:{port} 上监听：这台机器没有这个地址（{error}）。"
    "请检查 host：只给本机用写 127.0.0.1，所有网卡写 0.0.0.0。"
)
