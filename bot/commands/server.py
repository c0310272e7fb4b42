"""serve."""

from __future__ import annotations

import argparse
import sys

from bot.commands.common import Add, check_profile, overlay, root
from bot.config import Config


def add(command: Add) -> None:
    """Declare the commands."""
    serving = command("serve", serve, "start the web server")
    serving.add_argument("--host", help="address to listen on (default: as configured)")
    serving.add_argument("--port", type=int, help="port to listen on (default: as configured)")


def serve(options: argparse.Namespace, config: Config) -> int:
    """Serve the web assistant until stopped."""
    from dataclasses import replace

    from bot.channels import web
    from bot.reload import ContentReloader

    port = config.port if options.port is None else options.port
    config = replace(config, host=options.host or config.host, port=port)
    print("zhiwen: reading the content ...", file=sys.stderr)
    live = ContentReloader(root(options), overlay(config))
    check_profile(config, live.book.base)
    return web.run(config, live)
