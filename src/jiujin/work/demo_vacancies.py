"""The invented places of work, vacancies and job wishes of a demonstration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random

from django.db import connection

from jiujin.core.bulk import copy_rows, reserve_ids
from jiujin.plan import Plan
from jiujin.registry.demo import DEMO_EMPLOYER
from jiujin.registry.demo_places import DemoPlaces, add_addresses, demo_place
from jiujin.registry.models import Organisation, OrganisationKind, Workplace
from jiujin.work.models import JobWish, Occupation, Schooling, Shift, Vacancy, WagePeriod
from jiujin.work.services.record_placement import FORM_FACT
from jiujin.work.states import VacancyState
from jiujin.work.words import cut

VACANCIES_MIN, PEOPLE_A_VACANCY = 400, 5
SHARE = {
    "second_workplace": 0.25, "urban_workplace": 0.5, "no_workplace_point": 0.03, "hourly": 0.15, "no_wage": 0.06,
    "welcome": 0.4, "lapsing": 0.2, "lapsed": 0.03, "no_shift": 0.1, "wish": 0.6, "looking": 0.85, "wish_wage": 0.6,
    "wish_occupation": 0.7, "wish_shift": 0.3, "wish_hours": 0.3, "schooling": 0.8,
}  # fmt: skip
STATES = (*[VacancyState.OPEN] * 88, *[VacancyState.CLOSED] * 4, *[VacancyState.FILLED] * 4, *[VacancyState.PAUSED] * 2)
IN_REVIEW_EACH = 50  # one vacancy in so many waits for a reviewer
OPEN_DAYS, LAPSING_DAYS, PUBLISHED_DAYS = (120, 700), 14, 90
HOURS = (Decimal(20), Decimal(40), Decimal(44), Decimal(48))
HOURS_A_MONTH = 160  # by which an invented month's wage becomes an invented hour's
SKILLS_EACH_MAX = 2


@dataclass(frozen=True)
class DemoJob:
    """A kind of work that invented employers offer: yuan a month from the least to the most."""

    title: str
    occupation: str
    wage_yuan: tuple[int, int]
    shifts: tuple[Shift, ...] = (Shift.DAY,)
    schooling: Schooling = Schooling.NONE
    licences: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    duties: str = ""


DAY, NIGHT, ROTATING, FLEXIBLE = Shift.DAY, Shift.NIGHT, Shift.ROTATING, Shift.FLEXIBLE
JOBS = (
    DemoJob("超市理货员", "商品营业员", (2600, 3600), (DAY, ROTATING), skills=("理货",), duties="整理货架，补货，核对价签。"),
    DemoJob("收银员", "收银员", (2600, 3500), (DAY, ROTATING), Schooling.JUNIOR, skills=("收银",), duties="收款，退换货登记。"),
    DemoJob("服装导购", "商品营业员", (2800, 4500), (DAY,), Schooling.JUNIOR, skills=("销售",), duties="接待顾客，整理陈列。"),
    DemoJob("缝纫工", "缝纫工", (3500, 6000), (DAY,), skills=("缝纫",), duties="平车、包缝，计件另算。"),
    DemoJob("服装裁剪工", "裁剪工", (3800, 5800), (DAY,), skills=("裁剪",), duties="按样裁剪，核对数量。"),
    DemoJob("餐厅服务员", "餐厅服务员", (2800, 3800), (DAY, ROTATING, FLEXIBLE), duties="点单，上菜，收台。"),
    DemoJob("厨师", "中式烹调师", (4500, 7000), (DAY,), licences=("健康证",), skills=("烹饪",), duties="炒菜，备料。"),
    DemoJob("面点师傅", "中式面点师", (3800, 5500), (DAY,), licences=("健康证",), skills=("面点",), duties="早点制作，清晨到岗。"),
    DemoJob("仓库管理员", "仓储管理员", (3000, 4500), (DAY,), Schooling.JUNIOR, skills=("电脑录入",), duties="收发货，盘点。"),
    DemoJob("快递员", "快递员", (4000, 7500), (FLEXIBLE, DAY), licences=("电动车驾驶",), duties="片区派送，上门取件。"),
    DemoJob("货车司机", "道路货运汽车驾驶员", (5000, 8000), (DAY, NIGHT), licences=("B2驾驶证",), duties="市内配送。"),
    DemoJob("装卸工", "装卸搬运工", (3500, 5500), (DAY, NIGHT), duties="装车卸货。"),
    DemoJob("电子厂普工", "电子设备装接工", (3800, 5800), (DAY, ROTATING), duties="流水线组装，坐班。"),
    DemoJob("质检员", "质检员", (3600, 5200), (DAY, ROTATING), Schooling.SENIOR, skills=("质检",), duties="外观检验，填写记录。"),
    DemoJob("家政服务员", "家政服务员", (3000, 5500), (FLEXIBLE, DAY), skills=("保洁",), duties="上门打扫，按小时结算。"),
    DemoJob("养老护理员", "养老护理员", (3500, 5500), (DAY, ROTATING), licences=("健康证",), skills=("护理",), duties="照护老人起居。"),
    DemoJob("育婴员", "婴幼儿发展引导员", (4000, 6500), (DAY, FLEXIBLE), licences=("健康证",), skills=("育婴",), duties="照看婴幼儿。"),
    DemoJob("保育员", "保育师", (2500, 3500), (DAY,), Schooling.SENIOR, ("健康证",), ("护理",), "协助班级老师。"),
    DemoJob("保安员", "保安员", (2600, 3800), (DAY, NIGHT, ROTATING), licences=("保安员证",), duties="门岗值守，巡逻。"),
    DemoJob("保洁员", "保洁员", (2200, 3000), (DAY, FLEXIBLE), skills=("保洁",), duties="楼道和公共区域清扫。"),
    DemoJob("药店店员", "医药商品购销员", (2800, 4200), (DAY, ROTATING), Schooling.SENIOR, skills=("销售",), duties="接待顾客，整理药品。"),
    DemoJob("行政文员", "行政办事员", (3000, 4500), (DAY,), Schooling.COLLEGE, skills=("电脑录入",), duties="资料整理，接听电话。"),
    DemoJob("会计", "会计专业人员", (4000, 6500), (DAY,), Schooling.COLLEGE, skills=("做账",), duties="日常账务，报税。"),
    DemoJob("种植工", "园艺工", (2400, 3600), (DAY, FLEXIBLE), skills=("种植",), duties="大棚管理，采收。"),
    DemoJob("瓦工", "砌筑工", (5000, 8000), (DAY,), skills=("砌筑",), duties="砌墙，抹灰，按天结算。"),
    DemoJob("电工", "电工", (4500, 7000), (DAY, ROTATING), licences=("电工证",), skills=("电工",), duties="设备检修。"),
)  # fmt: skip


class DemoVacancies:
    """Adds places of work with vacancies, and what people wish for; one plan, seed, size and day always give the same."""

    def __init__(self, *, plan: Plan, seed: int, places: DemoPlaces, now: datetime) -> None:
        self.pick = Random(f"{seed}/vacancies")
        self.wishing = Random(f"{seed}/wishes")
        self.places = places
        self.now, self.day = now, now.date()
        self.forms = list(plan.facts[FORM_FACT].choices)
        self.occupations = dict(Occupation.objects.order_by("-code").values_list("name", "code"))
        self.urban = [code for code in places.middles if len(code) > 9 and places.is_urban(code)]

    def open_vacancies(self, *, people: int) -> int:
        """Add the places of work and vacancies inside the caller's transaction; gives the number of vacancies."""
        employers = Organisation.objects.filter(kinds__contains=[OrganisationKind.EMPLOYER], is_synthetic=True)
        workplaces = self._add_workplaces(list(employers.order_by("credit_code")))
        count = max(VACANCIES_MIN, people // PEOPLE_A_VACANCY)
        copy_rows(Vacancy, VACANCY_FIELDS, self._vacancies(workplaces, count))
        return count

    def wish(self, person_ids: Iterable[int]) -> None:
        """Add what some of these people wish for."""
        copy_rows(JobWish, WISH_FIELDS, self._wishes(person_ids))

    def _add_workplaces(self, employers: Sequence[Organisation]) -> list[tuple[int, Organisation]]:
        """One place of work for each employer, for some a second one; gives their ids with the employer."""
        pick, drawn = self.pick, []
        for employer in employers:
            names = ["门店", "分店"] if pick.random() < SHARE["second_workplace"] else ["门店"]
            drawn += [(employer, f"{employer.name}{name}", self._area_for(employer)) for name in names]
        addresses = add_addresses(
            [
                None if pick.random() < SHARE["no_workplace_point"] else demo_place(self.places, pick, area)
                for _, _, area in drawn
            ]
        )
        ids = reserve_ids(Workplace, len(drawn))
        copy_rows(
            Workplace,
            ("id", "organisation_id", "name", "area_id", "address_id", "is_open"),
            (
                (pk, employer.pk, name, area, address, True)
                for pk, (employer, name, area), address in zip(ids, drawn, addresses, strict=True)
            ),
        )
        return [(pk, employer) for pk, (employer, _, _) in zip(ids, drawn, strict=True)]

    def _area_for(self, employer: Organisation) -> str:
        """A community of the employer's town, or one in the built-up middle."""
        town = employer.area_id or ""
        own = [code for code in self.places.middles if len(code) > 9 and code.startswith(town)]
        inside = employer.name == DEMO_EMPLOYER or self.pick.random() < SHARE["urban_workplace"]
        choice = self.urban if inside and self.urban else own
        return self.pick.choice(choice or own or [town])

    def _vacancies(self, workplaces: Sequence[tuple[int, Organisation]], count: int) -> Iterator[tuple[object, ...]]:
        own = [place for place in workplaces if place[1].name == DEMO_EMPLOYER]
        for number in range(count):
            workplace = self.pick.choice(own) if own and number < len(JOBS) else self.pick.choice(workplaces)
            yield self._vacancy(number, *workplace)

    def _vacancy(self, number: int, workplace_id: int, employer: Organisation) -> tuple[object, ...]:
        pick = self.pick
        job = pick.choice(JOBS)
        state = VacancyState.IN_REVIEW if number % IN_REVIEW_EACH == IN_REVIEW_EACH - 1 else pick.choice(STATES)
        published = (
            None if state == VacancyState.IN_REVIEW else self.now - timedelta(days=pick.randrange(PUBLISHED_DAYS))
        )
        headcount = pick.choice((1, 1, 2, 3, 5, 10))
        filled = headcount if state == VacancyState.FILLED else pick.randrange(headcount)
        shift = "" if pick.random() < SHARE["no_shift"] else pick.choice(job.shifts).value
        hours = pick.choice(HOURS)
        return (
            employer.pk, workplace_id, job.title, self.occupations.get(job.occupation), pick.choice(self.forms),
            *self._wage(job), hours, shift, headcount, filled, job.schooling.value, list(job.licences),
            list(job.skills), job.duties, pick.random() < SHARE["welcome"], employer.declared_small,
            self._open_until(), "演示联系人", state.value, published, True, self.now, [], "",
            _search_vector((job.title, "A"), (job.occupation, "B"), (employer.name, "C"), (f"{job.duties} {' '.join(job.skills)}", "D")),
        )  # fmt: skip

    def _wage(self, job: DemoJob) -> tuple[int | None, int | None, str]:
        """Least and most in fen, and for what time."""
        chance = self.pick.random()
        if chance < SHARE["no_wage"]:
            return None, None, WagePeriod.MONTH.value
        low, high = (round(yuan * self.pick.uniform(0.9, 1.1) / 100) * 100 for yuan in job.wage_yuan)
        if chance < SHARE["no_wage"] + SHARE["hourly"]:
            return low * 100 // HOURS_A_MONTH, max(low, high) * 100 // HOURS_A_MONTH, WagePeriod.HOUR.value
        return low * 100, max(low, high) * 100, WagePeriod.MONTH.value

    def _open_until(self) -> date:
        chance = self.pick.random()
        if chance < SHARE["lapsed"]:
            return self.day - timedelta(days=self.pick.randrange(1, LAPSING_DAYS))
        if chance < SHARE["lapsed"] + SHARE["lapsing"]:
            return self.day + timedelta(days=self.pick.randrange(LAPSING_DAYS))
        return self.day + timedelta(days=self.pick.randrange(*OPEN_DAYS))

    def _wishes(self, person_ids: Iterable[int]) -> Iterator[tuple[object, ...]]:
        pick = self.wishing
        for person_id in person_ids:
            if pick.random() >= SHARE["wish"]:
                continue
            job = pick.choice(JOBS)
            occupation = self.occupations.get(job.occupation)
            wants = occupation if pick.random() < SHARE["wish_occupation"] else None
            skills = pick.sample(SKILLS, pick.randrange(SKILLS_EACH_MAX + 1))
            yield (
                person_id, pick.random() < SHARE["looking"], [wants] if wants else [], [],
                [pick.choice((DAY, FLEXIBLE)).value] if pick.random() < SHARE["wish_shift"] else [],
                job.wage_yuan[0] * 100 if pick.random() < SHARE["wish_wage"] else None,
                pick.choice(HOURS) if pick.random() < SHARE["wish_hours"] else None,
                pick.choice(list(Schooling)[1:]).value if pick.random() < SHARE["schooling"] else None,
                list(job.licences), sorted({*skills, *job.skills}), self.now,
            )  # fmt: skip


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[str, ...]:
    return tuple(cut(text))


def _search_vector(*parts: tuple[str, str]) -> str:
    """What `work.words` would fill, as PostgreSQL writes it: so many at once are not updated one by one."""
    words = [(word, weight) for text, weight in parts for word in _words(text)]
    return " ".join(f"'{word}':{place}{weight}" for place, (word, weight) in enumerate(words, 1))


SKILLS = sorted({skill for job in JOBS for skill in job.skills})
VACANCY_FIELDS = (
    "employer_id", "workplace_id", "title", "occupation_id", "form", "wage_min_fen", "wage_max_fen", "wage_period",
    "hours_a_week", "shift", "headcount", "filled_count", "schooling_min", "licences", "skills", "description",
    "welcomes_priority_groups", "is_small_firm", "open_until", "contact_name", "state", "published_at",
    "is_synthetic", "changed_at", "findings", "refused_because",
    "search",
)  # fmt: skip
WISH_FIELDS = (
    "person_id", "is_looking", "occupations", "forms", "shifts", "wage_min_fen", "hours_a_week_max", "schooling",
    "licences", "skills", "changed_at",
)  # fmt: skip


def clear_vacancies() -> None:
    """Take out every vacancy of a synthetic employer, the wishes of synthetic people, and what hangs on both."""
    of_firm = "(SELECT id FROM registry_organisation WHERE is_synthetic)"
    of_person = "(SELECT id FROM registry_person WHERE is_synthetic)"
    of_vacancy = f"(SELECT id FROM work_vacancy WHERE employer_id IN {of_firm})"
    with connection.cursor() as cursor:
        for table in ("work_matchline", "work_introduction", "work_application"):
            cursor.execute(f"DELETE FROM {table} WHERE person_id IN {of_person} OR vacancy_id IN {of_vacancy}")
        for table in ("work_servicerecord", "work_jobwish"):
            cursor.execute(f"DELETE FROM {table} WHERE person_id IN {of_person}")
        cursor.execute(f"UPDATE work_vacancy SET copied_from_id = NULL WHERE copied_from_id IN {of_vacancy}")
        cursor.execute(f"DELETE FROM work_vacancy WHERE employer_id IN {of_firm}")
