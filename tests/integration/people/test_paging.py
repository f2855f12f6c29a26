"""Pages of a list whose sort column may be empty."""

from __future__ import annotations

import pytest

from senet.people.listings import COMPANIES
from senet.people.models import Company
from senet.people.schemas import CompanyQuery
from tests.support.people import make_company

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sort", ["employees", "-employees"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_rows_without_a_value_come_last_and_once(sort: str, limit: int) -> None:
    for employees in (None, 5, None, 5, 9, None, 1):
        make_company(employees=employees)
    seen: list[int | None] = []
    ids: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = COMPANIES.page(Company.objects.all(), CompanyQuery(sort=sort, limit=limit, cursor=cursor))
        seen += [row.employees for row in page.items]
        ids += [row.pk for row in page.items]
        cursor = page.next_cursor
    assert seen == ([1, 5, 5, 9] if sort == "employees" else [9, 5, 5, 1]) + [None] * 3
    assert len(set(ids)) == 7
