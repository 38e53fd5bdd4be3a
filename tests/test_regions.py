"""Provinces and the places that stand for them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.extract import Lexicon, extract
from flows.phrases import load_phrases
from knowledge.errors import KnowledgeError
from knowledge.name_readings import load_readings
from knowledge.regions import REGIONS as YAML
from knowledge.regions import find_provinces, find_without_body, load_regions

REGIONS = load_regions()
LISTED = sorted(place for place in REGIONS.places if len(place) > 1)
WITH_BODY = [place for place in LISTED if REGIONS.units[REGIONS.places[place]].body]
PERSONAS = Path(__file__).parents[2] / "shared" / "eval" / "personas.jsonl"


def test_every_provincial_unit_is_there() -> None:
    assert len(REGIONS.names) == 32
    assert set(REGIONS.units) - set(REGIONS.names) == {"香港", "澳门", "台湾"}


def test_places_enough() -> None:
    assert len(LISTED) > 480 + 2 * len(REGIONS.units)


@pytest.mark.parametrize(
    ("text", "provinces"),
    [
        ("广东佛山一家陶瓷厂", ("广东",)),
        ("我们就是成都一个私人开的涂料厂", ("四川",)),
        ("我在沧州一个私人化工厂管安全", ("河北",)),
        ("我是安徽这边一个煤矿的", ("安徽",)),
        ("地方在内蒙", ("内蒙古",)),
        ("公司在昆山，总部在江西", ("江苏", "江西")),
        ("海南海口", ("海南",)),
        ("青海省海南州", ("青海",)),
        ("辽宁朝阳市", ("辽宁",)),
        ("吉林市的厂", ("吉林",)),
        ("新疆生产建设兵团", ("兵团",)),
        ("廣東東莞", ("广东",)),
        ("大亚湾的石化项目", ("广东",)),
        ("我在沪工作", ("上海",)),
        ("粤企，民营", ("广东",)),
        ("山西安全员", ("山西",)),
        ("山西路桥的", ("山西",)),
        ("重庆出生，重庆上班", ("重庆",)),
    ],
)
def test_provinces_named(text: str, provinces: tuple[str, ...]) -> None:
    assert find_provinces(text, REGIONS) == provinces


@pytest.mark.parametrize(
    "text",
    [
        "朝阳区的一家公司",
        "中国石油化工集团",
        "吉林大学毕业",
        "南京路上的公司",
        "北京时间",
        "东西安全",
        "提高安全意识",
        "重新密码设置",
        "更新密码",
        "一家普通化工厂",
        "从化工转过来",
        "大同小异",
        "搬迁安置",
        "贵企业",
        "在京东工作",
        "豫章",
        "经济源于",
        "国家矿山安全监察局",
        "初始注册需要什么材料",
    ],
)
def test_no_province_named(text: str) -> None:
    assert find_provinces(text, REGIONS) == ()


def test_a_name_is_no_place() -> None:
    lexicon = Lexicon(load_phrases(), load_readings(), REGIONS)
    assert extract("我叫重庆生，在广东", date(2026, 11, 23), lexicon).answers["province"] == "广东"


def test_places_without_review_body_are_told_apart() -> None:
    assert find_provinces("我在香港，户口在深圳", REGIONS) == ("广东",)
    assert find_without_body("我在香港，户口在深圳", REGIONS) == ("香港",)
    with pytest.raises(ValueError, match="香港"):
        REGIONS.review_body("香港")


@pytest.mark.parametrize(
    ("short", "body"),
    [
        ("广东", "广东省(省级)初审机构"),
        ("重庆", "重庆市(省级)初审机构"),
        ("内蒙古", "内蒙古自治区(省级)初审机构"),
        ("兵团", "新疆生产建设兵团(省级)初审机构"),
    ],
)
def test_review_body(short: str, body: str) -> None:
    assert REGIONS.review_body(short) == body


def test_review_body_for_coal() -> None:
    assert REGIONS.review_body("山西", coal=True) == "山西省煤监初审机构"


@given(st.sampled_from(WITH_BODY), st.sampled_from(["我在{}上班", "{}一家民营厂", "公司在{}，想注册", "從{}調來的"]))
def test_every_place_gives_its_province(place: str, around: str) -> None:
    assert find_provinces(around.format(place), REGIONS) == (REGIONS.places[place],)


@given(st.text(max_size=40))
def test_any_text_gives_known_provinces(text: str) -> None:
    assert set(find_provinces(text, REGIONS)) <= set(REGIONS.names)


def _stories() -> list[tuple[str, str]]:
    if not PERSONAS.exists():
        return []
    people = map(json.loads, PERSONAS.read_text(encoding="utf-8").splitlines())
    return [(one["story"], body) for one in people if "省级" in (body := one["truth"]["review_body"] or "")]


def test_stories_lead_to_their_review_body() -> None:
    lexicon = Lexicon(load_phrases(), load_readings(), REGIONS)
    for story, body in _stories():
        province = extract(story, date(2026, 11, 23), lexicon).answers["province"]
        assert REGIONS.review_body(province) == body, story


def test_a_place_in_two_provinces_is_refused(tmp_path: Path) -> None:
    text = "provinces:\n  - {name: 甲, full: 甲省, cities: [朝阳]}\n  - {name: 乙, full: 乙市, cities: [朝阳]}\n"
    path = tmp_path / "regions.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_regions(path)
    assert any(mistake.startswith("regions.yaml:3:") for mistake in caught.value.mistakes)


def test_provinces_without_any_letter_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "regions.yaml"
    kept = (line for line in YAML.read_text(encoding="utf-8").splitlines() if "letter:" not in line)
    path.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"\Aregions\.yaml:\d+: .*letter"):
        load_regions(path)
