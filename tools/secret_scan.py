"""Looks for keys, tokens and passwords in what is under version control: `python tools/secret_scan.py`.

Uses the detectors of detect-secrets. What they take for a secret and is none (a made-up token of a test)
stands in tools/secret_scan_known.json by file and hash, so that anything new is looked at by somebody:
`--accept` writes the file anew, and the diff shows what was accepted. Exits with 1 when it finds something.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
KNOWN: Final = Path(__file__).with_name("secret_scan_known.json")

NOT_READ: Final = (
    "requirements/",  # digests of packages
    "docs/evaluation/",  # digests of recordings
    "docs/images/",
    "src/healthtwin/web/static/vendor/",
    "src/healthtwin/genes/data/",
    "tools/secret_scan_known.json",
)
BINARY: Final = frozenset({".png", ".ico", ".woff2", ".ttf", ".onnx", ".npz", ".gz", ".wav", ".db", ".pdf"})

DETECTORS: Final = (
    "AWSKeyDetector",
    "AzureStorageKeyDetector",
    "BasicAuthDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "JwtTokenDetector",
    "NpmDetector",
    "OpenAIDetector",
    "PrivateKeyDetector",
    "PypiTokenDetector",
    "SendGridDetector",
    "SlackDetector",
    "StripeDetector",
    "TelegramBotTokenDetector",
    "TwilioKeyDetector",
)
"""Without those that only measure how random a text looks (every digest would be one) and without names of
variables, which ruff judges (S105 to S107)."""


def tracked() -> list[str]:
    """Files under version control that a person could have written a secret into."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [
        name
        for name in listed
        if not name.startswith(NOT_READ) and Path(name).suffix not in BINARY and (ROOT / name).is_file()
    ]


def found_in(names: list[str]) -> dict[str, dict[str, list[object]]]:
    """By file and hash of what was found: its kind and line."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import transient_settings

    logging.disable(logging.WARNING)
    found: dict[str, dict[str, list[object]]] = {}
    with transient_settings({"plugins_used": [{"name": name} for name in DETECTORS]}):
        for name in names:
            for secret in scan_file(str(ROOT / name)):
                found.setdefault(name, {})[secret.secret_hash] = [secret.type, secret.line_number]
    return found


def main() -> int:
    """Look, and say what is new."""
    found = found_in(tracked())
    hashes = {name: sorted(kinds) for name, kinds in sorted(found.items())}
    if "--accept" in sys.argv[1:]:
        KNOWN.write_text(json.dumps(hashes, indent=1) + "\n", encoding="utf-8")
        return 0
    known = json.loads(KNOWN.read_text(encoding="utf-8")) if KNOWN.exists() else {}
    new = [
        f"{name}:{line}: {kind}"
        for name, kinds in found.items()
        for digest, (kind, line) in kinds.items()
        if digest not in known.get(name, [])
    ]
    for line in new:
        print(line)
    if new:
        print("remove what is a secret; what is none: python tools/secret_scan.py --accept")
    return 1 if new else 0


if __name__ == "__main__":
    raise SystemExit(main())
