"""One error tree, named by what the caller can do next. Errors know nothing of HTTP or exit codes.

WangxunError
├── BadInput            mend the input (file, line, field and the mend are in the text) and call again
│   └── BadConfig       the same for config/; carries every fault at once
├── NotFound            there is no such thing; do not ask again
├── NotAllowed          this Actor may not do this; ask somebody who may
├── Conflict            somebody was quicker: load again, decide again
├── Unavailable         something we depend on is away: try again later
│   └── StoreAway       the records' store is: keep what is to be saved, save it when it is back
│       └── ReadOnly    it answers, but takes nothing in for now: read on, save later
├── EvidenceBroken      what was sealed is not what is there: stop, tell a person
├── PageChanged         the page does not have what the source promises: mend the source
└── SourceRefused       the site said no (robots, block, wall, captcha): leave it alone, tell the officer
"""

from __future__ import annotations


class WangxunError(Exception):
    """Root of the tree; the text is fit to be shown to an operator."""


class BadInput(WangxunError):
    """Mend the input and call again."""


class BadConfig(BadInput):
    """Files in `config/` are wrong. `faults` holds one line for each fault, each naming file, line and mend."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class NotFound(WangxunError):
    """There is no such thing."""


class NotAllowed(WangxunError):
    """This Actor may not do this."""


class Conflict(WangxunError):
    """The record changed since it was loaded, or exists already: load again, decide again."""


class Unavailable(WangxunError):
    """Something we depend on is away or full; the same call may succeed later."""


class StoreAway(Unavailable):
    """The records' store does not answer, or is too busy: what is to be saved must wait somewhere else."""


class ReadOnly(StoreAway):
    """The store answers questions, but saves nothing for now (its disk is nearly full, it is being migrated)."""


class EvidenceBroken(WangxunError):
    """Sealed bytes and their digest disagree, or a sealed thing is gone."""


class PageChanged(WangxunError):
    """A page lacks what its source file promises."""


class SourceRefused(WangxunError):
    """The site said no; it is never asked round the block."""
