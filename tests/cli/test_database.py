"""Commands on the database: migrate, seed, check."""


def test_up_check_down(eventsvc):
    eventsvc("db", "upgrade")
    eventsvc("db", "check")
    eventsvc("db", "downgrade", "base")
    assert "Error" in eventsvc("db", "check", fails=True)
    eventsvc("db", "upgrade")
    eventsvc("db", "check")


def test_seed_invariants_and_doctor(eventsvc):
    eventsvc("db", "upgrade")
    first = eventsvc("seed", "--without-synthetic")
    assert first.startswith("3 series, 12 events, 84 organisations and initiatives, 36 persons")
    assert eventsvc("seed", "--without-synthetic") == first
    assert eventsvc("invariants").strip() == "All hold."
    assert "SILENT" in eventsvc("doctor", fails=True)


def test_a_refused_setting_is_one_sentence(eventsvc):
    said = eventsvc("db", "upgrade", fails=True, MAIL_URL="null://")
    assert said.startswith("Error: EVENTSVC_MAIL_URL must begin with one of smtp://")
    assert "Traceback" not in said


def test_settings_are_shown_masked_and_as_a_table(eventsvc):
    secret = "x7Q9v2Lm4Rt8Yp1Wc6Bn3Hd5Jf0GsKz"
    assert secret not in eventsvc("config", "check", SECRET_KEY=secret)
    assert eventsvc("config", "table").startswith("| setting | default | meaning |")


def test_help_teaches(eventsvc):
    said = eventsvc("--help")
    assert "To try it:" in said
    for command in (
        "up",
        "web",
        "runner",
        "db",
        "seed",
        "token",
        "config",
        "mailbox",
        "invariants",
    ):
        assert command in said
