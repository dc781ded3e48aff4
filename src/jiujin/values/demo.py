"""Invented names and credit codes for demonstrations (invented identity numbers: `identity.make_demo_id`)."""

from __future__ import annotations

from random import Random

from jiujin.values.credit_code import credit_code_check_character
from jiujin.values.identity import DEMO_AREA

SURNAMES: tuple[str, ...] = (
    *"王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷",
    *("欧阳", "司马", "上官", "诸葛"),
)
GIVEN_CHARACTERS = "安柏晨冬恩帆谷禾景可岚麦宁朴青然苏桐文溪晓言越知舟子一之南北平禹初林枫荷松竹"
UNUSUAL_NAMES = ("阿依古丽·买买提", "尼玛·次仁", "古丽 米热", "王㛃", "李𠮷", "丁一", "司马 相宜", "乌云其其格")
UNUSUAL_SHARE = 0.01


def demo_name(pick: Random) -> str:
    """An invented name; one in a hundred has a middle dot, an inner space or a rare character, as real rosters do."""
    if pick.random() < UNUSUAL_SHARE:
        return pick.choice(UNUSUAL_NAMES)
    return pick.choice(SURNAMES) + "".join(pick.choices(GIVEN_CHARACTERS, k=pick.choice((1, 2, 2))))


def demo_credit_code(number: int) -> str:
    """An invented social credit code that passes its check (GB 32100), of an area that no place has; 0 to 999,999,999."""
    body = f"91{DEMO_AREA}{number:09d}"
    return body + credit_code_check_character(body)
