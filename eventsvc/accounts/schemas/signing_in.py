"""What the doors of signing in take and answer."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from eventsvc.accounts.policy import LONGEST, SHORTEST
from eventsvc.core.text import Answer, Body, Boolean, Choice, Email, Id, Query, Text

LONGEST_CODE = 12


def password_text(**options: Any) -> Text:
    """A password, read as every text is: in NFC, without white space around it."""
    described = {"format": "password", **options.pop("metadata", {})}
    return Text(max_length=LONGEST, required=True, metadata=described, **options)


class LoginBody(Body):
    """Who signs in."""

    email = Email(required=True)
    password = password_text()
    code = Text(
        max_length=LONGEST_CODE,
        metadata={"description": "Six digits of the second factor, where there is one"},
    )


class PasswordBody(Body):
    """A new password, and the present one as proof."""

    password = password_text(metadata={"description": "The present one"})
    new_password = password_text(metadata={"description": f"At least {SHORTEST} characters"})


class TotpBody(Body):
    """Without ``code`` a second factor is offered, with the code of it it counts from now on."""

    password = password_text(metadata={"description": "The present one"})
    code = Text(max_length=LONGEST_CODE, metadata={"description": "Six digits of the new factor"})


class TotpRemovalBody(Body):
    """The password as proof."""

    password = password_text(metadata={"description": "The present one"})


class TotpOut(Answer):
    """A second factor. ``secret`` and ``uri`` are shown while it is offered only."""

    state = Choice(("offered", "active"))
    secret = Text(allow_none=True, metadata={"secret": True, "description": "Base32 (RFC 6238)"})
    uri = Text(allow_none=True, metadata={"secret": True, "description": "For a QR code"})


class GrantOut(Answer):
    """A role and where it holds; all null: everywhere."""

    role = Text()
    organiser_id = Id(allow_none=True)
    series_id = Id(allow_none=True)
    event_id = Id(allow_none=True)


class MeOut(Answer):
    """Who asks, and what they can do."""

    kind = Choice(("account", "token"))
    name = Text()
    credential_id = Id()
    account_id = Id(allow_none=True, metadata={"description": "The person, also behind a token"})
    email = Text(allow_none=True, metadata={"description": "Of the person who signed in"})
    language = Text(allow_none=True)
    totp = Boolean(allow_none=True, metadata={"description": "Whether a second factor is on"})
    csrf_token = Text(
        allow_none=True, metadata={"secret": True, "description": "For X-CSRF-Token of a session"}
    )
    role = Text(allow_none=True, metadata={"description": "The highest"})
    scopes = fields.List(
        Text(), metadata={"description": "What the credential and its roles allow together"}
    )
    organiser_id = Id(
        allow_none=True, metadata={"description": "null: every or several organisers"}
    )
    series_id = Id(allow_none=True, metadata={"description": "null: every series"})
    event_id = Id(allow_none=True, metadata={"description": "null: every event"})
    grants = fields.List(fields.Nested(GrantOut))


class StartQuery(Query):
    """Where to go on after the sign-on."""

    next = Text(max_length=500, metadata={"description": "A path of this host; else `/`"})


class SignOnBody(Body):
    """Where to go on after the account is linked."""

    next = Text(max_length=500, metadata={"description": "A path of this host; else `/`"})


class SignOnOut(Answer):
    """Where the browser is to go."""

    location = Text(metadata={"description": "Address of the provider"})


class CallbackQuery(Query):
    """What providers add to the way back (OpenID Connect Core 1.0 §3.1.2.5, RFC 9207)."""

    code = Text(max_length=2000)
    state = Text(max_length=200)
    iss = Text(max_length=500)
    error = Text(max_length=200)
    error_description = Text(max_length=2000)
    error_uri = Text(max_length=2000)
    session_state = Text(max_length=500)
    scope = Text(max_length=2000)
    authuser = Text(max_length=200)
    hd = Text(max_length=300)
    prompt = Text(max_length=100)
