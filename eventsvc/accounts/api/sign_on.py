"""Doors: single sign-on with the providers that the operator lists (security rows 12, 13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from flask import Response
from sqlalchemy.orm import Session

from eventsvc.accounts import actions
from eventsvc.accounts.api.signing_in import sign_in
from eventsvc.accounts.policy import local_path
from eventsvc.accounts.schemas.signing_in import CallbackQuery, SignOnBody, SignOnOut, StartQuery
from eventsvc.core import clock, config, oidc
from eventsvc.core.config import Provider
from eventsvc.core.errors import NotFound, Unauthenticated
from eventsvc.core.http import SESSION, Door, actor, flow_cookie, forget_flow, needs, set_flow

log = structlog.get_logger(__name__)

REFUSED = "The sign-on did not work. Start again."
sign_on = Door(
    "sign-on",
    __name__,
    url_prefix="/api/v1/auth/oidc/<provider>",
    description="Single sign-on by OpenID Connect",
)


@dataclass(frozen=True)
class SetOut:
    """Where to send the browser, and what its cookie keeps."""

    address: str
    flow: str


def _provider(name: str) -> Provider:
    found = config.read_providers(config.current().oidc_providers).get(name)
    if found is None:
        raise NotFound
    return found


def _callback(provider: Provider) -> str:
    return f"{config.current().base_url}/api/v1/auth/oidc/{provider.name}/callback"


def _set_out(provider: str, query: dict[str, Any]) -> SetOut:
    known = _provider(provider)
    then = local_path(query.get("next"))
    return SetOut(*oidc.set_out(known, callback=_callback(known), then=then))


@sign_on.get("/start")
@needs(None, limit="login")
@sign_on.query(StartQuery)
@sign_on.before(_set_out)
@sign_on.writes(302)
def start_sign_on(
    _session: Session, _query: dict[str, Any], out: SetOut, provider: str
) -> Response:
    """Send the browser to the provider; ``next`` is a path of this host."""
    del provider
    set_flow(out.flow)
    return _sent(out.address)


def _set_out_to_link(provider: str, body: dict[str, Any]) -> SetOut:
    known = _provider(provider)
    told = {"callback": _callback(known), "then": local_path(body.get("next"))}
    return SetOut(*oidc.set_out(known, account_id=actor().account_id, **told))


@sign_on.post("/link")
@needs(SESSION)
@sign_on.body(SignOnBody)
@sign_on.before(_set_out_to_link)
@sign_on.writes(200, SignOnOut, computed=True)
def link_sign_on(
    _session: Session, _body: dict[str, Any], out: SetOut, provider: str
) -> dict[str, str]:
    """Begin to link the provider to the own account: open ``location`` in this browser."""
    del provider
    set_flow(out.flow)
    return {"location": out.address}


def _come_back(provider: str, query: dict[str, Any]) -> tuple[oidc.Person, oidc.Flow]:
    known = _provider(provider)
    try:
        return oidc.come_back(known, flow_cookie(), callback=_callback(known), query=query)
    except oidc.SignOnRefused as refused:
        log.warning("sign_on.refused", provider=known.name, reason=str(refused))
        raise Unauthenticated(REFUSED) from None


@sign_on.get("/callback")
@needs(None, limit="login")
@sign_on.query(CallbackQuery)
@sign_on.before(_come_back)
@sign_on.writes(302)
def end_sign_on(
    session: Session,
    _query: dict[str, Any],
    came: tuple[oidc.Person, oidc.Flow],
    provider: str,
) -> Response:
    """Come back from the provider: sign in whom issuer and subject name, and go on."""
    person, flow = came
    by_email = person.email if _provider(provider).link_by_email else None
    account = actions.known_person(
        session, person.issuer, person.subject, link_to=flow.account_id, email=by_email,
        now=clock.now(session),
    )  # fmt: skip
    sign_in(session, account)
    forget_flow()
    return _sent(flow.next)


def _sent(address: str) -> Response:
    """A redirect; ``address`` is the provider's, or a path that :func:`local_path` let through."""
    return Response(status=302, headers={"Location": address})
