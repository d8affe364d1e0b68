"""A wrong or misspelt setting stops the start with one line that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.errors import HouseError, database_url_named
from hotline.serving import ServeError, address
from hotline.settings import ROOMS, SettingsError, environment, load, names, table
from tools.database import Database
from tools.seed import qa_table

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_set_is_the_embedded_default() -> None:
    settings = load({})
    assert settings.tools.database_url.startswith("sqlite")
    assert settings.gemini.described.startswith("the Gemini Live emulator")
    assert address(settings) == ("127.0.0.1", 8080)


def test_with_signatures_it_listens_everywhere() -> None:
    settings = load({"TWILIO_AUTH_TOKEN": "t" * 32, "PHONE_PUBLIC_URL": "https://h.example"})
    assert address(settings)[0] == "0.0.0.0"  # noqa: S104


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "myra.example"])  # noqa: S104
def test_without_signatures_no_address_beyond_this_machine_is_taken(host: str) -> None:
    with pytest.raises(ServeError, match=r"HOTLINE_HOST=.*TWILIO_AUTH_TOKEN"):
        address(load({"HOTLINE_HOST": host}))


@pytest.mark.parametrize("host", ["::1", "localhost", "127.0.0.2"])
def test_loopback_needs_no_signatures(host: str) -> None:
    assert address(load({"HOTLINE_HOST": host}))[0] == host


def test_what_others_set_under_a_shared_prefix_is_let_be() -> None:
    load({"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "s", "TWILIO_PROFILE": "p"})


@pytest.mark.parametrize(
    "url", [":::", "mysql://u:hush@h/x", "postgresql://u:hush@h:port/x", "sqlite:////proc/no/x.db"]
)
def test_a_database_url_that_leads_nowhere_is_one_line(url: str) -> None:
    with pytest.raises(HouseError, match="DATABASE_URL") as error, database_url_named():
        Database(url)
    assert "\n" not in str(error.value)
    assert "hush" not in str(error.value)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PHONE_MAX_CALS": "3"}, "PHONE_MAX_CALS: no such setting; did you mean PHONE_MAX_CALLS?"),
        ({"PHONE_MAX_CALLS": "many"}, "PHONE_MAX_CALLS: "),
        ({"HOTLINE_PORT": "70000"}, "HOTLINE_PORT: "),
        ({"HOTLINE_LOG_LEVEL": "loud"}, "HOTLINE_LOG_LEVEL: "),
        ({"GEMINI_INPUT_RATE": "11025"}, "GEMINI_INPUT_RATE: "),
        ({"TWILIO_AUTH_TOKEN": "x"}, "PHONE_PUBLIC_URL: "),
        ({"TWILIO_AUTH_TOKN": "x"}, "TWILIO_AUTH_TOKN: no such setting; did you mean"),
        ({"DATABASE_ULR": "x"}, "DATABASE_ULR: no such setting; did you mean DATABASE_URL?"),
        ({"GOOGLE_CLOUD_PROJET": "x"}, "GOOGLE_CLOUD_PROJET: no such setting; did you mean"),
        ({"OTEL_EXPORTER_OTLP_ENDPONT": "x"}, "OTEL_EXPORTER_OTLP_ENDPONT: no such setting"),
        ({"TWILIO_ACCOUNT_SID": "AC12"}, "TWILIO_ACCOUNT_SID: "),
        ({"TALK_TURN_TAKING": "both"}, "TALK_TURN_TAKING: "),
        ({"TALK_CONFIRM_MS": "10"}, "TALK_*: "),
        ({"MAIL_FROM": "nobody"}, "MAIL_FROM: "),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(environ)
    assert str(error.value).startswith(named)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "name",
    [
        "TWILIO_API_KEY",
        "TWILIO_API_SECRET",
        "DATABASE_HOST",
        "DATABASE_USER",
        "GOOGLE_CLOUD_PROJECT_ID",
        "GOOGLE_CLOUD_QUOTA_PROJECT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
        "OTEL_SERVICE_NAMESPACE",
        "OTEL_RESOURCE_ATTRIBUTES",
    ],
)
def test_what_others_are_set_by_is_none_of_ours(name: str) -> None:
    load({name: "x"})


@pytest.mark.parametrize("url", ["nonsense", "https://demo.example.com/demo", "ftp://a.example"])
def test_a_wrong_address_of_the_demo_is_told_by_an_example(url: str) -> None:
    with pytest.raises(SettingsError, match=r"WEB_PUBLIC_URL: looks like https://demo"):
        load({"WEB_PUBLIC_URL": url})


def test_a_secret_is_never_in_the_message() -> None:
    with pytest.raises(SettingsError) as error:
        load({"TWILIO_API_KEY_SECRET": "hushhush"})
    assert "hushhush" not in str(error.value)


def test_one_variable_means_the_same_to_every_room() -> None:
    settings = load({"GEMINI_INPUT_RATE": "8000", "PHONE_TRANSFER_NUMBER": "+14155550100"})
    assert settings.phone.input_rate == settings.gemini.input_rate == 8000
    assert settings.phone.transfer_number == settings.tools.transfer_number == "+14155550100"


def test_what_is_kept_follows_the_data_folder() -> None:
    settings = load({"HOTLINE_DATA_FOLDER": "/srv/myra"})
    assert settings.tools.database_url == "sqlite:////srv/myra/hotline.db"
    assert settings.outbox.folder == Path("/srv/myra/outbox")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("HOTLINE_PORT=1\nGEMINI_VOICE=Puck\n")
    assert environment({"HOTLINE_PORT": "2"}, dotenv) == {
        "HOTLINE_PORT": "2",
        "GEMINI_VOICE": "Puck",
    }


def test_secrets_come_from_a_folder_as_a_cluster_mounts_it(tmp_path: Path) -> None:
    """Beside the links that are meant there stand hidden ones of the mount's own."""
    version = tmp_path / "..2026_11_23"
    version.mkdir()
    (version / "MAIL_PASSWORD").write_text("of a file\n")
    (version / "DATABASE_URL").write_text("postgresql://h/d")
    (tmp_path / "..data").symlink_to(version.name)
    for name in ("MAIL_PASSWORD", "DATABASE_URL"):
        (tmp_path / name).symlink_to(f"..data/{name}")
    given = {
        "HOTLINE_SECRETS_FOLDER": str(tmp_path),
        "DATABASE_URL": "postgresql://wins/d",
        "MAIL_USERNAME": "hotline",
    }
    settings = load(environment(given, tmp_path / ".env"))
    assert settings.mail.password.get_secret_value() == "of a file"
    assert settings.tools.database_url == "postgresql://wins/d"


