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
