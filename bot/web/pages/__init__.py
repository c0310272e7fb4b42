"""The pages, one file for each; the list says which there are."""

from __future__ import annotations

from fastapi import APIRouter

from bot.web.pages import account, chat

ROUTERS: tuple[APIRouter, ...] = (chat.router, account.router)