def test_a_secret_that_is_no_setting_or_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    given = {"HOTLINE_SECRETS_FOLDER": str(tmp_path)}
    (tmp_path / "MAIL_PASWORD").write_text("x")
    with pytest.raises(SettingsError, match="did you mean MAIL_PASSWORD"):
        load(environment(given, tmp_path / ".env"))
    (tmp_path / "MAIL_PASWORD").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match=r"HOTLINE_SECRETS_FOLDER=.*no text"):
        environment(given, tmp_path / ".env")
    with pytest.raises(SettingsError, match=r"HOTLINE_SECRETS_FOLDER=.*No such file"):
        environment({"HOTLINE_SECRETS_FOLDER": str(tmp_path / "none")}, tmp_path / ".env")


def test_every_setting_says_what_it_means() -> None:
    silent = [
        env
        for _, prefix, model in ROOMS
        for env, field in names(prefix, model).items()
        if not model.model_fields[field].description
    ]
    assert not silent


def test_the_documents_are_what_the_program_says() -> None:
    """docs/configuration.md and docs/demo-bookings.md hold ``hotline settings``, ``bookings``."""
    assert "\n".join(table()) in (ROOT / "docs/configuration.md").read_text()
    assert qa_table() in (ROOT / "docs/demo-bookings.md").read_text()
