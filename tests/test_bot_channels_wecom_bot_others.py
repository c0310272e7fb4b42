"""The stand-in for the platform is held to others' behaviour: two SDKs talk with it as it is."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
import warnings

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from wecom_bot_gateway import BOT, SECRET, running

from bot.channels.wecom_bot import crypto

SECONDS = 30.0


@pytest.fixture(scope="module")
def contexts(tmp_path_factory):
    """(TLS of a server at 127.0.0.1, TLS of a client that knows it)."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(address, critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert", folder / "key")
    return server, ssl.create_default_context(cafile=str(folder / "cert"))


def official(gateway, contexts, monkeypatch):
    """A client of the official SDK."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it imports what `websockets` has deprecated
        import aibot
        from aibot.types import WSClientOptions
    monkeypatch.setattr("aibot.ws._SSL_CONTEXT", contexts[1])
    return aibot.WSClient(WSClientOptions(BOT, SECRET, 20, 5, 200, 5000, gateway.url))


def community(gateway, contexts, monkeypatch):
    """A client of the community's SDK."""
    from wecom_aibot_sdk import WSClient

    return WSClient(BOT, SECRET, reconnect_interval=20, heartbeat_interval=200,
                    ws_url=gateway.url, ws_options={"ssl": contexts[1]})  # fmt: skip


@pytest.mark.parametrize("made", [official, community])
def test_an_sdk_talks_with_the_gateway(contexts, monkeypatch, made):
    """It subscribes, pings, answers, welcomes, sends actively, opens a file; nothing is wrong."""
    with running(contexts[0]) as gateway:
        client = made(gateway, contexts, monkeypatch)
        opened: list[bytes] = []

        async def answer(frame):
            told = f"echo {frame['body']['text']['content']}"
            await client.reply_stream(frame, "s-" + frame["body"]["msgid"], told, True)

        async def welcome(frame):
            await client.reply_welcome(frame, {"msgtype": "text", "text": {"content": "hello"}})

        async def file(frame):
            link = frame["body"]["file"]
            got = await client.download_file(link["url"], link["aeskey"])
            data, name = (got["buffer"], got["filename"]) if isinstance(got, dict) else got
            opened.append(data)
            sealed = gateway.files[link["url"].removeprefix(gateway.files_url)]
            assert crypto.decrypt(sealed, link["aeskey"]) == data and name == "七月.csv"
            content = {"msgtype": "markdown", "markdown": {"content": "read it"}}
            await client.send_message("ann", content)
            # Unanswered, it would be pushed again after the cut.
            await client.reply_stream(frame, "s-" + frame["body"]["msgid"], "opened", True)

        async def talk():
            for name, act in (
                ("message.text", answer), ("event.enter_chat", welcome), ("message.file", file),
            ):  # fmt: skip
                client.on(name, lambda frame, act=act: asyncio.ensure_future(act(frame)))
            await client.connect()
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, people)
            ended = client.disconnect()
            if ended is not None:
                await ended
            await asyncio.sleep(0.1)

        def people():
            gateway.wait(lambda: gateway.current, "it does not subscribe")
            assert gateway.asked("ann", "hi") == "echo hi"
            gateway.heard(gateway.event("bob", "enter_chat"))
            gateway.heard(gateway.file("ann", "七月.csv", b"a,b\n1,2\n"))
            gateway.wait(lambda: "read it" in gateway.texts("ann"), "the file is not read")
            gateway.wait(lambda: gateway.pings > 1, "it does not ping")
            gateway.cut()
            gateway.wait(lambda: len(gateway.subscriptions) > 1, "it does not come back")

        asyncio.run(asyncio.wait_for(talk(), SECONDS))
        assert opened == [b"a,b\n1,2\n"] and gateway.violations == []
