"""Published samples of notifications, and what is read from each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import places
from cuadre._core import Notification

# file, gateway, message: kind, status, reference, gateway id, amount, environment, merchant, faults
EXPECTED: list[tuple[str, str, str, tuple[Any, ...]]] = [
    ("pagoefectivo/notification_cip_paid.json", "pagoefectivo", "notification", ("payment", "paid", "", "11546901", "PEN 22.05", "", "", [])),
    ("pagoefectivo/cip_search_response.json", "pagoefectivo", "cip_response", ("payment", "pending", "101", "10092759", "PEN 25.00", "", "", [])),
    ("dlocal/smashpig_paid-ipn-india-one-time.json", "dlocal", "notification", ("payment", "paid", "123456789.1", "D-648-7866b4e3-c01b-43e8-83c7-639cb581e422", "INR 29.00", "", "", [])),
    ("dlocal/smashpig_rejected-ipn.json", "dlocal", "notification", ("payment", "rejected", "123456789.1", "D-648-a35a36b9-6046-4502-93d8-75eef6161a81", "INR 29.00", "", "", [])),
    ("dlocal/smashpig_rejected-ipn-no-payer.json", "dlocal", "notification", ("refund", "failed", "111.1", "REF-RANDOM-REF-ID", "BRL 10.00", "", "", [])),
    ("dlocal/doc_refund_notification.json", "dlocal", "notification", ("refund", "completed", "SALE-124635123", "REF42342", "BRL 803.04", "", "", [])),
    ("dlocal/doc_ticket_direct_response.json", "dlocal", "notification", ("payment", "pending", "5346523564", "D-4-965cbd38-92d4-4e71-a000-2f653d7d16c6", "USD 120.00", "", "", [])),
    # not JSON: a comma before a closing brace
    ("dlocal/fripixel_notification-response.json", "dlocal", "notification", ("other", None, "", "", None, "", "", ["body_unreadable"])),
    ("dlocal/doc_payout_notification.form", "dlocal", "payout_notification", ("payout", None, "ext123", "123456", None, "", "", [])),
    ("rapyd/WebhookPaymentCompleted.body.json", "rapyd", "notification", ("payment", "paid", "abcd12345678", "payment_cffe17e09504636e9d09b99bbc027272", "USD 100.00", "", "", [])),
    ("mercadopago/java_payment_boleto.json", "mercadopago", "payment", ("payment", "pending", "1677145242", "1311781516", "BRL 100.00", "test", "1036739580", [])),
    ("mercadopago/java_payment_pse.json", "mercadopago", "payment", ("payment", "pending", "", "111", "COP 5000.00", "test", "830082116", [])),
    ("mercadopago/java_payment_cancelled.json", "mercadopago", "payment", ("payment", "cancelled", "1631894348", "17014025134", "BRL 12.34", "production", "810882223", [])),
    ("ebanx/baloto_create_payment_response.json", "ebanx", "payment", ("payment", "pending", "27c251a65a854cfa74d052e66bdac8e8", "5925f3653b2c75e9ce7568d4f16c6d67648b8e92f7f05fa5", "USD 64.55", "", "", [])),
    ("ebanx/pagoefectivo_create_payment_response.json", "ebanx", "payment", ("payment", "pending", "5e37ce7c2f03c2dc1e3599e869ddc633", "59260f14654c5e69344fec4cd0e22fe1d9177a5898e3a3d3", "USD 113.21", "", "", [])),
    ("directa24/create_refund_response.json", "directa24", "refund", ("refund", "completed", "", "1000043", "BRL 100.00", "", "", [])),
    ("directa24/deposit_status_response.json", "directa24", "deposit", ("payment", "pending", "4-3368819155598657863", "300000001", None, "", "", [])),
    ("lyra-izipay/kr-answer_browser_sha256key.json", "izipay", "answer", ("payment", "paid", "", "c97b7e6f3dbc4c239baf283654f34710", "EUR 2.50", "test", "69876357", [])),
    ("lyra-izipay/kr-answer_escaped_slashes.json", "izipay", "answer", ("payment", "paid", "", "c97b7e6f3dbc4c239baf283654f34710", "EUR 2.50", "test", "69876357", [])),
    ("stripe/event_test_signature.json", "stripe", "notification", ("other", None, "", "cus_123", None, "test", "acct_123", [])),
    ("paddle/standard_payload.json", "paddle", "notification", ("other", None, "", "ctm_01hs0tqf76sxmp7ba5e4mw1sc8", None, "", "", [])),
    ("adyen/java_authorisation-true.json", "adyen", "notification", ("payment", "authorised", "8313842560770001", "123456789", "EUR 101.00", "test", "MagentoMerchantTest2", [])),
    ("adyen/java_capture-false.json", "adyen", "notification", ("payment", None, "00000001", "PSP_REFERENCE", "USD 236.23", "test", "MagentoMerchantTest2", [])),
    ("adyen/java_capture-true.json", "adyen", "notification", ("payment", "paid", "00000001", "PSP_REFERENCE", "USD 236.23", "test", "MagentoMerchantTest2", [])),
    ("adyen/java_refund-false.json", "adyen", "notification", ("refund", "failed", "payment-2017-1-17-11-refund", "PSP_REFERENCE", "EUR 15.00", "test", "MagentoMerchantTest2", [])),
    ("adyen/java_refund-true.json", "adyen", "notification", ("refund", "completed", "payment-2017-1-17-11-refund", "PSP_REFERENCE", "EUR 15.00", "test", "MagentoMerchantTest2", [])),
    ("adyen/py_backslash_notification.json", "adyen", "notification", ("payment", "authorised", "\\\\slashes are fun", "T7FD4VM4D3RZNN82", "EUR 10.00", "", "AntoniStroinski", [])),
    ("adyen/py_forwardslash_notification.json", "adyen", "notification", ("payment", "authorised", "//slashes are fun", "X3GWNS6KJ8NKGK82", "EUR 10.00", "", "AntoniStroinski", [])),
    ("adyen/smashpig_ipn_Cancellation.json", "adyen", "notification", ("payment", "cancelled", "12345.6", "YOUR_PSP_REFERENCE", "EUR 10.00", "test", "YOUR_MERCHANT_ACCOUNT", [])),
    ("adyen/smashpig_ipn_Capture.json", "adyen", "notification", ("payment", "paid", "12345.6", "YOUR_PSP_REFERENCE", "EUR 2.00", "test", "YOUR_MERCHANT_ACCOUNT", [])),
    ("adyen/smashpig_ipn_CaptureFailed.json", "adyen", "notification", ("payment", "rejected", "12345.6", "YOUR_PSP_REFERENCE", "EUR 10.00", "test", "YOUR_MERCHANT_ACCOUNT", [])),
    ("adyen/smashpig_ipn_Chargeback.json", "adyen", "notification", ("chargeback", None, "12345.6", "YOUR_PSP_REFERENCE", "EUR 2.00", "test", "YOUR_MERCHANT_ACCOUNT", [])),
    ("adyen/smashpig_ipn_ChargebackReversed.json", "adyen", "notification", ("chargeback", None, "12345.6", "YOUR_PSP_REFERENCE", "EUR 10.00", "test", "YOUR_MERCHANT_ACCOUNT", [])),
    ("adyen/smashpig_ipn_Refund.json", "adyen", "notification", ("refund", "completed", "23456.7", "YOUR_PSP_REFERENCE", "EUR 2.00", "test", "YOUR_MERCHANT_ACCOUNT", [])),
    ("adyen/smashpig_ipn_RefundedReversed.json", "adyen", "notification", ("refund", "failed", "12345.6", "YOUR_PSP_REFERENCE", "EUR 10.00", "test", "YOUR_MERCHANT_ACCOUNT", [])),
    ("adyen/smashpig_ipn_ReportAvailable.json", "adyen", "notification", ("report", None, "", "settlement_detail_report", None, "test", "YOUR_MERCHANT_ACCOUNT", [])),
]  # fmt: skip


def sample(file: str) -> Path:
    return places.data("gateways", *file.split("/"))


def told(event: Notification) -> tuple[Any, ...]:
    amount = None if event.amount is None else str(event.amount)
    faults = [fault for fault, _, _ in event.faults]
    return (event.kind, event.status, event.reference, event.gateway_id, amount, event.environment, event.merchant, faults)
