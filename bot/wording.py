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
CARD_TITLE = "您的办理方案"
CARD_TYPE = "办哪种"
CARD_WHEN = "什么时候"
CARD_WHERE = "向谁申请（初审机构）"
CARD_MATERIALS = "要准备的材料"
CARD_LOGIN = "怎么登录"
CARD_STEPS = "系统里的九步"
CARD_CAUTIONS = "容易出错、原文没说清的地方"
CARD_SOURCES = "依据"

# what 小安 says when it does not answer
EMPTY = "您还没写内容呢。直接用大白话问我就行，比如“换了单位要交什么材料”。"
TOO_LONG = "这条消息太长了（超过{most}字），请挑要紧的说，或者分几条发给我。"
UNKNOWN = "这个问题我没有把握，不敢乱说，免得耽误您的事。我已经记下来交给同事看；您也可以换个说法再问，或者直接转人工。"
UNKNOWN_IN_FLOW = "这个问题我没有把握，已经记下来交给同事看。咱们先接着办方案："
CHOOSE = "您想问的是哪一个？"
CHOOSE_NONE = "都不是"
NONE_OF_THESE = "明白，这几条都不是您要问的。换个说法再试试？也可以转人工，由同事来回答。"
HUMAN = "好的，已转给同事。看到后会在这里回复您；在那之前我还能继续帮您查公开的注册说明。"
ENTRY_GONE = "这条内容已经更新过了，请您重新问一次，我按现在的说法回答。"
THANKS_USEFUL = "谢谢，记下了。"
THANKS_USELESS = "谢谢您告诉我，这条我们会再改。要不要转给同事回答？"
ALSO = "您还问到："
NEXT = "接着可以问："

# dialogue
FLOW_OPENED = "好，咱们一步一步来，随时可以返回、改前面的回答或者退出。"
FLOW_CONTINUES = "咱们接着刚才的："
FLOW_LEFT = "好的，先到这儿。您前面说的我还记着，想继续时说“继续”就行。"
FLOW_RESTARTED = "好，咱们从头来。"
FLOW_NOTHING_OPEN = "现在没有进行到一半的方案。要开始一个吗？"
FLOW_AT_START = "已经是第一个问题了。"
FLOW_UPDATED = "这个按钮属于旧的版本，题目已经更新过；您的回答都还在，咱们接着现在的题目来。"
FLOW_RESUMED = "上次说到一半，咱们接着来："
FLOW_OFFER = "需要的话，我可以一步步问您几个问题，给出您本人的办理方案。"
PERSONAL = "按您说的情况："

# buttons
BACK = "上一步"
RESTART = "重来"
QUIT = "退出"
RESUME = "继续"
TO_HUMAN = "转人工"
USEFUL = "有用"
USELESS = "没用"
WHY = "凭什么"
CHANGE = "改"
FLOWS: Mapping[str, str] = {
    "plan": "给我办理方案",
    "type": "我该办哪种注册",
    "review_body": "我该选哪个初审机构",
    "materials": "我要准备哪些材料",
    "login": "我怎么登录系统",
}

# what a person can type at any time, and the choice it stands for
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "back": ("上一步", "返回", "返回上一步", "回上一步", "上一题", "/back"),
    "restart": ("重来", "重新来", "从头来", "重新开始", "从头开始", "/restart"),
    "quit": ("退出", "结束", "不办了", "不弄了", "算了", "取消", "停", "/cancel", "/quit"),
    "resume": ("继续", "接着来", "接着办", "继续办", "/resume"),
    "human": ("转人工", "人工", "找人工", "人工客服", "真人", "转真人", "/human"),
}
