"""Addresses of the pages of money."""

from __future__ import annotations

from django.urls import path

from jiujin.web.funds import (
    accounts,
    base_ledger,
    batches,
    budgets,
    city,
    closing,
    ledger_check,
    lines,
    overview,
    recoveries,
    reports,
    returns,
    simulate,
)

app_name = "funds"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("budgets/grant/", budgets.grant, name="grant"),
    path("budgets/<int:purse_id>/", budgets.purse, name="purse"),
    path("budgets/<int:purse_id>/withdraw/", budgets.withdraw, name="withdraw"),
    path("budgets/<int:purse_id>/move/", budgets.move, name="move"),
    path("budgets/closing/", closing.closing, name="closing"),
    path("lines/", lines.lines, name="lines"),
    path("lines/send-on/", lines.send_on, name="send-on"),
    path("lines/<int:money_line_id>/", lines.line, name="line"),
    path("lines/<int:money_line_id>/recover/", recoveries.demand, name="demand"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<uuid:batch_id>/", batches.batch, name="batch"),
    path("batches/<uuid:batch_id>/step/", batches.step, name="batch-step"),
    path("batches/<uuid:batch_id>/file/", batches.file, name="batch-file"),
    path("batches/<uuid:batch_id>/return/", returns.import_return, name="return"),
    path("batches/<uuid:batch_id>/return/<slug:digest>/", returns.return_rows, name="return-rows"),
    path("batches/<uuid:batch_id>/voucher/", returns.voucher, name="voucher"),
    path("batches/<uuid:batch_id>/voucher/confirm/", returns.confirm_voucher, name="confirm-voucher"),
    path("recoveries/", recoveries.recoveries, name="recoveries"),
    path("recoveries/<uuid:recovery_id>/", recoveries.recovery, name="recovery"),
    path("recoveries/<uuid:recovery_id>/end/", recoveries.end, name="end-recovery"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.new_account, name="new-account"),
    path("accounts/change/", accounts.change_accounts, name="change-accounts"),
    path("city/", city.city, name="city"),
    path("city/record/", city.record, name="record-city"),
    path("ledger/", base_ledger.ledger, name="ledger"),
    path("ledger/file.<slug:kind>", base_ledger.ledger_file, name="ledger-file"),
    path("check/", ledger_check.ledger_check, name="check"),
    path("reports/", reports.reports, name="reports"),
    path("reports/file.<slug:kind>", reports.report_file, name="report-file"),
    path("simulate/", simulate.simulate, name="simulate"),
    path("simulate/file.<slug:kind>", simulate.simulate_file, name="simulate-file"),
]
