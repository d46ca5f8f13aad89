"""Gradient-boosted trees as one ONNX TreeEnsembleRegressor, written node by node.

XGBoost's own JSON is read: per tree the arrays of children, features, thresholds, default directions and leaf
values. One node operator holds the trees of all targets, so that one call scores them all. Converters exist,
but bring a framework each; this is the whole of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OPSET: Final = 17
ML_OPSET: Final = 3
IR_VERSION: Final = 8
"""Old enough for every ONNX Runtime that the base install allows."""

_LEAF: Final = -1


def trees_of(booster: dict[str, Any]) -> list[dict[str, Any]]:
    """The trees in XGBoost's JSON (`Booster.save_raw("json")`)."""
    found: list[dict[str, Any]] = booster["learner"]["gradient_booster"]["model"]["trees"]
    return found


def write_trees(path: Path, boosters: Sequence[dict[str, Any]], base: Sequence[float], features: int) -> None:
    """Write one file that scores all targets: input `x` (n, features), output `scores` (n, targets).

    Args:
        path: the file. boosters: XGBoost's JSON of each target. base: log odds added to each target.
        features: how many columns `x` has.
    """
    from onnx import TensorProto, checker, helper

    nodes: dict[str, list[Any]] = {name: [] for name in _NODE_FIELDS}
    leaves: dict[str, list[Any]] = {name: [] for name in _LEAF_FIELDS}
    number = 0
    for target, booster in enumerate(boosters):
        for tree in trees_of(booster):
            _add_tree(nodes, leaves, tree, number, target)
            number += 1
    operator = helper.make_node(
        "TreeEnsembleRegressor",
        ["x"],
        ["scores"],
        domain="ai.onnx.ml",
        n_targets=len(boosters),
        aggregate_function="SUM",
        post_transform="NONE",
        base_values=[float(value) for value in base],
        **nodes,
        **leaves,
    )
    graph = helper.make_graph(
        [operator],
        "trees",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", features])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", len(boosters)])],
    )
    model = helper.make_model(
        graph,
        producer_name="healthtwin",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)],
    )
    checker.check_model(model)
    path.write_bytes(model.SerializeToString())


_NODE_FIELDS: Final = (
    "nodes_treeids",
    "nodes_nodeids",
    "nodes_featureids",
    "nodes_values",
    "nodes_modes",
    "nodes_truenodeids",
    "nodes_falsenodeids",
    "nodes_missing_value_tracks_true",
)
_LEAF_FIELDS: Final = ("target_treeids", "target_nodeids", "target_ids", "target_weights")


def _add_tree(
    nodes: dict[str, list[Any]],
    leaves: dict[str, list[Any]],
    tree: dict[str, Any],
    number: int,
    target: int,
) -> None:
    left, right = tree["left_children"], tree["right_children"]
    for node, (yes, no) in enumerate(zip(left, right, strict=True)):
        leaf = yes == _LEAF
        nodes["nodes_treeids"].append(number)
        nodes["nodes_nodeids"].append(node)
        nodes["nodes_featureids"].append(0 if leaf else int(tree["split_indices"][node]))
        nodes["nodes_values"].append(0.0 if leaf else _single(tree["split_conditions"][node]))
        nodes["nodes_modes"].append("LEAF" if leaf else "BRANCH_LT")
        nodes["nodes_truenodeids"].append(0 if leaf else int(yes))
        nodes["nodes_falsenodeids"].append(0 if leaf else int(no))
        nodes["nodes_missing_value_tracks_true"].append(0 if leaf else int(tree["default_left"][node]))
        if leaf:
            leaves["target_treeids"].append(number)
            leaves["target_nodeids"].append(node)
            leaves["target_ids"].append(target)
            leaves["target_weights"].append(_single(tree["split_conditions"][node]))


def _single(value: float) -> float:
    return float(np.float32(value))
