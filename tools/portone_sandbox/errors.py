"""Refusals: `ApiError` is what the REST API answers, `WindowError` what the browser SDK throws."""

HTTP_STATUS = {
    "INVALID_REQUEST": 400,
    "INVALID_PAYMENT_TOKEN": 400,
    "MAX_TRANSACTION_COUNT_REACHED": 400,
    "MAX_WEBHOOK_RETRY_COUNT_REACHED": 400,
    "UNAUTHORIZED": 401,
    "FORBIDDEN": 403,
    "BILLING_KEY_NOT_FOUND": 404,
    "CASH_RECEIPT_NOT_FOUND": 404,
    "CASH_RECEIPT_NOT_ISSUED": 404,
    "CHANNEL_NOT_FOUND": 404,
    "PAYMENT_CANCELLATION_NOT_FOUND": 404,
    "PAYMENT_NOT_FOUND": 404,
    "WEBHOOK_NOT_FOUND": 404,
    "ALREADY_PAID": 409,
    "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN": 409,
    "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT": 409,
    "CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT": 409,
    "CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT": 409,
    "CASH_RECEIPT_ALREADY_ISSUED": 409,
    "IDEMPOTENCY_OUTSTANDING_REQUEST": 409,
    "INFORMATION_MISMATCH": 409,
    "PAYMENT_ALREADY_CANCELLED": 409,
    "PAYMENT_CANCELLATION_NOT_PENDING": 409,
    "PAYMENT_NOT_PAID": 409,
    "PAYMENT_NOT_WAITING_FOR_DEPOSIT": 409,
    "SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT": 409,
    "PG_PROVIDER": 502,
}


class ApiError(Exception):
    """A structured refusal: `{"type", "message"}` under the HTTP status that PortOne uses for it."""

    def __init__(self, type: str, message: str, **details: str) -> None:
        super().__init__(message)
        self.type = type
        self.status = HTTP_STATUS[type]
        self.body: dict[str, str] = {"type": type, "message": message, **details}


class WindowError(Exception):
    """The payment window did not open: `{code, message}` for the browser SDK to throw."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
