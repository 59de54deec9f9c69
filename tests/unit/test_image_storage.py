"""Both storages keep, give back and remove alike, and say when they cannot."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from anonmsg.db import utc_now
from anonmsg.images import NAME, Storage, StorageFailure, name_of, storage
from anonmsg.images.storage import Bucket, Directory
from anonmsg.settings import S3, BadSetting, Settings
from tests.support import bucket
from tests.support.server import free_port

ONE, OTHER = name_of("shop", "a" * 32, 320), name_of("shop", "b" * 32, 640)


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    with bucket.running() as url:
        yield url


@pytest.fixture(params=["directory", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "directory":
        return Directory(tmp_path)
    return Bucket(bucket.new(request.getfixturevalue("s3_server")))


def test_what_is_put_is_there(kept: Storage) -> None:
    assert (kept.get(ONE), kept.has(ONE), list(kept.names())) == (None, False, [])
    kept.put(ONE, b"one")
    kept.put(OTHER, b"other")
    assert (kept.get(ONE), kept.has(ONE), kept.get(OTHER)) == (b"one", True, b"other")
    assert sorted(name for name, _ in kept.names()) == [ONE, OTHER]
    assert all(abs(put_at - utc_now()) < timedelta(minutes=5) for _, put_at in kept.names())


def test_what_is_put_again_replaces_it(kept: Storage) -> None:
    kept.put(ONE, b"one")
    kept.put(ONE, b"another")
    assert kept.get(ONE) == b"another"
    assert len(list(kept.names())) == 1


def test_what_is_removed_is_gone_and_nothing_else(kept: Storage) -> None:
    kept.put(ONE, b"one")
    kept.put(OTHER, b"other")
    kept.delete(ONE)
    kept.delete(ONE)
    assert (kept.get(ONE), kept.has(ONE), kept.get(OTHER)) == (None, False, b"other")


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageFailure, match="No space left"):
        Directory(tmp_path).put(ONE, b"one")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_is_never_seen_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, sync = Directory(tmp_path), os.fsync
    seen: list[bytes | None] = []

    def look(descriptor: int) -> None:
        seen.append(kept.get(ONE))
        sync(descriptor)

    kept.put(ONE, b"one")
    monkeypatch.setattr(os, "fsync", look)
    kept.put(ONE, b"another")
    assert seen[0] == b"one", "written beside it, and durable before it takes its place"
    assert len(seen) == 4, "the content, and the names above it"
    assert kept.get(ONE) == b"another"


def test_a_service_that_does_not_answer_or_has_no_such_bucket_is_said(s3_server: str) -> None:
    there = bucket.new(s3_server)
    gone = Bucket(replace(there, endpoint=f"http://127.0.0.1:{free_port()}"))
    unknown = Bucket(replace(there, bucket="nothing"))
    for act in (
        lambda: gone.put(ONE, b"one"),
        lambda: gone.get(ONE),
        lambda: gone.has(ONE),
        lambda: gone.delete(ONE),
        lambda: list(gone.names()),
        lambda: unknown.put(ONE, b"one"),
    ):
        with pytest.raises(StorageFailure) as failure:
            act()
        assert there.secret not in str(failure.value)


def test_a_bucket_that_is_public_sends_what_browsers_need(s3_server: str) -> None:
    kept = Bucket(bucket.new(s3_server))
    kept.put(ONE, b"one")
    assert kept._store.get(ONE).attributes == {
        "Content-Type": "image/webp",
        "Cache-Control": "public, max-age=31536000, immutable",
    }


NO_NAMES = [
    "images/../secret_key", "images/shop/../../secret_key", "/etc/passwd", "images//x.webp", "images/shop/x.webp",
    ONE.replace("320", "0320"), ONE.replace("320", "99999"), ONE.upper(), ONE + "/", ONE + "\n",
    ONE.replace(".webp", ".svg"), *(ONE.replace("shop", odd) for odd in ("..", "a/b", "a\\b", "", "a b")),
]  # fmt: skip


@pytest.mark.parametrize("name", NO_NAMES)
def test_only_our_own_names_are_names(name: str) -> None:
    assert NAME.fullmatch(ONE)
    assert not NAME.fullmatch(name)


GOOD = {"ANONMSG_S3_BUCKET": "pictures", "ANONMSG_S3_KEY": "key", "ANONMSG_S3_SECRET": "hush"}
BAD = {
    "no bucket": ({**GOOD, "ANONMSG_S3_BUCKET": ""}, "set ANONMSG_S3_BUCKET as well"),
    "no key": ({**GOOD, "ANONMSG_S3_KEY": ""}, "set ANONMSG_S3_KEY as well"),
    "a bucket alone": (
        {"ANONMSG_S3_BUCKET": "pictures"},
        "set ANONMSG_S3_KEY and ANONMSG_S3_SECRET as well",
    ),
    "an endpoint alone": ({"ANONMSG_S3_ENDPOINT": "https://s3.example"}, "ANONMSG_S3_BUCKET and ANONMSG_S3_KEY and"),
    "a bucket by address": ({**GOOD, "ANONMSG_S3_BUCKET": "s3://pictures"}, "must be the bucket's name alone"),
    "an endpoint without a scheme": ({**GOOD, "ANONMSG_S3_ENDPOINT": "s3.example"}, "ENDPOINT must look like"),
    "an address that is none": ({"ANONMSG_IMAGES_URL": "cdn.example"}, "ANONMSG_IMAGES_URL must look like"),
    "no megabytes": ({"ANONMSG_IMAGES_MB": "0"}, "ANONMSG_IMAGES_MB must be a number from 1 to"),
    "megabytes in words": ({"ANONMSG_IMAGES_MB": "many"}, "not 'many'"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path: Path, case: str) -> None:
    environ, said = BAD[case]
    with pytest.raises(BadSetting, match=said) as error:
        Settings.from_environment({**environ, "ANONMSG_INSTANCE": str(tmp_path)})
    assert "hush" not in str(error.value)


def test_the_settings_choose_the_storage(tmp_path: Path) -> None:
    plain = Settings.from_environment({"ANONMSG_INSTANCE": str(tmp_path)})
    assert isinstance(storage(plain), Directory)
    chosen = Settings.from_environment({**GOOD, "ANONMSG_INSTANCE": str(tmp_path), "ANONMSG_S3_REGION": "eu-1"})
    assert chosen.s3 == S3(
        bucket="pictures", key="key", secret="hush", region="eu-1", endpoint="https://s3.eu-1.amazonaws.com"
    )
    assert isinstance(storage(chosen), Bucket)
    assert "hush" not in repr(chosen)
