"""The words of the Telegram channel: commands, buttons of its own, what is said in groups, and to whoever runs it."""

from __future__ import annotations

from collections.abc import Mapping

NAME = "小安"

# the bot's page
DESCRIPTION = (
    "我是小安，帮你弄清中级注册安全工程师怎么注册：该办哪种注册、交什么材料、找哪个初审机构、怎么登录系统。"
    "回答只依据公开发布的注册有关说明，每条都注明出处；没有把握的我会直说。"
)
SHORT_DESCRIPTION = "中级注册安全工程师注册问答和办理方案，每条注明出处"
COMMANDS: Mapping[str, str] = {
    "start": "开始",
    "plan": "一步一步给我办理方案",
    "resume": "接着上次的继续",
    "cancel": "退出当前的方案",
    "human": "转人工",
    "help": "我能做什么，怎么用",
    "privacy": "我记住了什么",
    "forget": "把我的一切都删掉",
}
GROUP_COMMANDS: Mapping[str, str] = {"xiaoan": "设置小安在本群什么时候说话（管理员）", "help": "小安能做什么"}

# private chat
HELLO = (
    "你好，我是小安，帮你弄清中级注册安全工程师怎么注册。\n\n"
    "直接用大白话问我就行，比如“换了单位要交什么材料”；想要一份自己的办理方案，点下面的按钮，我一步步问你。"
)
HELP = (
    "· 直接问：比如“证书2018年拿的，一直没注册，现在怎么办”。\n"
    "· 点“给我办理方案”：我一步步问，最后给出办哪种、什么时候、找谁、交什么材料，可以存成日历和文件。\n"
    "· 随时可以说：上一步、重来、退出、继续、转人工。\n"
    "· 点“凭什么”看出处；点“有用”“没用”告诉我答得怎么样。\n"
    "· /privacy 看我记住了什么，/forget 全部删掉。"
)
PRIVACY = (
    "我记住的只有：你在办理方案里的回答、你替别人问时说到的情况（不记是谁）、我们说过的话（认得出的姓名、身份证号、电话先抹掉再存）、你点的“有用”“没用”，"
    "以及在这里回复你所需的聊天编号。你的 Telegram 名字不保存；姓名只用来当场算登录名的首字母，算完就丢。\n\n"
    "在群里和评论区，我不保存你说的话；我答你的时候，你说到的情况（比如哪年拿的证）"
    "替你留30天，你点“按我的情况办”才带过来，别人点只会从头开始。\n\n"
    "发送 /forget，上面这些马上全部删除。"
)
DIFFERS = "你在群里说的，和这里记的不一样。群里说的是："
DIFFERS_LINE = "· {label}：{value}"
DIFFERS_HOW = "现在先按这里记的来。"
TAKE_OVER = "按群里说的改过来"
FORGOTTEN = "好了，关于你的一切都删掉了：回答、对话、评价、聊天编号。想重新开始，直接问我就行。"
NO_COMMAND = "没有这个命令。直接把问题打出来就行，也可以从下面选。"
NOT_TEXT = "我只看得懂文字。请把问题打成字发给我，比如“照片要什么格式”。"
LINK_BAD = "这个链接打不开了，可能已经过期。不过没关系，直接问我，或者点下面的按钮开始。"
SLOW_DOWN = "你发得有点快，我先缓一缓；过{seconds}秒再发给我，就能接着答。"
TROUBLE = "抱歉，我这边出了点问题，这条没能答上来。请再发一次；还不行就点“转人工”。"
CALENDAR = "日历文件"
DOCUMENT = "存成文件"
PLAN_FILE = "办理方案"
NO_PLAN = "现在没有办好的方案，先一步步答完再存。"
CALENDAR_SENT = "打开就能加进手机日历，提前30天、7天和1天的早上会提醒你。"
DOCUMENT_SENT = "这是你的办理方案，可以存下来或打印。"
EDIT = "改前面的回答"
NO_ANSWERS = "现在没有可改的回答。"
THANKS = "谢谢，记下了"
NOT_ASKED = "这个按钮是前面那一题的，现在没有在问那一题，所以没有记下。"

# dates
EARLIER = "« 更早"
LATER = "更晚 »"
YEAR = "{year}年"
MONTH = "{month}月"
ONLY_YEAR = "只记得是{year}年"
ONLY_MONTH = "只记得到月：{year}年{month}月"
BACK_TO_YEARS = "« 换一年"
BACK_TO_MONTHS = "« 换一个月"
DATE_TEXT = "{year}年{month}月{day}日"
MONTH_TEXT = "{year}年{month}月"
YEAR_TEXT = "{year}年"

