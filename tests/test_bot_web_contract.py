"""The API keeps to its OpenAPI document, whatever is sent to it: no 5xx, nothing undescribed."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from web_server import serving

from bot.web.api import examples

BOUNDED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
RULED = {"mark", "classify"}
"""Calls that may refuse well-formed input: it means nothing, or a checklist forbids it."""
WRONG_HOST = 421
TOO_LARGE = 413
KNOWN = ("nothing", "\u6ca1\u6709")


@pytest.fixture(scope="module")
def contract(live, tmp_path_factory):
    """The document of a running server."""
    with serving(tmp_path_factory.mktemp("contract"), live) as server, server.client() as client:
        begun = client.post("/api/checklists/runs", json={"checklist": "checklist.campaign"})
        document = client.get("/api/openapi.json").json()
        # Ids made up lead nowhere: one that is there is among them.
        for path, methods in document["paths"].items():
            there = begun.json()["id"] if "runs" in path else "role.brand"
            for call in methods.values():
                for parameter in call.get("parameters", ()):
                    if parameter["name"] == "id":
                        parameter["schema"] = {"enum": [there, *KNOWN]}
        schema = schemathesis.openapi.from_dict(document)
        schema.config.update(base_url=server.url)
        yield schema


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize("call", examples.all_of_them())
def test_api_keeps_to_its_document(contract, call, mode):
    """Right or wrong input, every answer has a status and a body that the document describes."""
    operation = contract.find_operation_by_id(call)
    without = [ignored_auth, *([positive_data_acceptance] if call in RULED else [])]

    @given(case=operation.as_strategy(generation_mode=mode))
    @BOUNDED
    def holds(case):
        response = case.call()
        if response.status_code in (WRONG_HOST, TOO_LARGE):
            return  # a made-up Host header, a vast body: refused before the call is looked at
        case.validate_response(response, excluded_checks=without)

    holds()
