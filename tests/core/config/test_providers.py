"""Sign-on providers and foreign origins, as the operator lists them."""

from __future__ import annotations

import json

import pytest

from eventsvc.core.config import SettingRefused, load, read_providers

GOOD = {"issuer": "https://login.example.org", "client_id": "eventsvc", "client_secret": "s3cret"}


def test_a_provider_is_read():
    (found,) = read_providers(json.dumps({"example": {**GOOD, "title": "Example"}})).values()
    assert (found.name, found.issuer, found.link_by_email) == ("example", GOOD["issuer"], False)


@pytest.mark.parametrize(
    "given",
    [
        "not json s3cret",
        "[]",
        '{"example": "s3cret"}',
        json.dumps({"Example": GOOD}),
        json.dumps({"example": {**GOOD, "issuer": "http://login.example.org"}}),
        json.dumps({"example": {**GOOD, "issuer": "https://login.example.org?x=1"}}),
        json.dumps({"example": {**GOOD, "link_by_email": "yes"}}),
        json.dumps({"example": {**GOOD, "client_id": ""}}),
        json.dumps({"example": {**GOOD, "extra": "x"}}),
        json.dumps({"example": {"issuer": GOOD["issuer"]}}),
    ],
)
def test_a_wrong_list_is_refused_and_its_secrets_are_not_told(given):
    with pytest.raises(SettingRefused, match="OIDC_PROVIDERS") as refused:
        load({"EVENTSVC_OIDC_PROVIDERS": given})
    assert "s3cret" not in str(refused.value)


@pytest.mark.threat(31)
@pytest.mark.parametrize(
    "given", ["*", "https://www.example.org/", "www.example.org", "null", "ftp://x.org"]
)
def test_an_origin_is_a_whole_one(given):
    with pytest.raises(SettingRefused, match="CORS_ORIGINS"):
        load({"EVENTSVC_CORS_ORIGINS": given})
