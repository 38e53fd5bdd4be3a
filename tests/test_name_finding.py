"""Names that end in a word which otherwise goes on after a name: the whole name counts where a mark closes it."""

from __future__ import annotations

import pytest

from bot.mind import Mind
from knowledge.name_finding import find_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫李大刚，在北京", "李大刚"),
        ("姓訾（念“子”），訾建民。河北一家民营铸造厂。", "訾建民"),
        ("我姓逯，就是逯钦立那个逯，可别念错，逯文彬。在河北一家厂", "逯文彬"),
        ("柏连生，安徽一家民营玻璃厂，注册过", "柏连生"),
        ("应届生，还没拿到证书，想先问问", None),
        ("我叫李亚男，吉林的", "李亚男"),
        ("我叫刘富有。", "刘富有"),
        ("我叫欧阳大刚，", "欧阳大刚"),
        ("我叫张三男的", "张三"),
        ("我叫张三吗", "张三"),
        ("我叫张三在北京", "张三"),
        ("我叫阿不都在新疆", "阿不都"),
        ("俺叫石磊，河北的", "石磊"),
        ("我叫“石磊”", "石磊"),
        ("我叫什么", None),
    ],
)
def test_a_name_is_found_whole(mind: Mind, text: str, name: str | None) -> None:
    assert find_name(text, mind.readings) == name