DATE_OLD = "这是旧版本的按钮，没有记下这个日期。请在现在的题目下面重新点，或者直接打字。"

# groups and comments
NUMBER_WARNING = (
    "提醒一下：你刚才的消息里像是有身份证号、电话或别的号码、邮箱。"
    "这里大家都看得到，请尽快删掉那条消息；办理注册不需要在这里提供。"
)
CONTACT_WARNING = "提醒一下：名片里有姓名和电话，这里大家都看得到，不是本人愿意公开的，请尽快删掉那条消息。"
CASE_IN_PRIVATE = "这要看你本人的情况，几个问题就能说清。别在这里写个人信息，点下面的按钮私下说。"
CASE_CARRIED = "刚才说过的我已经带上了。"
TELL_IN_PRIVATE = "要按你本人的情况说，请点下面的按钮私下说，别写在这里。"
UNKNOWN_IN_PUBLIC = "这个问题我没有把握，不敢乱说。可以点下面的按钮私下问我，在那里也能转人工。"
HUMAN_IN_PUBLIC = "群里转不了人工，这里说的我不保存。请点下面的按钮，私下把问题写给我，在那里可以转人工。"
HUMAN_ON = "私下转人工"
WHICH_IN_PUBLIC = "你想问的是哪一个？点一下，我私下细说："
PRIVACY_IN_PUBLIC = "我记住了什么、怎么删掉，请点下面的按钮私下看。"
FORGET_IN_PUBLIC = "要删掉关于你的一切，请点下面的按钮，在私聊里发送 /forget；在群里发不起作用。"
PRIVACY_ON = "私下看、私下删"
HELLO_IN_PUBLIC = "我是小安，能答中级注册安全工程师注册的问题。点名问我就行，涉及个人情况请点下面的按钮私下说。"
SOURCE = "出处：{source}·{section}"
ASK_ON = "私下细说"
PLAN_ON = "按我的情况办（私聊）"
MODES: Mapping[str, str] = {
    "addressed": "点名才答：只有@我、回复我或者叫“小安”时才说话",
    "sure": "有把握也答：有人问注册的事，我又有把握时，不点名也答",
    "off": "不说话：谁叫都不答",
}
MODE_WORDS: Mapping[str, tuple[str, ...]] = {
    "addressed": ("点名", "点名才答", "开", "打开", "on", "addressed"),
    "sure": ("有把握", "有把握也答", "自动", "sure"),
    "off": ("关", "关闭", "不说话", "安静", "闭嘴", "off"),
}
MODE_NOW = "小安在本群：{mode}。"
MODE_HOW = "管理员可以改：/xiaoan 点名、/xiaoan 有把握、/xiaoan 关闭"
MODE_UNKNOWN = "没有这个设置，所以没有改。"
MODE_NOT_ADMIN = "只有群管理员能改这个设置。"
MODE_SET = "好的。小安在本群：{mode}。"
JOINED = "大家好，我是小安，能答中级注册安全工程师注册的问题。我在本群：{mode}。管理员用 /xiaoan 可以改。"
JOINED_BLIND = "不过我现在只看得到点名的消息，想让我看到别的提问，请把我设为管理员。"

# inline
INLINE_BUTTON = "私下问小安"
INLINE_OPEN = "细说 / 办理方案"

