"""serve."""

from __future__ import annotations

import argparse
import sys

from bot.commands.common import Add, overlay, root
from bot.config import Config
from bot.errors import BadInput

MOST = 64
"""Workers that may be asked for."""


def add(command: Add) -> None:
    """Declare the commands."""
    serving = command("serve", serve, "start the web server")
    serving.add_argument("--host", help="address to listen on (default: as configured)")
    serving.add_argument("--port", type=int, help="port to listen on (default: as configured)")
    serving.add_argument(
        "--workers", type=int, help="processes that answer (default: as configured, else by cores)"
    )


def serve(options: argparse.Namespace, config: Config) -> int:
    """Serve the web assistant until stopped."""
    from dataclasses import replace

    from bot.channels import machine, web
    from bot.web.startup import check

    port = config.port if options.port is None else options.port
    config = replace(config, host=options.host or config.host, port=port)
    count = options.workers or config.workers or machine.workers(config.auth == "none")
    if not 1 <= count <= MOST:
        raise BadInput(f"workers: a number from 1 to {MOST}, not {count}")
    check(config)
    print("zhiwen: reading the content ...", file=sys.stderr)
    if count == 1:
        return web.run(config, web.content(config, root(options), overlay(config)))
    from bot.channels import workers

    return workers.run(config, root(options), overlay(config), count)
