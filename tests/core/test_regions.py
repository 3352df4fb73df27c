from __future__ import annotations

import pytest

from core.errors import NotFound
from core.regions import load_regions


def test_path_from_province_to_street() -> None:
    regions = load_regions()
    assert [region.name for region in regions.path("330106")] == ["浙江省", "杭州市", "西湖区"]
    assert regions.under("330106", "330100")
    assert not regions.under("330106", "32")


def test_six_digit_forms_of_cities_are_understood() -> None:
    assert load_regions().get("330100").name == "杭州市"


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(NotFound):
        load_regions().get("999999")


def test_nobody_says_city_district_between_a_city_and_its_district() -> None:
    assert load_regions().full_name("110112") == "北京市通州区"


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("330106", ("330106",)),
        ("999999", ()),
        ("浙江", ("33",)),
        ("杭州西湖", ("330106",)),
        ("无此地", ()),
        ("", ()),
    ],
)
def test_a_code_or_a_name_may_be_typed(typed: str, codes: tuple[str, ...]) -> None:
    assert load_regions().meant(typed) == codes


def test_of_one_name_the_highest_are_meant() -> None:
    codes = load_regions().meant("鼓楼区")
    assert len(codes) > 1
    assert {len(code) for code in codes} == {6}  # streets of that name are below
