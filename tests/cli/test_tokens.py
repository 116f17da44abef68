"""Commands on API tokens."""

from eventsvc.core.ids import token_kind


def test_a_token_is_made_listed_and_revoked(eventsvc):
    eventsvc("db", "upgrade")
    made = ("token", "create", "--role", "platform-admin", "--name", "first", "--quiet")
    token = eventsvc(*made).strip()
    assert token_kind(token) == "evt"
    line = eventsvc("token", "list").strip()
    assert token not in line
    assert "platform-admin" in line
    assert line.endswith("first")
    assert eventsvc("token", "revoke", line.split()[0]).strip() == "Revoked."
    assert "revoked" in eventsvc("token", "list")


def test_what_is_wrong_is_said_in_a_sentence(eventsvc):
    eventsvc("db", "upgrade")
    said = eventsvc("token", "create", "--role", "event-manager", "--name", "x", fails=True)
    assert "This role belongs to one organiser." in said
    wrong = ("token", "create", "--role", "event-manager", "--name", "x", "--organiser", "nobody")
    assert "No organiser has the slug 'nobody'" in eventsvc(*wrong, fails=True)
    assert "No token has this id" in eventsvc("token", "revoke", "x", fails=True)
