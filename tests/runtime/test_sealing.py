"""Secret fields of states: several keys, one that seals, and texts that open only where they belong."""

import base64
import hashlib
import hmac

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from weirflow import StateError
from weirflow.kube.resources import SECRET, STATE_KEYS_SECRET
from weirflow.kube.state_keys import LEGACY, StateKeys, first_keys, key_id_of, read_keys, with_new_key
from weirflow.runtime.link_key import sealing_key
from weirflow.runtime.sealing import MissingKey, Sealer
from weirflow.state_codec import is_sealed

LINK_KEY = b"l" * 32
NODE = "p.m.vault-n1"


def secret(data: dict[str, str]) -> StateKeys:
    return read_keys(SECRET.new(STATE_KEYS_SECRET, data=data))


def sealer(data: dict[str, str]) -> Sealer:
    return Sealer(sealing_key(LINK_KEY), secret(data))


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


OLD = with_new_key({}, "old")
BOTH = with_new_key(OLD, "new")


@given(st.binary(max_size=300))
def test_what_is_sealed_comes_back(plain: bytes) -> None:
    one = sealer(OLD)
    sealed = one.seal(plain, NODE, "pin")
    assert one.unseal(sealed, NODE, "pin") == plain
    assert is_sealed(sealed)
    assert sealed.startswith("sealed:old:")


def test_a_text_opens_only_for_its_node_and_field_and_as_it_was() -> None:
    one = sealer(OLD)
    sealed = one.seal(b"1234", NODE, "pin")
    for node, field in ((NODE + "x", "pin"), (NODE, "pin2"), (NODE + "\0pin", "")):
        with pytest.raises(StateError, match="was not sealed for this field"):
            one.unseal(sealed, node, field)
    body = sealed.rpartition(":")[2]
    for spoiled in ("1234", "", "sealed:old:", f"sealed:old:{body[:-4]}", f"sealed:old:A{body[1:]}", "sealed:old:é"):
        with pytest.raises(StateError):
            one.unseal(spoiled, NODE, "pin")
    assert one.seal(b"1234", NODE, "pin") != sealed


def test_the_primary_seals_and_all_open() -> None:
    before, after = sealer(OLD), sealer(BOTH)
    sealed = before.seal(b"1234", NODE, "pin")
    assert before.is_current(sealed)
    assert not after.is_current(sealed)
    assert after.unseal(sealed, NODE, "pin") == b"1234"
    again = after.seal(b"1234", NODE, "pin")
    assert key_id_of(again) == "new"
    with pytest.raises(MissingKey, match="'new'"):
        before.unseal(again, NODE, "pin")


def test_two_keys_with_one_id_are_still_two() -> None:
    other = sealer(with_new_key({}, "old"))
    with pytest.raises(StateError):
        other.unseal(sealer(OLD).seal(b"1234", NODE, "pin"), NODE, "pin")


def test_texts_from_before_keys_had_ids_stay_readable_and_are_not_current() -> None:
    derived = hmac.new(LINK_KEY, b"weirflow state sealing", hashlib.sha256).digest()
    old = Fernet(base64.urlsafe_b64encode(derived)).encrypt(b"1234").decode()
    assert is_sealed(old)
    assert key_id_of(old) == LEGACY
    for one in (sealer(OLD), Sealer(sealing_key(LINK_KEY))):
        assert one.unseal(old, NODE, "pin") == b"1234"
        assert not one.is_current(old)
    with pytest.raises(MissingKey, match="weirflow-link"):
        Sealer(sealing_key(b"x" * 32)).unseal(old, NODE, "pin")


def test_without_a_key_nothing_is_sealed() -> None:
    with pytest.raises(MissingKey, match="weirflow-state-keys is missing"):
        Sealer(sealing_key(LINK_KEY)).seal(b"1234", NODE, "pin")


def test_the_secret_is_read_as_far_as_it_makes_sense() -> None:
    assert read_keys(None) == StateKeys()
    keys = secret({**BOTH, "short": encoded(b"x"), "Bad_Id": encoded(b"k" * 32), "broken": "%"})
    assert (sorted(keys.keys), keys.primary) == (["new", "old"], "new")
    assert len(keys.faults) == 3
    assert all("weirflow-state-keys" in fault for fault in keys.faults)
    # Without a word about it the last by name seals: keys made by the command are named after their time.
    unnamed = {"20250101-000000": OLD["old"], "20260101-000000": BOTH["new"]}
    assert secret(unnamed).primary == "20260101-000000"
    wrong = secret({**unnamed, "primary": encoded(b"gone")})
    assert wrong.primary == "20260101-000000"
    assert "gone" in wrong.faults[0]
    assert secret({"primary": encoded(b"x")}).primary == ""


def test_new_keys_have_names_of_their_own() -> None:
    first = first_keys()
    assert len(secret(first).keys) == 1
    many = first
    for count in range(2, 5):
        many = with_new_key(many)
        assert len(secret(many).keys) == count
        assert secret(many).primary == max(secret(many).keys)
    assert secret(with_new_key(first, "next")).primary == "next"
    for taken in ("next", "primary", "", "-", "Ä", "x" * 41):
        if taken:
            with pytest.raises(ValueError, match="key"):
                with_new_key(with_new_key(first, "next"), taken)


def test_keys_are_not_shown_by_chance() -> None:
    assert "k" * 8 not in repr(StateKeys({"a": b"k" * 32}, "a"))
