"""Everything that is kept of one person, for that person (个人信息保护法第四十五条): whole, and readable by a program."""

from __future__ import annotations

from typing import Any

from jiujin.registry.models import Person
from jiujin.work.models import JobWish
from jiujin.work.queries import applications_by, introductions_to, placements_of, services_to


def copy_of(person: Person) -> dict[str, Any]:
    """The person's records; keys and values in Chinese, as the pages say them."""
    home = person.home
    return {
        "姓名": person.name,
        "身份证号": person.id_number,
        "手机号": person.phone,
        "出生日期": person.born_on,
        "性别": person.get_sex_display() if person.sex else None,
        "居住地": {
            "社区或村": person.home_area.name if person.home_area else None,
            "地址": home.text if home else None,
            "纬度": home.lat if home else None,
            "经度": home.lon if home else None,
            "只是大概位置": home.is_rough if home else None,
        },
        "登记时间": person.created_at,
        "人员类别": [
            {"类别": s.category, "自": s.start_on, "至": s.end_on, "认定单位": s.certified_by}
            for s in person.priority_statuses.order_by("start_on", "pk")
        ],
        "求职意向": _wish(person),
        "同意事项": [
            {"事项": c.get_purpose_display(), "方式": c.get_channel_display(), "自": c.given_at, "至": c.withdrawn_at}
            for c in person.consents.order_by("given_at", "pk")
        ],
        "申请": [
            {"岗位": a.vacancy.title, "单位": a.vacancy.employer.name, "状态": a.get_state_display(), "时间": a.sent_at}
            for a in applications_by(person)
        ],
        "推荐": [
            {"岗位": i.vacancy.title, "状态": i.get_state_display(), "时间": i.made_at}
            for i in introductions_to(person)
        ],
        "服务记录": [{"方式": s.get_kind_display(), "日期": s.served_on, "内容": s.note} for s in services_to(person)],
        "就业记录": [
            {"单位": p.employer.name if p.employer else None, "自": p.start_on, "至": p.end_on}
            for p in placements_of(person)
        ],
    }


def _wish(person: Person) -> dict[str, Any] | None:
    wish = JobWish.objects.filter(person=person).first()
    if wish is None:
        return None
    return {
        "在找工作": wish.is_looking,
        "职业代码": wish.occupations,
        "用工形式": wish.forms,
        "班次": wish.shifts,
        "月工资至少（元）": f"{wish.wage_min_fen / 100:.2f}" if wish.wage_min_fen else None,
        "每周最多小时": wish.hours_a_week_max,
        "离家米数": wish.radius_m,
        "学历": wish.get_schooling_display() if wish.schooling is not None else None,
        "证书": wish.licences,
        "技能": wish.skills,
    }
