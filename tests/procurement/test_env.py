"""Settings that cannot be understood stop the start with one line that says which, and repeats no secret."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from procurement.env import ConfigurationError, StrictEnv
from tests.procurement.commands import SECRET_KEY, manage, production, run

PASSWORD = "hunter2-the-password"


def test_production_starts_with_what_the_documents_call_required(tmp_path: Path) -> None:
    done = manage(production(tmp_path), "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


REFUSED = {
    "SECRET_KEY missing": ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    "SECRET_KEY blank": ({"SECRET_KEY": "   "}, "SECRET_KEY is not set"),
    "CREDENTIAL_KEYS missing": ({"CREDENTIAL_KEYS": ""}, "python -m procurement.newkey"),
    "DEBUG unknown": ({"DEBUG": "maybe"}, "DEBUG must be true or false, not 'maybe'"),
    "DEBUG empty": ({"DEBUG": ""}, "DEBUG must be true or false"),
    "HTTPS unknown": ({"HTTPS": "2"}, "HTTPS must be true or false, not '2'"),
    "BEHIND_PROXY unknown": ({"BEHIND_PROXY": "nginx"}, "BEHIND_PROXY must be true or false"),
    "integer in words": ({"CALL_LEASE_SECONDS": "sixty"}, "CALL_LEASE_SECONDS must be a whole number of at least 2"),
    "integer too small": ({"CALL_LEASE_SECONDS": "1"}, "at least 2, not '1'"),
    "integer negative": ({"CALL_WINDOW_SECONDS": "-60"}, "at least 1, not '-60'"),
    "integer with a fraction": ({"CALL_WINDOW_SECONDS": "0.5"}, "CALL_WINDOW_SECONDS must be a whole number"),
    "integer too large": (
        {"RETENTION_RESULTS_DAYS": "36501"},
        "RETENTION_RESULTS_DAYS must be a whole number of at most",
    ),
    "days negative": (
        {"RETENTION_ORIGINALS_DAYS": "-1"},
        "RETENTION_ORIGINALS_DAYS must be a whole number of at least 0",
    ),
    "database port in words": (
        {"DATABASE_URL": f"postgres://tongkuan:{PASSWORD}@database:port/tongkuan"},
        "DATABASE_URL is not the address of a PostgreSQL or SQLite database",
    ),
    "no database": ({"DATABASE_URL": PASSWORD}, "DATABASE_URL is not the address"),
    "database of another kind": ({"DATABASE_URL": f"mysql://tongkuan:{PASSWORD}@database/tongkuan"}, "DATABASE_URL"),
    "database empty": ({"DATABASE_URL": ""}, "DATABASE_URL is not the address"),
    "integer with two signs": ({"CALL_LEASE_SECONDS": "--5"}, "CALL_LEASE_SECONDS must be a whole number"),
    "integer in other digits": ({"CALL_LEASE_SECONDS": "²"}, "CALL_LEASE_SECONDS must be a whole number"),
    "key that is none": ({"CREDENTIAL_KEYS": PASSWORD}, "CREDENTIAL_KEYS: number 1 is not a Fernet key"),
    "second key that is none": (
        {"CREDENTIAL_KEYS": f"{Fernet.generate_key().decode()},{PASSWORD}"},
        "CREDENTIAL_KEYS: number 2 is not a Fernet key",
    ),
    "keys that are empty": ({"CREDENTIAL_KEYS": ","}, "CREDENTIAL_KEYS: number 1 is not a Fernet key"),
    "Valkey's address without a scheme": ({"REDIS_URL": PASSWORD}, "REDIS_URL must be redis://"),
    "Valkey's port in words": ({"REDIS_URL": f"redis://:{PASSWORD}@valkey:port/0"}, "REDIS_URL must be redis://"),
    "unknown time zone": ({"TIME_ZONE": "Mars/Base"}, "TIME_ZONE must be a time zone such as Asia/Shanghai"),
    "bucket that is an address": ({"S3_BUCKET": "https://s3.example/photos"}, "S3_BUCKET must be the name of a bucket"),
    "bucket's server without a bucket": ({"S3_ENDPOINT": "https://s3.example"}, "S3_BUCKET is not set"),
    "bucket's server that is no address": (
        {"S3_BUCKET": "photos", "S3_ENDPOINT": "s3.example"},
        "S3_ENDPOINT must be an address",
    ),
    "bucket's key without its secret": (
        {"S3_BUCKET": "photos", "S3_ACCESS_KEY": PASSWORD},
        "S3_ACCESS_KEY and S3_SECRET_KEY go together",
    ),
    "bucket's secret without its key": ({"S3_BUCKET": "photos", "S3_SECRET_KEY": PASSWORD}, "go together"),
    "unknown way to name a bucket": ({"S3_ADDRESSING": "dns"}, "S3_ADDRESSING must be one of auto, path, virtual"),
    "unknown log level": ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'"),
}


@pytest.mark.parametrize(("changes", "said"), REFUSED.values(), ids=REFUSED)
def test_a_setting_that_cannot_be_understood_is_one_line(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    done = manage(production(tmp_path, **changes), "check")
    assert done.returncode != 0
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("tongkuan: ")
    assert said in line
    assert PASSWORD not in line
    assert SECRET_KEY not in line


@pytest.mark.parametrize("name", ["SECRET_KEY", "CREDENTIAL_KEYS"])
def test_a_secret_that_is_not_there_at_all_is_missed_too(tmp_path: Path, name: str) -> None:
    environment = production(tmp_path)
    del environment[name]
    done = manage(environment, "check")
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"tongkuan: {name} is not set.")


def test_a_key_can_be_made_before_there_are_settings(tmp_path: Path) -> None:
    """What the message about missing CREDENTIAL_KEYS tells to do must not ask for them."""
    environment = production(tmp_path)
    made = run(["python", "-m", "procurement.newkey"], {"PATH": environment["PATH"]})
    assert (made.returncode, made.stderr) == (0, "")
    key = made.stdout.strip()
    assert Fernet(key).decrypt(Fernet(key).encrypt(b"secret")) == b"secret"
    assert manage(environment | {"CREDENTIAL_KEYS": key}, "check").returncode == 0


def test_a_secret_is_taken_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dollar sign in front is part of it, and names no other variable."""
    monkeypatch.setenv("A_SECRET", "$HOME of secrets")
    assert StrictEnv().secret("A_SECRET", hint="") == "$HOME of secrets"


