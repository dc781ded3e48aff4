"""The way of money through the pages, as the people of the office and the payees take it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import openpyxl
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from jiujin.accounts.models import Role
from jiujin.claims.models import ClaimLine
from jiujin.claims.services.close_notices import close_notices
from jiujin.core.plan_in_force import plan_in_force
from jiujin.funds.models import PaymentBatch
from jiujin.plan.models import Scheme
from jiujin.registry.models import Membership, Organisation, OrganisationKind
from jiujin.rules.cases import fact_value
from jiujin.web.claims.fact_fields import sheet_facts
from tests.accounts.people import someone
from tests.browser.visitor import WIDE, Visitor
from tests.funds.factories import answer
from tests.funds.fourteen import Clock, can_be_paid, found_by_an_officer

Visit = Callable[..., Visitor]
ROLES = {
    OrganisationKind.OPERATOR: Role.OPERATOR,
    OrganisationKind.TECHNICAL_SCHOOL: Role.SCHOOL,
    OrganisationKind.UNIVERSITY: Role.SCHOOL,
}
PAID_ON = "2022-12-20"
MEETING = "测试会议〔2022〕1号"


def looks_right(visitor: Visitor) -> None:
    """Nothing for axe to say, nothing sticks out."""
    assert visitor.violations() == [], visitor.page.url
    assert not visitor.is_wider_than_the_window(), visitor.page.url


def figure_of(page: Page, label: str) -> Decimal:
    """An amount among a page's figures."""
    shown = page.locator(".figure", has=page.locator("dt", has_text=re.compile(f"^{re.escape(label)}$")))
    return yuan(shown.locator("dd").inner_text())


def yuan(shown: str) -> Decimal:
    """An amount as a page writes it."""
    return Decimal(shown.replace(",", "").strip() or "0")


def column_of(page: Page, table: str, heading: str) -> dict[str, Decimal]:
    """The amounts of a table's column, by what stands first in the row; several rows of one name together."""
    found: dict[str, Decimal] = {}
    for row in page.locator(f"#{table} tbody tr").all():
        name = row.locator("td").first.inner_text().splitlines()[0].strip()
        found[name] = found.get(name, Decimal()) + yuan(row.locator(f"td[data-label='{heading}']").inner_text())
    return found


def total_of(file: bytes, encoding: str, heading: str) -> Decimal:
    """What the payments of a file come to, as its last line says too."""
    rows = list(csv.reader(io.StringIO(file.decode(encoding))))
    at = next(number for number, row in enumerate(rows) if heading in row)
    total = sum((Decimal(row[rows[at].index(heading)]) for row in rows[at + 1 : -1]), Decimal())
    assert Decimal(rows[-1][2]) == total
    return total


