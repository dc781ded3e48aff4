"""The records of money: the book (append-only), payees' accounts, batches and what the bank or the treasury said of them."""

from jiujin.funds.models.book import Balance, LedgerEntry, Posting, Purse
from jiujin.funds.models.payments import (
    BankReturn,
    BankReturnRow,
    CityPayment,
    PayeeAccount,
    PaymentBatch,
    PaymentItem,
    Recovery,
    TreasuryVoucher,
    VoucherItem,
    YearClosing,
)

__all__ = [
    "Balance",
    "BankReturn",
    "BankReturnRow",
    "CityPayment",
    "LedgerEntry",
    "PayeeAccount",
    "PaymentBatch",
    "PaymentItem",
    "Posting",
    "Purse",
    "Recovery",
    "TreasuryVoucher",
    "VoucherItem",
    "YearClosing",
]
