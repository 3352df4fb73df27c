from __future__ import annotations

import pytest

from nlp.entities import find_entities
from nlp.judge import Judge


def values(text: str, kind: str) -> list[str]:
    return [item.value for item in find_entities(text) if item.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("欢迎加入启明教育科技有限公司", "institution", "启明教育科技有限公司"), ("【松鼠教员】单号12", "institution", "松鼠教员"), ("我是小树家教网", "institution", "小树家教网"),
        ("地址：文化路88号3楼", "address", "文化路88号3楼"), ("位于滨江花园3栋", "address", "滨江花园3栋"), ("联系王老师", "person", "王老师"), ("找陈晓女士", "person", "陈晓女士"),
    ],
)  # fmt: skip
def test_a_name_is_found(text: str, kind: str, value: str) -> None:
    assert value in values(text, kind)


def found(text: str, kind: str) -> list[str]:
    entities = [item for item in find_entities(text) if item.kind == kind]
    assert all(text[item.span.start : item.span.end] == item.span.text for item in entities)
    return [item.value for item in entities]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("杭州市上城区文海课外培训学校有限公司", ["杭州市上城区文海课外培训学校有限公司"]), ("南京市鼓楼区金石语文培训学校", ["南京市鼓楼区金石语文培训学校"]),
        ("浙江省杭州市上城区文海教育科技有限公司", ["浙江省杭州市上城区文海教育科技有限公司"]), ("加入苏州蓝鲸数学培训学校", ["苏州蓝鲸数学培训学校"]), ("原新东方老师", ["新东方"]),
        ("新东方培训中心", ["新东方培训中心"]), ("学而思内部讲义", ["学而思"]), ("小状元托管招生", ["小状元托管"]), ("【启明家教】", ["启明家教"]), ("育英名师工作室", ["育英名师工作室"]),
        ("各类语文培训学校", []), ("开个数学培训学校", []), ("某市英语培训学校", []), ("新东方烹饪学校", []), ("学而思则罔", []), ("小区托管", []), ("小学托管", []), ("基金托管", []),
        ("因双减更名为启智文化工作室", ["启智文化工作室"]), ("现已改为博学书院", ["博学书院"]), ("转让盈利中启慧托管班", ["启慧托管班"]), ("三楼门口向阳书屋", ["向阳书屋"]),
        ("博雅教育专注初高中辅导", ["博雅教育"]), ("启明教育专攻中考", ["启明教育"]), ("他学教育专业", []), ("请向教育专干举报", []), ("北京教育专家团队", []), ("全国教育专项整治", []),
        ("【启明教育秋季招生】", ["启明教育"]), ("【好孕来家政·精英岗】", ["好孕来家政"]), ("【上门家教】", []), ("【家教单】", []), ("【求家教】", []), ("【寻家教】", []), ("【初中辅导】", []),
        ("【小学托管班招生】", []), ("【大学生家教】", []), ("【优质课堂】", []), ("【家教中心公告】", []), ("【个人求职·家教】", []), ("【学校旁边但不是学校】", []), ("【某某学堂】", []),
        ("可办补习班托管班", []), ("盈利中托管班", []), ("单位楼下有个自习室", []), ("文化培训中心", []), ("深夜自习室", []), ("有没有托管班", []), ("某大教育", []), ("万达三楼培训中心", []),
        ("我们托管班", []), ("名师工作室", []), ("【搬家公司】", []), ("【一对一辅导】", []), ("夜读灯火\n书院", []),
    ],
)  # fmt: skip
def test_an_institution_is_known_by_its_name_and_not_by_its_trade(text: str, names: list[str]) -> None:
    assert found(text, "institution") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("学军中学在职老师", ["学军中学"]), ("成都七中在职老师一对一", ["成都七中"]), ("成都石室中学的老师", ["成都石室中学"]), ("本人石室中学数学老师，周末带学生", ["石室中学"]),
        ("华师一附中物理老师", ["华师一附中"]), ("深圳市南山外国语学校在编教师", ["深圳市南山外国语学校"]), ("市二中高三数学教师", ["市二中"]), ("隔壁十七中的英语老师", ["十七中"]), ("不要信市一中在职老师", ["市一中"]),
        ("由实验中学现任班主任李老师讲", ["实验中学"]), ("学军小学在职老师", ["学军小学"]), ("县一中高中部语文教师", ["县一中"]),
        ("重点中学老师", []), ("公办小学老师", []), ("某中学老师", []), ("某市某中学老师", []), ("我们学校老师", []), ("本地中学老师", []), ("初中老师", []), ("一中老师", []), ("机构小学数学老师", []),
        ("找一位教小学语文的老师", []), ("全市中小学教师", []), ("省重点中学教师亲授", []), ("他的中学老师", []), ("那年中学老师说", []), ("百分之七十中学老师", []), ("报考高级中学教师资格证", []), ("学军中学毕业", []),
        ("位于市中心的启明汇聚了各个区的中学老师", []),
    ],
)  # fmt: skip
def test_the_school_of_a_teacher_is_known_where_it_has_a_name(text: str, names: list[str]) -> None:
    assert found(text, "institution") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("司马老师", ["司马老师"]), ("欧阳老师", ["欧阳老师"]), ("联系诸葛校长", ["诸葛校长"]), ("上官婉老师", ["上官婉老师"]), ("马老师", ["马老师"]), ("孙校长", ["孙校长"]), ("联系人：李芳", ["李芳"]),
        ("联系人李芳电话", ["李芳"]), ("我叫王建国，教数学", ["王建国"]), ("负责人 赵敏", ["赵敏"]), ("联系人：王建老师", ["王建老师"]), ("陈姐", ["陈姐"]), ("找王哥", ["王哥"]), ("谢谢李老师", ["李老师"]),
        ("谢绝老师", []), ("语文老师", []), ("感谢老师", []), ("班主任老师", []), ("周末老师", []), ("金牌教练", []), ("历史老师", []), ("编程老师", []), ("二胡老师", []), ("小胡老师", ["胡老师"]), ("高三班主任", []), ("新东方老师", []), ("小姐姐", []),
        ("李姐妹", []), ("联系人：方便时来电", []), ("我叫周末来的同学", []), ("姓名：李小明", []),
    ],
)  # fmt: skip
def test_a_person_is_known_by_surname_and_title(text: str, names: list[str]) -> None:
    assert found(text, "person") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("锦绣家园3栋2单元501", ["锦绣家园3栋2单元501"]), ("锦绣家园3栋2单元501室", ["锦绣家园3栋2单元501室"]), ("上课在江滨路88弄6号", ["江滨路88弄6号"]),
        ("博兴路海棠苑12弄6号602室", ["博兴路海棠苑12弄6号602室"]), ("文三路478号华星时代广场A座1203", ["文三路478号华星时代广场A座1203"]), ("恒大名都3栋2-501", ["恒大名都3栋2-501"]),
        ("太原路88号", ["太原路88号"]), ("和平小区3栋", ["和平小区3栋"]), ("请书面提交至体育路18号203室", ["体育路18号203室"]), ("路过锦绣花园", ["锦绣花园"]),
        ("名师大厦3楼2026年招生", ["名师大厦3楼"]), ("名师大厦3楼13800001111", ["名师大厦3楼"]), ("阳光小区2栋80元", ["阳光小区2栋"]), ("文化路88号联系老师去大厦", ["文化路88号"]), ("前进花园，西门口小区", ["前进花园", "西门口小区"]),
        ("华侨新村二巷6号", ["华侨新村二巷6号"]), ("教练上你小区", []), ("退休老教师义务给小区", []), ("自带泳池小区", []), ("每天送回小区", []), ("跑三个小区", []), ("我们小区", []), ("哪个小区", []), ("跳广场舞", []), ("收一百\n五\n小区", []),
    ],
)  # fmt: skip
def test_an_address_is_whole_and_one(text: str, names: list[str]) -> None:
    assert found(text, "address") == names


@pytest.mark.parametrize(
    "text", ["素质教育和家庭教育", "教育局通报", "家政服务员", "老师好", "一条路", "我在小区里"]
)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert find_entities(text) == ()


@pytest.mark.parametrize("unit", ["路", "号", "教育", "有限公司", "王", "小区", "【", "老师", "路1号"])
def test_a_page_of_nothing_but_endings_gets_an_answer(unit: str) -> None:
    found = find_entities(unit * (60_000 // len(unit)))
    assert all(item.value for item in found)


@pytest.mark.parametrize(
    ("text", "kind", "value", "written"),
    [
        ("博学辅dao中心初中数学冲刺班，电话咨询", "institution", "博学辅导中心", "博学辅dao中心"),
        ("初三英语找郭老濕，一对一上门", "person", "郭老师", "郭老濕"),
    ],
)
def test_a_name_in_disguise_has_its_plain_form(
    judge: Judge, text: str, kind: str, value: str, written: str
) -> None:
    [found] = [item for item in judge.judge_text(text).entities if item.kind == kind]
    assert (found.value, found.span.text) == (value, written)
    assert text[found.span.start : found.span.end] == written
