"""The envelope of WeChat and WeCom: published vectors, round trips, wechatpy, and broken ones."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tencent_platform import AES_KEY, APP_ID, TOKEN
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto

from bot.channels.tencent.crypto import Envelope, is_key, is_signed, signature
from bot.channels.tencent.errors import Forged, Malformed

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
WECOM_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
WECOM_ID = "wx5823bf96d3bd56c7"
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
MESSAGE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj9"
    "11L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DO"
    "dnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03"
    "v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpN"
    "elZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q"
    "=="
)


@pytest.fixture(scope="module")
def envelope():
    """The envelope of the account that the tests use."""
    return Envelope(AES_KEY, APP_ID)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param(
            ("QDG6eK", "1409659589", "263014780", ECHO),
            "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", id="wecom-echo",
        ),
        pytest.param(
            ("QDG6eK", "1409659813", "1372623149", MESSAGE),
            "477715d11cdb4164915debcba66cb864d751f3e6", id="wecom-message",
        ),
        pytest.param(
            ("spamtest", "1409735669", "1320562132"),
            "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a", id="plain",
        ),
    ],
)  # fmt: skip
def test_crypto_signs_as_published(parts, expected):
    """The signatures in the platforms' own documents are ours."""
    assert signature(*parts) == expected
    assert is_signed(expected, *parts)
    assert not is_signed(expected[:-1] + "0", *parts)


@pytest.mark.parametrize(
    ("sealed", "pattern"),
    [
        pytest.param(ECHO, r"^\d+$", id="echo"),
        pytest.param(
            MESSAGE, r"<Content><!\[CDATA\[hello\]\]></Content>.*4561255354251345929", id="message"
        ),
    ],
)
def test_crypto_opens_what_is_published(sealed, pattern):
    """The messages in the platforms' own documents can be read."""
    assert re.search(pattern, Envelope(WECOM_KEY, WECOM_ID).open(sealed), re.S)


def test_crypto_seals_as_published(envelope):
    """With the same random bytes the envelope is the published one, byte for byte."""
    assert envelope.seal("我是中文abcd123", b"aaaabbbbccccdddd") == (
        "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
    )


@given(TEXTS)
def test_crypto_comes_back(text):
    """Whatever is sealed can be opened, and two envelopes of the same text differ."""
    envelope = Envelope(AES_KEY, APP_ID)
    assert envelope.open(envelope.seal(text)) == text
    assert envelope.seal(text) != envelope.seal(text)


@pytest.mark.parametrize("theirs", [WeChatCrypto, WeComCrypto], ids=["wechat", "wecom"])
@given(text=TEXTS.filter(bool))
def test_crypto_agrees_with_wechatpy(theirs, text):
    """wechatpy opens what we seal, and we open what it seals."""
    platform, envelope = theirs(TOKEN, AES_KEY, APP_ID), Envelope(AES_KEY, APP_ID)
    sealed = envelope.seal(text)
    told = platform.decrypt_message(
        {"Encrypt": sealed}, signature(TOKEN, "1", "n", sealed), "1", "n"
    )
    assert told == text
    packed = platform.encrypt_message(text, "n", "1")
    assert envelope.open(re.search(r"CDATA\[([^\]]*)", packed)[1]) == text


@given(st.binary(max_size=200))
def test_crypto_refuses_chance_bytes(data):
    """Bytes that nobody sealed are refused in one way, whatever they are."""
    with pytest.raises((Malformed, Forged)):
        Envelope(AES_KEY, APP_ID).open(base64.b64encode(data).decode())


@given(st.text())
def test_crypto_refuses_chance_texts(text):
    """Texts that nobody sealed are refused in one way, whatever they are."""
    with pytest.raises((Malformed, Forged)):
        Envelope(AES_KEY, APP_ID).open(text)


def sealed_raw(body):
    """An envelope around a body that is taken as it is."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = base64.b64decode(AES_KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(body) + encryptor.finalize()).decode()


def whole(text, length=None, receive_id=APP_ID, padding=None):
    """A body with parts that can be wrong."""
    body = b"r" * 16 + (len(text) if length is None else length).to_bytes(4, "big")
    body += text + receive_id.encode()
    if padding is not None:
        body += b"a" * ((16 - (len(body) + len(padding)) % 16) % 16)
        return body + padding
    left = 32 - len(body) % 32
    return body + bytes([left]) * left


@pytest.mark.parametrize(
    ("sealed", "error"),
    [
        pytest.param("", Malformed, id="empty"),
        pytest.param("****", Malformed, id="not-base64"),
        pytest.param("汉字", Malformed, id="not-ascii"),
        pytest.param("QUJD", Malformed, id="no-block"),
        pytest.param(sealed_raw(b"\x10" * 16), Malformed, id="padding-only"),
        pytest.param(sealed_raw(whole(b"hi", padding=b"\x00")), Malformed, id="padding-zero"),
        pytest.param(sealed_raw(whole(b"hi", padding=b"\x21")), Malformed, id="padding-33"),
        pytest.param(sealed_raw(whole(b"hi", padding=b"\x01\x03")), Malformed, id="padding-uneven"),
        pytest.param(sealed_raw(whole(b"hi", length=2**32 - 1)), Malformed, id="length-too-long"),
        pytest.param(sealed_raw(whole(b"hi", length=1)), Forged, id="length-too-short"),
        pytest.param(sealed_raw(whole(b"\xff\xfe")), Malformed, id="not-utf-8"),
        pytest.param(sealed_raw(whole(b"hi", receive_id="wx1")), Forged, id="other-account"),
        pytest.param(sealed_raw(whole(b"hi", receive_id="")), Forged, id="no-account"),
        pytest.param(Envelope(AES_KEY, APP_ID).seal("hi")[:-8], Malformed, id="cut-off"),
        pytest.param(Envelope(WECOM_KEY, APP_ID).seal("hi"), (Malformed, Forged), id="other-key"),
    ],
)  # fmt: skip
def test_crypto_refuses_broken_envelopes(envelope, sealed, error):
    """Every way of being broken has one clear exception, and none quotes what was received."""
    with pytest.raises(error) as raised:
        envelope.open(sealed)
    assert sealed == "" or sealed not in str(raised.value)


def test_crypto_takes_padding_to_sixteen(envelope):
    """Some senders pad to 16; that is taken, too."""
    body = b"r" * 16 + (5).to_bytes(4, "big") + b"hello" + APP_ID.encode()
    left = 16 - len(body) % 16
    assert envelope.open(sealed_raw(body + bytes([left]) * left)) == "hello"


@pytest.mark.parametrize(
    ("key", "good"),
    [(AES_KEY, True), (AES_KEY[1:], False), (AES_KEY + "=", False), ("-" * 43, False), ("", False)],
    ids=["good", "short", "with-sign", "other-alphabet", "empty"],
)
def test_crypto_knows_a_key(key, good):
    """A key that was copied wrongly is seen at once."""
    assert is_key(key) is good


@given(st.text(), st.lists(st.text(), max_size=4))
def test_crypto_compares_any_text(given_, parts):
    """Comparing never fails, whatever somebody puts into the address."""
    assert not is_signed(given_, *parts) or given_ == signature(*parts)
