"""docs/openapi.json is complete and true: schemathesis asks the server what it says, and what it says is wrong."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, Response
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation

from anonmsg.intake import calls, decode
from anonmsg.settings import ROOT
from anonmsg.views.public import PATHS, SHORT
from tests.support.client import Client
from tests.support.faults import locked
from tests.support.server import LiveServer
from tests.support.stage import Stage
from tests.support.website import Website

DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
CONFIG = SchemathesisConfig.from_dict({"generation": {"allow-x00": True}})
API = schemathesis.openapi.from_dict(DOCUMENT, config=CONFIG)
load_all_checks()
SCHEMAS = DOCUMENT["components"]["schemas"]

BATCHES = ("/v1/batch", "/v1/b")
BEYOND_64_BITS = re.compile(r"\d{19}")
"""An integer that JSON Schema cannot tell from a float of its size, which is fine."""


@pytest.fixture(scope="module")
def site_key(server: LiveServer) -> str:
    return Stage.set(server, Website(), "alice@shop.example").site_key


@API.exclude(path_regex="^/v1/[itpsga]$").parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_server_does_what_the_document_says(case: Case[Any], server: LiveServer, site_key: str) -> None:
    response = case.call(base_url=server.url, auth=(site_key, ""))
    validate(case, response, without=inapplicable(case))
    if case.path in BATCHES and response.status_code == 200:
        assert bool(response.json()["rejected"]) == has_wrong_calls(case)


def validate(case: Case[Any], response: Response, without: list[str]) -> None:
    excluded: Any = CHECKS.get_by_names(without)
    case.validate_response(response, excluded_checks=excluded)


def inapplicable(case: Case[Any]) -> list[str]:
    """A batch with wrong calls in it is taken, without them."""
    names = ["negative_data_rejection"] if case.path in BATCHES else []
    return names + (["positive_data_acceptance"] if BEYOND_64_BITS.search(str(case.body)) else [])


def has_wrong_calls(case: Case[Any]) -> bool:
    """Whether its body was made to be wrong; the examples, of which nothing is noted, are right."""
    body = case.meta.components.get(ParameterLocation.BODY) if case.meta else None
    return body is not None and body.mode.is_negative


def correct(path: str, **options: Any) -> Case[Any]:
    """A request with the document's own example."""
    operation = API[path]["POST"]
    (body,) = operation.body
    return operation.Case(body=body.definition["example"], media_type="application/json", **options)


REFUSALS: dict[int, dict[str, Any]] = {
    401: {"headers": {"Authorization": "Basic Og=="}},
    413: {"data": b" " * (decode.BATCH_BYTES + 1)},
    415: {"headers": {"Content-Encoding": "br"}},
}


@pytest.mark.parametrize("status", REFUSALS)
def test_each_refusal_is_as_documented(server: LiveServer, site_key: str, status: int) -> None:
    for path in set(PATHS) - {"/v1/m"}:
        case = correct(path)
        auth = None if status == 401 else (site_key, "")
        response = case.call(base_url=server.url, auth=auth, **REFUSALS[status])
        assert response.status_code == status
        validate(case, response, without=["positive_data_acceptance"])


@pytest.mark.parametrize("path", ["/v1/t", "/v1/batch"])
def test_being_put_off_is_as_documented(server: LiveServer, site_key: str, path: str) -> None:
    case = correct(path)
    with locked(server.database_url):
        response = case.call(base_url=server.url, auth=(site_key, ""))
    assert response.status_code == 503
    validate(case, response, without=["not_a_server_error"])


def test_it_has_every_path_there_is() -> None:
    """Short paths are the same as their long ones, which spares asking both everything."""
    assert set(DOCUMENT["paths"]) == set(PATHS)
    for short, long in SHORT.items():
        assert DOCUMENT["paths"][f"/v1/{short}"] == DOCUMENT["paths"][f"/v1/{long}"]


@pytest.mark.parametrize("type", calls.TYPES)
def test_it_names_the_fields_that_are_read(type: str) -> None:
    own, common = SCHEMAS[type.title()]["allOf"][1], SCHEMAS["Common"]
    fields = msgspec.structs.fields(calls.TYPES[type])
    documented = {**common["properties"], **own["properties"]}

    assert set(documented) == {field.encode_name for field in fields} | {"writeKey", "sentAt"}
    assert own.get("required", []) == [field.encode_name for field in fields if field.required]


def test_it_names_the_limits() -> None:
    assert SCHEMAS["Batch"]["properties"]["batch"]["maxItems"] == decode.BATCH_CALLS
    (_, longest) = get_args(calls.Id)
    assert set(re.findall('"maxLength": ([0-9]+)', json.dumps(DOCUMENT))) == {str(longest.max_length)}


def test_it_is_served_to_everybody(stranger: Client) -> None:
    answer = stranger.get("/v1/openapi.json", headers={"Origin": "https://tools.example"})

    assert answer.json == DOCUMENT
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
