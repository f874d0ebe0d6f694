"""From HTTP to the REST API and back, with idempotency keys and the ordered faults in between."""

import json
import time

from tools.portone_sandbox import api
from tools.portone_sandbox.errors import ApiError
from tools.portone_sandbox.http_types import Dropped, Request, Response, json_response
from tools.portone_sandbox.idempotency import Answer
from tools.portone_sandbox.model import Json
from tools.portone_sandbox.sandbox import Sandbox

BAD_GATEWAY = Response(
    status=502,
    body=b"<html><head><title>502 Bad Gateway</title></head>"
    b"<body><center><h1>502 Bad Gateway</h1></center></body></html>",
    headers={"Content-Type": "text/html"},
)


def handle(sandbox: Sandbox, request: Request) -> Response:
    """Answer a REST call; raises Dropped when a fault says that no answer comes."""
    faults = sandbox.behaviour.faults
    time.sleep(faults.latency_ms / 1000)
    if sandbox.behaviour.use("bad_gateways"):
        return BAD_GATEWAY
    if sandbox.behaviour.use("timeouts"):
        if faults.timeout_after_work:
            _respond(sandbox, request)
        time.sleep(faults.timeout_seconds)
        raise Dropped
    return _respond(sandbox, request)


def _respond(sandbox: Sandbox, request: Request) -> Response:
    try:
        answer = sandbox.answers.once(
            header=request.headers.get("Idempotency-Key"),
            method=request.method,
            path=request.path,
            caller=request.headers.get("Authorization", ""),
            work=lambda: _work(sandbox, request),
        )
    except ApiError as error:
        return json_response(error.body, status=error.status)
    return Response(
        status=answer.status, body=answer.body, headers={"Content-Type": "application/json; charset=utf-8"}
    )


def _work(sandbox: Sandbox, request: Request) -> Answer:
    try:
        body = api.answer(
            sandbox,
            method=request.method,
            path=request.path,
            query=dict(request.query),
            body=_body(request),
            authorization=request.headers.get("Authorization", ""),
        )
        return Answer(200, json.dumps(body, ensure_ascii=False).encode())
    except ApiError as error:
        return Answer(error.status, json.dumps(error.body, ensure_ascii=False).encode())


def _body(request: Request) -> Json:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError as error:
        raise ApiError("INVALID_REQUEST", "요청 본문이 JSON이 아닙니다.") from error
    if not isinstance(body, dict):
        raise ApiError("INVALID_REQUEST", "요청 본문이 객체가 아닙니다.")
    return body