# for whoever runs it
POLLING = "Telegram：@{name} 已连上（轮询），可以在 https://t.me/{name} 和小安说话。"
WEBHOOK = "Telegram：@{name} 已连上（webhook：{url}）。"
BAD_LOGIN = "Telegram：令牌不对，机器人没有启动。请到 @BotFather 重新复制，放进环境变量 TELEGRAM_TOKEN。"
SECOND_POLLER = (
    "Telegram：有另一个程序正用同一个令牌取消息，这里的机器人已停下。"
    "请先停掉另一个程序（或去掉它设的 webhook），再重新启动；没答的消息不会丢。"
)
CONFLICT = "Telegram：有另一个程序正用同一个令牌取消息（重新启动时会有一小会儿），{seconds:.0f} 秒后再试。"
STOPPED_BY_MISTAKE = "Telegram：机器人因为程序错误停下了，网页不受影响；没答的消息不会丢，重新启动后接着答。"
NEEDS_HTTPS = "Telegram：public_url 要用 https，端口只能是 443、80、88、8443，Telegram 才会把消息送过来；现在改用轮询。"
WEBHOOK_REFUSED = "Telegram 不肯把消息送到 {url}（{error}），改用轮询。请检查 public_url。"
WEBHOOK_MISSED = "Telegram：消息本该送到 {wanted}，被别的程序改成了“{found}”（空的是改用轮询），已经改回来。"
WEBHOOK_TAKEN = (
    "Telegram：有另一个程序用同一个令牌把消息改送到“{found}”（空的是改用轮询），改不回来，这里的机器人已停下。"
    "请先停掉另一个程序，再重新启动；没答的消息不会丢。"
)
WEBHOOK_TROUBLE = "Telegram 送不过来，有 {count} 条消息等着：{error}。请检查 public_url 后面的代理和证书。"
WEBHOOK_IN_USE = (
    "Telegram：消息正送到 {url}，就是设置里 public_url 的网页服务（make run），那里已经带着机器人；"
    "为了不把它的消息截走，这里没有启动。只想单独跑机器人，就先停掉网页服务，再把 public_url 清空后启动。"
)
WEBHOOK_DROPPED = "Telegram：原来挂着 webhook {url}，现在改用轮询，已经去掉；那边的程序收不到消息了。"
SAME_DATABASE_YET = "Telegram：另一个小安正用着同一个数据库（重新启动时会有一小会儿），{seconds:.0f} 秒后再看。"
SAME_DATABASE = (
    "Telegram：另一个小安正用着数据库 {path}，两个一起答会把每条都答两遍，所以这里的机器人没有启动。"
    "请先停掉那一个（make run 已经带着机器人，不用再单独启动），再重新启动。"
)
UNREACHABLE = "连不上 Telegram（{what}：{error}），{seconds:.0f} 秒后再试"
NOT_ACCEPTED = "Telegram 这次没有认令牌（{method}）"
NOT_KEPT = "数据库写入失败（{error}），{seconds:.0f} 秒后再写；没写下的消息还在 Telegram 那里。"
PAGE_NOT_SET = "Telegram：机器人的命令、简介或菜单没能全部设好（{error}），不影响回答；自建的 Bot API 服务器可能太旧。"
NOT_PRUNED = "清除 Telegram 的旧记录没有成功，一小时后再试：{error}"
NOT_SET_UP = "没有设置环境变量 TELEGRAM_TOKEN。请到 @BotFather 用 /newbot 建一个机器人，把它给的令牌放进这个变量。"
CLI_TELEGRAM = "只启动 Telegram 机器人；--check 检查令牌、webhook 和权限"
CLI_CHECK = "只检查，不启动"

CHECK_ME = "令牌正确：@{name}（{title}）。"
CHECK_UNREACHABLE = (
    "连不上 Telegram：{error}。请检查网络；在国内通常需要代理或自建 Bot API 服务器（设置 telegram_api）。"
)
CHECK_GROUPS_OFF = "不能被拉进群：到 @BotFather 用 /setjoingroups 打开。"
CHECK_PRIVACY_ON = (
    "隐私模式开着：在群里只看得到点名它的消息，评论区没有点名的提问它看不见。"
    "要让“有把握也答”起作用，到 @BotFather 用 /setprivacy 关掉（然后把机器人移出群再拉进来），"
    "或者把它设为讨论组的管理员。"
)
CHECK_PRIVACY_OFF = "隐私模式已关：群里和评论区的提问都看得到。"
CHECK_INLINE_ON = "内联模式已开：任何聊天里输入 @{name} 加关键词就能查。"
CHECK_INLINE_OFF = "内联模式没开：到 @BotFather 用 /setinline 打开，才能在任何聊天里 @{name} 查说明。"
CHECK_POLLING = "没有设 webhook：用轮询。"
CHECK_POLLING_BUT = "设置里没有公开地址，应当用轮询，但现在还挂着 webhook {url}；启动时会自动去掉。"
CHECK_WEBHOOK = "webhook 正确：{url}。"
CHECK_WEBHOOK_BUT = "webhook 现在是“{found}”，按设置应当是 {wanted}；启动时会自动设好。"
CHECK_WEBHOOK_HTTPS = "public_url 要用 https，端口只能是 443、80、88、8443，Telegram 才会把消息送过来。"
CHECK_PENDING = "还有 {count} 条消息等着取。"
CHECK_LAST_ERROR = "Telegram 上次送消息时出错：{error}。"
CHECK_GROUP = "群 {chat}：{state}{comments}。"
CHECK_GROUP_SEES = "看得到全部消息"
CHECK_GROUP_BLIND = "只看得到点名的消息（不是管理员，隐私模式又开着）"
CHECK_GROUP_OUT = "已不在群里"
CHECK_GROUP_COMMENTS = "，是频道的讨论组，评论区可以用"
CHECK_NO_GROUPS = "还没有在任何群里说过话；评论区要用，就把机器人拉进频道的讨论组。"
