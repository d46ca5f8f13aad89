"""docs/webhooks.md says every field, and its receiver believes what is sent and nothing else."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from healthtwin.notify.channels.webhook.settings import WebhookSettings
from healthtwin.notify.channels.webhook.transport import signature
from healthtwin.notify.channels.webhook.words import Notice

TEXT = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_every_field_and_setting_stands_there() -> None:
    table = TEXT.split("| field | meaning |")[1].split("\n\n")[0]
    for field in Notice.__struct_fields__:
        assert f"`{field}`" in table, field
    for setting in WebhookSettings.MEANING:
        assert re.search(rf"^{setting} = ", TEXT, re.MULTILINE), setting


def test_the_receiver_that_is_shown_believes_what_is_sent_and_nothing_else() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    shown: dict[str, Any] = {}
    exec(code, shown)  # noqa: S102 - what a reader would copy
    key, body, now_s = b"k" * 32, b'{"type":"test"}', int(time.time())
    genuine = shown["is_genuine"]
    assert genuine(key.hex(), signature(key, body, now_s), body)
    assert not genuine(key.hex(), signature(key, body, now_s), body + b" ")
    assert not genuine(key.hex(), signature(b"x" * 32, body, now_s), body)
    assert not genuine(key.hex(), signature(key, body, now_s - 400), body)