def test_an_empty_folder_is_not_the_current_one(tmp_path: Path) -> None:
    done = manage(production(tmp_path, STATIC_ROOT="", MEDIA_ROOT=""), "check")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_bucket_is_enough_to_keep_pictures_in(tmp_path: Path) -> None:
    """Without keys the machine's own role counts."""
    for changes in ({"S3_BUCKET": "photos"}, {"S3_BUCKET": "photos", "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": PASSWORD}):
        done = manage(production(tmp_path, **changes), "check", "--deploy", "--fail-level", "WARNING")
        assert (done.returncode, done.stderr) == (0, "")


def test_only_debugging_has_a_secret_key_of_its_own(tmp_path: Path) -> None:
    environment = production(tmp_path, DEBUG="true")
    del environment["SECRET_KEY"]
    assert manage(environment, "check").returncode == 0


@pytest.mark.parametrize("text", ["true", "True", "YES", " on ", "1"])
def test_words_for_true(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CHOICE", text)
    assert StrictEnv().boolean("CHOICE", default=False) is True


@pytest.mark.parametrize("text", ["false", "False", "NO", " off ", "0"])
def test_words_for_false(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CHOICE", text)
    assert StrictEnv().boolean("CHOICE", default=True) is False


@pytest.mark.parametrize("text", ["", "2", "ja", "none", "truee"])
def test_other_words_are_not_guessed_at(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CHOICE", text)
    with pytest.raises(ConfigurationError, match="CHOICE must be true or false"):
        StrictEnv().boolean("CHOICE", default=True)


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAMES", " portal.example, ,.portal.example,")
    assert StrictEnv().words("NAMES") == ["portal.example", ".portal.example"]
