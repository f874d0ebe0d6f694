"""Refusals of the API: each a status and a body that a program can act on."""

from typing import Any

from django.http import JsonResponse


class Problem(Exception):
    """A request that is not carried out; `again` seconds until it may be made once more, if at all."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str = "",
        again: int = 0,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.again = status, again
        kind = "rate_limit_exceeded" if status == 429 else "invalid_request"
        self.body: dict[str, Any] = {
            "type": "processing_error" if status >= 500 else kind,
            "code": code,
            "message": message,
        }
        if param:
            self.body["param"] = param
        self.body |= details

    @property
    def kept(self) -> bool:
        """Return whether the same request again would be refused the same way, so that the answer is kept."""
        return self.status < 500 and self.status not in (409, 429)

    def response(self) -> JsonResponse:
        """Return it as the protocol wants it."""
        response = JsonResponse(self.body, status=self.status)
        if self.again:
            response["Retry-After"] = str(self.again)
        return response
