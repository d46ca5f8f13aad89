"""The one door to ONNX Runtime: one thread, the processor alone, and nothing sent to anybody."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def open_session(model: Path | bytes) -> Any:  # noqa: ANN401 (the type lives in a package imported late)
    """A model, ready to be asked.

    ONNX Runtime from 1.29 on reports its use to its maker unless it was told otherwise before it was first
    loaded (microsoft/onnxruntime pull requests 27379 and 29843). A house that holds a person's health reports
    to nobody; hence this is the only place that may import it, which import-linter enforces.

    Args:
        model: the file, or what is in it.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # on Windows the variable alone does not count
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a score must not wait for threads, nor depend on how many there are
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    source = str(model) if isinstance(model, Path) else model
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
