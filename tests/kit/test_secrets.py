"""Secrets at rest: sealed, bound to one key, and the key is made once."""

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from yingke.kit.secrets import SealBroken, Secrets, ensure_key_file, token, token_hash
from yingke.kit.settings import Settings


def test_what_was_sealed_opens_again() -> None:
    secrets = Secrets(os.urandom(32))
    for value in (b"", b"\0" * 1000, "密钥 🔑".encode()):
        assert secrets.open(secrets.seal(value)) == value
    assert secrets.open(secrets.seal("文字")) == "文字".encode()


def test_the_same_secret_never_looks_the_same() -> None:
    secrets = Secrets(os.urandom(32))
    sealed = {secrets.seal("password") for _ in range(100)}
    assert len(sealed) == 100
    assert not any(b"password" in one for one in sealed)


def test_a_changed_byte_or_another_key_opens_nothing() -> None:
    secrets = Secrets(os.urandom(32))
    sealed = secrets.seal("password")
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(SealBroken):
            secrets.open(bytes(broken))
    for wrong in (b"", sealed[:5], sealed[:-1]):
        with pytest.raises(SealBroken):
            secrets.open(wrong)
    with pytest.raises(SealBroken):
        Secrets(os.urandom(32)).open(sealed)


def test_a_signature_holds_for_its_purpose_and_value_alone() -> None:
    secrets = Secrets(b"k" * 32)
    mark = secrets.sign("csrf", "session 1")
    assert secrets.is_signed("csrf", "session 1", mark)
    assert not secrets.is_signed("csrf", "session 2", mark)
    assert not secrets.is_signed("device", "session 1", mark)
    assert not secrets.is_signed("csrf", "session 1", mark[:-1])
    assert not secrets.is_signed("csrf", "session 1", "密")
    assert not Secrets(b"j" * 32).is_signed("csrf", "session 1", mark)


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: ensure_key_file(path), range(32)))
    assert len(keys) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["secret.key"]


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    mine = base64.b64encode(b"m" * 32).decode()
    sealed = Secrets.load(Settings(data_dir=tmp_path, secret_key=mine)).seal("x")
    assert not (tmp_path / "secret.key").exists()
    assert Secrets(b"m" * 32).open(sealed) == b"x"
    first = Secrets.load(Settings(data_dir=tmp_path)).seal("y")
    assert Secrets.load(Settings(data_dir=tmp_path)).open(first) == b"y"


@pytest.mark.parametrize("key", ["short", base64.b64encode(b"k" * 31).decode(), "密" * 44])
def test_a_key_that_is_none_is_named(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="YINGKE_SECRET_KEY"):
        Secrets.load(Settings(data_dir=tmp_path, secret_key=key))


def test_tokens_are_long_and_stored_as_hashes() -> None:
    tokens = {token("yk_") for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(one.startswith("yk_") and len(one) >= 46 for one in tokens)
    assert len(token_hash(next(iter(tokens)))) == 32
    assert len(token_hash("\ud800")) == 32
