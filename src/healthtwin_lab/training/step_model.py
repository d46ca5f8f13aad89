"""The file of a fitted net: its step as an ONNX model, written by `healthtwin_lab.training.step_graph`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from healthtwin_lab.training.step_graph import IR_VERSION, KEPT_COLUMNS, OPSET, StepGraph

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from healthtwin_lab.training.cell import Cell
    from healthtwin_lab.training.net_inputs import Layout
    from healthtwin_lab.training.recurrent_fit import Fitted


def written(
    cell: Cell, nets: Sequence[Fitted], layout: Layout, widths: tuple[int, int], facts: Mapping[str, str]
) -> bytes:
    """The file of one net, or of several of one kind that share their scaling and whose scores are averaged.

    Args:
        widths: of (features, targets). facts: become the file's metadata.
    """
    graph = StepGraph()
    scaling, width = nets[0].scaling, sum(cell.memory)
    state = len(nets) * width + KEPT_COLUMNS
    z, missing, hours = graph.inputs(scaling, layout)
    since = graph.since(hours, state)
    scores, memories = [], []
    for k, net in enumerate(nets):
        weights = net.weights | {"first": scaling.of_every_column(net.weights["first"])}
        absent = graph.constant(scaling.of_every_column(net.weights["absent"]))
        inputs = graph.op("Where", missing, absent, z)
        memory = graph.columns("state", k * width, (k + 1) * width)
        read, memory = cell.write(graph, weights, inputs, since, memory)
        share = 1.0 / len(nets)
        scores.append(graph.linear(read, weights["score"] * share, weights["score_bias"] * share))
        if cell.linear:
            straight = scaling.of_every_column(weights["linear"] * share)
            scores.append(graph.op("MatMul", inputs, graph.constant(straight)))
        memories.append(memory)
    graph.op("Sum", *scores, name="scores")
    graph.keep(graph.op("Concat", *memories, axis=1), hours)
    return _model(graph, widths, state, facts)


def _model(graph: StepGraph, widths: tuple[int, int], state: int, facts: Mapping[str, str]) -> bytes:
    from onnx import TensorProto, checker, helper, numpy_helper

    def value(name: str, width: int) -> object:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width])

    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "step",
            [value("x", widths[0]), value("state", state)],
            [value("scores", widths[1]), value("new_state", state)],
            [numpy_helper.from_array(array, name) for name, array in graph.constants.items()],
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="healthtwin",
    )
    helper.set_model_props(model, dict(facts))
    checker.check_model(model, full_check=True)
    return cast("bytes", model.SerializeToString())
