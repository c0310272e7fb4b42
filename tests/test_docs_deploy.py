"""Pages and files for operation name what is there: addresses, variables, paths, commands."""

from __future__ import annotations

import configparser
import dataclasses
import re
import shlex
from pathlib import Path

import pytest

from bot import cli, config
from bot.channels import PLATFORMS
from bot.channels.telegram.settings import Settings as Telegram
from bot.channels.wechat.settings import Settings as WeChat
from bot.channels.wecom.settings import Settings as WeCom
from bot.config import Config

HOUSE = Path(__file__).parent.parent
DEPLOY = HOUSE / "docs/deploy"
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")
EXAMPLE = (HOUSE / "config.example.yaml").read_text("utf-8")
SECTIONS = {"telegram": Telegram, "wechat": WeChat, "wecom": WeCom}
CODE = "\n".join(path.read_text("utf-8") for path in sorted((HOUSE / "bot").rglob("*.py")))
CODE += (HOUSE / "knowledge/engine/cache.py").read_text("utf-8")
NAMED = {
    (place, name)
    for place in ("README.md", "config.example.yaml", *sorted(
        path.relative_to(HOUSE).as_posix() for path in (HOUSE / "docs").rglob("*")
        if path.suffix in (".md", ".service", "") and path.is_file()
    ))
    for name in re.findall(r"\bZHIWEN_[A-Z_]*[A-Z]\b", (HOUSE / place).read_text("utf-8"))
}  # fmt: skip
"""(page, environment variable) of everything that is named."""
FOR_TESTS = {"ZHIWEN_NO_SKIPS"}


def unit():
    """The sections of the unit; of a key that is given twice, the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(DEPLOY / "zhiwen.service", "utf-8")
    return parser


def parsed(words):
    """What the command line makes of them; fails for a command that does not exist."""
    return cli._parser().parse_args(words[words.index("zhiwen") + 1 :])


@pytest.fixture(scope="module")
def uncommented(tmp_path_factory):
    """The example with its platforms switched on, as somebody would do it by hand."""
    file = tmp_path_factory.mktemp("config") / "config.yaml"
    named = "|".join(f"{name}:" for name in (*PLATFORMS, "smtp"))
    file.write_text(re.sub(rf"(?m)^# ({named}|  )", r"\1", EXAMPLE), "utf-8")
    return file


def test_example_platforms_can_be_switched_on(uncommented):
    """Taking the marks away gives a configuration that is read without a complaint."""
    read = config.load(str(uncommented))
    assert all(read.platforms.get(name) is not None for name in PLATFORMS)


@pytest.mark.parametrize(
    ("section", "option"),
    [(name, field.name) for name, cls in SECTIONS.items() for field in dataclasses.fields(cls)],
)
def test_example_explains_every_option_of_a_platform(uncommented, section, option):
    """Each option stands in its section, below a comment or beside its like."""
    text = uncommented.read_text("utf-8").partition(f"\n{section}:\n")[2]
    lines = re.split(r"\n(?! )", text)[0].splitlines()
    (at,) = [i for i, line in enumerate(lines) if line.startswith(f"  {option}:")]
    assert any(line.startswith("  # ") for line in lines[max(0, at - 3) : at])


@pytest.mark.parametrize("name", sorted({name for _, name in NAMED} - FOR_TESTS))
def test_variables_that_pages_name_are_read(name):
    """No page invents an environment variable."""
    ours = name.removeprefix("ZHIWEN_")
    assert f'"{name}"' in CODE or f'secret("{ours}"' in CODE


PAGES = {"wecom_bot": "wecom-ai-bot"}
"""Platforms whose page has another name."""
INSIDE = {"wecom_bot"}
"""Platforms that nothing has to reach: they have no callback."""


@pytest.mark.parametrize("section", PLATFORMS)
def test_pages_of_platforms_tell_the_callback(section):
    """The address to enter is the one that the server has, and every secret is named."""
    page = (HOUSE / f"docs/{PAGES.get(section, section)}.md").read_text("utf-8")
    if section not in INSIDE:
        assert f'PATH = "/hooks/{section}"' in CODE
        assert f"https://bot.example.com/hooks/{section}" in page
    found = re.findall(rf'secret\("({section.upper()}_\w+)"', CODE)
    longer = tuple(f"{one.upper()}_" for one in PLATFORMS if one.startswith(f"{section}_"))
    secrets = [name for name in found if not name.startswith(longer)]
    assert secrets
    assert {f"ZHIWEN_{name}" for name in secrets} <= set(re.findall(r"ZHIWEN_\w+", page))


def test_nginx_hands_on_what_the_server_has(live, tmp_path):
    """Each place it names is one of the server's, at the port that the server has by itself."""
    from web_server import serving

    places = set(re.findall(r"location (?:= )?(\S+) \{", NGINX))
    assert places == {"/", "/hooks/", "/healthz", "/metrics"}
    with serving(tmp_path, live) as running, running.client() as client:
        for path in ("/", "/healthz", "/metrics"):
            assert client.get(path).status_code == 200
    default = int(re.search(r"server 127\.0\.0\.1:(\d+);", NGINX)[1])
    assert default == Config().port


def test_unit_runs_a_command_that_exists():
    """The command, the configuration and the folders fit together."""
    service = unit()["Service"]
    assert callable(parsed(shlex.split(service["ExecStart"].replace("/opt/zhiwen/.venv/bin/", "")
                                       )).run)  # fmt: skip
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    assert f"ZHIWEN_CACHE=/var/cache/{service['CacheDirectory']}" in service["Environment"]
    assert service["KillSignal"] == "SIGTERM"


def test_unit_waits_longer_than_the_server_takes_to_end():
    """Whatever is under way is finished or kept before systemd loses patience."""
    from bot.channels.telegram.timings import Timings
    from bot.channels.web import DRAIN_SECONDS

    assert int(unit()["Service"]["TimeoutStopSec"]) > DRAIN_SECONDS + 2 * Timings().drain


def test_container_is_built_from_what_is_there():
    """What is copied exists, uv is the one of the Makefile, the command parses."""
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.MULTILINE)
    assert copied
    assert all((HOUSE / name).exists() for line in copied for name in line.split())
    version = re.search(r"UV_VERSION := (\S+)", (HOUSE / "Makefile").read_text("utf-8"))[1]
    assert f"uv=={version}" in CONTAINER
    assert f"uv=={version}" in (HOUSE / "docs/deployment.md").read_text("utf-8")
    command = re.search(r"^CMD (\[.+\])", CONTAINER, re.MULTILINE)[1]
    options = parsed(re.findall(r'"([^"]+)"', command))
    assert (options.host, options.port) == ("0.0.0.0", Config().port)
    assert f"127.0.0.1:{options.port}/healthz" in CONTAINER
    assert "\nUSER zhiwen\n" in CONTAINER


def test_container_sees_only_what_it_copies():
    """The list of what the build may see names exactly that."""
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text("utf-8")
    seen = set(re.findall(r"^!(\S+)", ignored, re.MULTILINE))
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.MULTILINE)
    assert seen == {name for line in copied for name in line.split()}
