"""Names that end in a word which otherwise goes on after a name: the whole name counts where a mark closes it."""

from __future__ import annotations

import pytest

from bot.mind import Mind
from knowledge.name_finding import find_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫李大刚，在北京", "李大刚"),
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