def send_form(page: Page, summary: str, **fields: str | Path) -> None:
    """Open one of a page's folded forms, fill it in and send it; a path is a file to be chosen."""
    form = page.locator("details", has=page.locator("summary", has_text=re.compile(f"^{re.escape(summary)}$"))).last
    form.locator("summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if isinstance(value, Path):
            field.set_input_files(value)
        elif field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button.primary").click()
    page.wait_for_load_state()


# --- the payee --------------------------------------------------------------------------------------------------------


def payee_at(visit: Visit, payee: Organisation, size: tuple[int, int] = WIDE) -> Visitor:
    """Somebody who claims for the payee, signed in."""
    user = someone(next((role for kind, role in ROLES.items() if kind in payee.kinds), Role.EMPLOYER))
    Membership.objects.create(user=user, organisation=payee)
    visitor = visit(size)
    visitor.sign_in(user)
    return visitor


def claims_with_one_press(visitor: Visitor, scheme: str) -> None:
    """Everything that the records give is claimed and sent."""
    page = visitor.go(f"/claims/new/?scheme={scheme}")
    page.click("button:has-text('一键生成')")
    page.wait_for_selector("text=已由记录生成")
    _send(page)


def claims_by_list(visitor: Visitor, scheme: str, list_: Path) -> None:
    """The rows of a list are claimed and sent."""
    page = visitor.go(f"/claims/new/?scheme={scheme}")
    expect(page.locator("button:has-text('一键生成')")).to_have_count(0)
    page.set_input_files("#upload input[type=file]", list_)
    page.click("button:has-text('读入名单')")
    page.wait_for_selector("text=名单已读入")
    _send(page)


def _send(page: Page) -> None:
    hopeful = page.locator("button:has-text('连同待补充的一起提交')")
    (hopeful if hopeful.count() else page.locator("button:has-text('提交符合的')")).click()
    page.wait_for_selector("text=/已提交 \\d+ 行/")


def list_of_the_worked_case(scheme: Scheme, path: Path) -> Path:
    """A workbook with the one row of the scheme's worked case that is met, as its payee would write it."""
    plan = plan_in_force()
    base, book = plan.cases[scheme.id].base, openpyxl.Workbook()
    assert book.active is not None
    facts = [(fact, label) for fact, label in sheet_facts(plan, scheme) if fact.id in base]
    book.active.append([label for _fact, label in facts])
    values = [(fact, fact_value(fact, base[fact.id])) for fact, _label in facts]
    words = {True: "是", False: "否"}
    book.active.append([fact.choices.get(value, words.get(value, value)) for fact, value in values])
    book.save(path)
    return path


# --- the office -------------------------------------------------------------------------------------------------------


class Office:
    """The people of the office at their desks: who decides on a line are three, who pays are three."""

    def __init__(self, visit: Visit, clock: Clock, folder: Path) -> None:
        self.clock, self.folder = clock, folder
        self.clerk, self.reviewer, self.leader, self.makes, self.first, self.second = (
            self._at_desk(visit, role)
            for role in (Role.CLERK, Role.REVIEWER, Role.LEADER, Role.FINANCE, Role.FINANCE, Role.FINANCE)
        )

    @staticmethod
    def _at_desk(visit: Visit, role: Role) -> Visitor:
        visitor = visit(WIDE)
        visitor.sign_in(someone(role))
        return visitor

    def pays(self, scheme: str) -> Decimal:
        """Everything of a scheme that was sent, until it is reconciled; gives what the bank's file or the city's list says."""
        self.reviews([scheme])
        if plan_in_force().scheme(scheme).decided_by == "city":
            self.hands_to_the_city(scheme)
            paid = self.notes_the_city_s_payment()
        else:
            self.approves()
            self.schedules()
            paid = total_of(self.pays_waiting("银行代发（逗号分隔）"), "gb18030", "金额（元）")
        self.reconciles()
        return paid

    # review

    def reviews(self, schemes: Iterable[str]) -> None:
        """Accepted, looked into where only an officer can say, passed by both reviews, published till the notices are over."""
        self._accepts_unclear()
        self._decides(self.clerk, "acceptance", "受理勾选的", "已受理", may_be_none=True)
        self._looks_into_unclear()
        self._decides(self.clerk, "first_review", "通过勾选的", "已通过")
        workflows = {scheme: plan_in_force().workflow_of(scheme) for scheme in schemes}
        if any(workflow.step("second_review") for workflow in workflows.values()):
            self._decides(self.reviewer, "second_review", "通过勾选的", "已通过")
        for scheme, workflow in workflows.items():
            if workflow.step("public_notice"):
                self._decides(self.clerk, f"public_notice&scheme={scheme}", "公示勾选的", "已公示")
        self.clock.pass_days(30)
        close_notices(now=timezone.now())

    def _accepts_unclear(self) -> None:
        page = self.clerk.page
        while True:
            self.clerk.go("/claims/queue/?stage=acceptance&verdict=unknown")
            if not page.locator("[data-row]").count():
                return
            page.click("#panel button[value=accept]")
            page.wait_for_selector("text=已受理 1 行")

    def _looks_into_unclear(self) -> None:
        page = self.clerk.page
        while True:
            self.clerk.go("/claims/queue/?stage=first_review&verdict=unknown")
            if not page.locator("[data-row]").count():
                return
            page.click("#panel >> text=打开整页")
            page.wait_for_url(re.compile("/claims/queue/lines/"))
            line = ClaimLine.objects.get(pk=int(page.url.rstrip("/").rpartition("/")[2]))
            page.click("summary:has-text('记下核实到的事实')")
            for fact, value in found_by_an_officer(line).items():
                field = page.locator(f"[name=fact_{fact}]")
                field.select_option("yes") if value is True else field.fill(str(value))
            page.fill("[name=basis]", "测试：核对原件")
            page.click("button:has-text('记下并重新判断')")
            page.wait_for_selector("text=已记下核实的")

    def _decides(self, visitor: Visitor, stage: str, button: str, done: str, *, may_be_none: bool = False) -> None:
        """All lines of the page at once; at acceptance those that lack something went one by one before."""
        page = visitor.go(f"/claims/queue/?stage={stage}")
        ticks = page.locator("#queue input.tick")
        count = ticks.count()
        if may_be_none and not count:
            return
        assert count, f"nothing waits: {stage}"
        for tick in ticks.all():
            tick.check()
        meeting = page.locator("#many-meeting")
        if meeting.count():
            meeting.fill(MEETING)
        page.click(f"#many button:has-text('{button}')")
        page.wait_for_selector(f"text={done} {count} 行")

    def approves(self) -> None:
        """The leader, by a meeting."""
        self._decides(self.leader, "approval", "批准勾选的", "已批准")

    def hands_to_the_city(self, scheme: str) -> None:
        """What the city decides goes there by the reviewer."""
        self._decides(self.reviewer, f"approval&scheme={scheme}", "批准勾选的", "已批准")

    # payment

    def schedules(self) -> None:
        """Everything approved becomes payable."""
        self._sends_on("/funds/lines/", "把勾选的排入拨付", "已排入拨付")

    def reconciles(self) -> None:
        """Everything paid."""
        self._sends_on("/funds/lines/?stage=paid", "对账勾选的", "已对账")

    def _sends_on(self, address: str, button: str, done: str) -> None:
        page = self.makes.go(address)
        page.check("#chosen input[name=all]")
        page.click(f"button:has-text('{button}')")
        page.wait_for_selector(f"text={done}")

    def pays_waiting(self, layout: str, lines: int = 0) -> bytes:
        """A batch of all that waits, or of the first lines; released by two, sent, answered. Gives the file."""
        page = self.makes.go("/funds/lines/?stage=scheduled")
        for tick in page.locator("#lines input.tick").all()[:lines]:
            tick.check()
        if not lines:
            page.check("#chosen input[name=all]")
        page.select_option("#chosen select", label=layout)
        page.click("button:has-text('把勾选的编成一批')")
        page.wait_for_selector("h1:has-text('拨付批次')")
        address = page.url.removeprefix(self.makes.base)
        for visitor, button, words in (
            (self.first, "放行（第一个人）", "一人放行"),
            (self.second, "放行（第二个人）", "已放行"),
        ):
            visitor.go(address)
            visitor.page.click(f"button:has-text('{button}')")
            visitor.page.wait_for_selector(f".chip:has-text('{words}')")
        file = self._downloaded(self.second.page)
        self.second.page.click("button:has-text('记为已送出')")
        self.second.page.wait_for_selector("a:has-text('导入回盘')")
        batch = PaymentBatch.objects.get(pk=address.rstrip("/").rpartition("/")[2])
        self._answered_by_bank(batch) if batch.way == "bank" else self._confirmed_by_treasury(address)
        self.makes.go(address)
        expect(self.makes.page.locator(".panel-line .chip").first).to_contain_text("已结清")
        return file

    @staticmethod
    def _downloaded(page: Page) -> bytes:
        with page.expect_download() as downloaded:
            page.click("a:has-text('下载付款文件')")
        return Path(downloaded.value.path()).read_bytes()

    def _answered_by_bank(self, batch: PaymentBatch) -> None:
        page, path = self.second.page, self.folder / f"{batch.number}.csv"
        path.write_bytes(answer(batch))
        page.click("a:has-text('导入回盘')")
        page.set_input_files("#id_file", path)
        page.click("button:has-text('先看会怎样')")
        page.click("button:has-text('导入，记账')")
        page.wait_for_selector("text=已导入")

    def _confirmed_by_treasury(self, address: str) -> None:
        page = self.second.go(f"{address}voucher/")
        page.fill("#id_number", "测试凭证1")
        page.fill("#id_paid_on", PAID_ON)
        for choice in page.locator("select[name^=item-]").all():
            choice.select_option("paid")
        page.click("main button:has-text('登记')")
        page.wait_for_selector("text=等另一个人确认")
        self.first.go(address)
        self.first.page.click("button:has-text('确认凭证')")
        self.first.page.wait_for_selector("text=凭证已确认")

    def notes_the_city_s_payment(self) -> Decimal:
        """The city's voucher, for all that waits for it; gives what the page says that comes to."""
        page = self.makes.go("/funds/city/")
        paid = sum(column_of(page, "lines", "金额（元）").values(), Decimal())
        for tick in page.locator("#lines input.tick").all():
            tick.check()
        page.fill("#id_voucher", "测试市凭证1")
        page.fill("#id_paid_on", PAID_ON)
        page.click("button:has-text('登记勾选的')")
        page.wait_for_selector("text=已登记市级拨付")
        return paid


# --- a programme's records, up to the money -----------------------------------------------------------------------------


def claimed_and_paid(visit: Visit, clock: Clock, folder: Path, payee: Organisation, scheme: str) -> None:
    """The payee claims the records of a scheme with one press; the office pays them; the payee sees it on its page."""
    with transaction.atomic():
        can_be_paid([payee])
    visitor = payee_at(visit, payee)
    claims_with_one_press(visitor, scheme)
    office = Office(visit, clock, folder)
    paid = office.pays(scheme)
    page = visitor.go("/claims/")
    worth = sum(column_of(page, "claims", "金额（元）").values(), Decimal())
    assert worth == paid > 0
    page.locator("#claims .row-link").first.click()
    expect(page.locator("#lines tbody")).to_contain_text("已对账")
    looks_right(visitor)
    page = office.makes.go(f"/funds/ledger/?scheme={scheme}")
    assert figure_of(page, "金额合计（元）") == worth
    page.locator(".row-link").first.click()
    page.wait_for_selector("text=已对账")
