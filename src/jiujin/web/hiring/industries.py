"""The industries of GB/T 4754—2017 as far as the firm size standard tells them apart."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

from jiujin.core.listing import Words

INDUSTRIES: Final[tuple[tuple[str, Words], ...]] = (
    ("A", gettext_lazy("农、林、牧、渔业")),
    ("B", gettext_lazy("采矿业")),
    ("C", gettext_lazy("制造业")),
    ("D", gettext_lazy("电力、热力、燃气及水生产和供应业")),
    ("E", gettext_lazy("建筑业")),
    ("F51", gettext_lazy("批发业")),
    ("F52", gettext_lazy("零售业")),
    ("G54", gettext_lazy("道路和其他运输业")),
    ("G592", gettext_lazy("仓储业")),
    ("G60", gettext_lazy("邮政和快递业")),
    ("H61", gettext_lazy("住宿业")),
    ("H62", gettext_lazy("餐饮业")),
    ("I63", gettext_lazy("信息传输业")),
    ("I65", gettext_lazy("软件和信息技术服务业")),
    ("J", gettext_lazy("金融业")),
    ("K701", gettext_lazy("房地产开发经营")),
    ("K702", gettext_lazy("物业管理")),
    ("L", gettext_lazy("租赁和商务服务业")),
    ("M", gettext_lazy("科学研究和技术服务业")),
    ("N", gettext_lazy("水利、环境和公共设施管理业")),
    ("O", gettext_lazy("居民服务、修理和其他服务业")),
    ("P", gettext_lazy("教育")),
    ("Q84", gettext_lazy("卫生")),
    ("Q85", gettext_lazy("社会工作")),
    ("R", gettext_lazy("文化、体育和娱乐业")),
)


def industry_choices(held: str) -> list[tuple[str, Words]]:
    """The choices of a form, with the code that is held where it is a finer one."""
    known = {code for code, _label in INDUSTRIES}
    finer: list[tuple[str, Words]] = [(held, held)] if held and held not in known else []
    return [("", gettext_lazy("不清楚")), *finer, *INDUSTRIES]
