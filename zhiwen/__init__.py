"""Zhiwen for notebooks and pipelines: questions answered, postings classified, offline.

    import zhiwen

    assistant = zhiwen.open()
    assistant.ask("who writes press releases?").entry        # "role.public_relations"
    assistant.classify("Call prospects and close deals").function     # "sales"

`ask`, `chat`, `classify` and `classify_batch` of the module do the same on the shipped content.
What is not named in `__all__` is internal and may change; so are the packages `bot`, `rules` and
`knowledge`. The whole is described in docs/python.md.
"""

from bot.errors import BadInput
from knowledge.engine.source import ContentError
from zhiwen.answers import Answer, Candidate, Choice, Evidence, Section, Source
from zhiwen.door import Assistant, Chat, ask, chat, classify, classify_batch, open
from zhiwen.verdicts import (
    Code,
    Level,
    Oddity,
    Posting,
    RunnerUp,
    Share,
    Signal,
    Unusable,
    Verdict,
)

__all__ = [
    "Answer", "Assistant", "BadInput", "Candidate", "Chat", "Choice", "Code", "ContentError",
    "Evidence", "Level", "Oddity", "Posting", "RunnerUp", "Section", "Share", "Signal", "Source",
    "Unusable", "Verdict", "ask", "chat", "classify", "classify_batch", "open",
]  # fmt: skip
