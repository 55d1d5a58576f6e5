"""The Pulumi policy pack: serves the engine's analyzer protocol.

The server of the SDK calls every policy for every resource and decodes the resource each time, which takes most of a preview with
hundreds of rules. Here a resource is decoded once. A rule that needs no other resource is judged before the resource is created,
which stops an `up` in time; other rules are judged when all resources are known. Both judge the inputs, so that a preview and
an `up` give the same result [PULUMI-ANALYZER].
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent import futures
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

from planning.problems import SpecError
from policies import configuration, normalisation, places
from policies.configuration import Active
from policies.engine import NeedsGraph, NoGraph, excuse, findings_on
from policies.fronts import wire
from policies.model import Finding, Graph, Resource, Rule
from policies.outputs import json_output
from policies.preparation import Preparation, folder_for, prepare, with_self_checks
from policies.report import Report

REPORT_VARIABLE: Final = "MOORINGS_POLICY_REPORT"
"""Environment variable with the file to which the whole report is written as JSON."""

VERSION: Final = "0.1.0"
_MESSAGE_BYTES = 400 * 1024 * 1024
_WORKERS = 4


class Pack:
    """Answers the engine for one preview or one update.

    Attributes:
        rules: all rules, also those that the engine judges itself.
        program: folder of the program that is judged.
    """

    def __init__(self, rules: Iterable[Rule], program: Path) -> None:
        self.rules = with_self_checks(rules)
        self.program = program
        self._by_id = {each.id: each for each in self.rules}
        self._prepared: Preparation | None = None
        self._by_type: dict[str, list[Active]] = {}
        self._resources: dict[str, Resource] = {}
        self._decided: dict[str, list[Finding]] = {}

    def servicer(self) -> Any:
        """Return the object that gRPC serves: the methods of the protocol, bound to those of this class."""
        served = analyzer_pb2_grpc.AnalyzerServicer()
        for name, method in {
            "Handshake": lambda _request, _context: analyzer_pb2.AnalyzerHandshakeResponse(),
            "GetPluginInfo": lambda _request, _context: plugin_pb2.PluginInfo(version=VERSION),
            "Cancel": lambda _request, _context: empty_pb2.Empty(),
            "ConfigureStack": self.configure_stack,
            "GetAnalyzerInfo": self.get_analyzer_info,
            "Configure": self.configure,
            "Analyze": self.analyze,
            "AnalyzeStack": self.analyze_stack,
            "Remediate": self.remediate,
        }.items():
            setattr(served, name, method)
        return served

    def configure_stack(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Read settings and exemptions for the stack."""
        self._prepare(request.stack, context)
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def get_analyzer_info(self, _request: Any, context: grpc.ServicerContext) -> Any:
        """List the rules; those that are not enabled are disabled."""
        active = {each.rule.id: each for each in self._preparation(context).active}
        return analyzer_pb2.AnalyzerInfo(
            name=wire.NAME,
            displayName="Moorings",
            version=VERSION,
            supportsConfig=True,
            provider="azure-native",
            policies=[wire.policy_info(each, active.get(each.id)) for each in self.rules],
        )

    def configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Override the settings with levels and configuration of `--policy-pack-config`."""
        preparation = self._preparation(context)
        levels, configs = wire.overrides(request)
        try:
            active = configuration.override(preparation.active, self.rules, levels, configs)
            self._use(replace(preparation, active=active))
        except SpecError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        return empty_pb2.Empty()

    def analyze(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Judge one resource before it is created, by the rules that need no other resource."""
        preparation = self._preparation(context)
        resource = wire.resource_of(request)
        self._resources[resource.urn] = resource
        decided: list[Finding] = []
        for active in self._by_type.get(resource.type.lower(), ()):
            try:
                found = findings_on(active, resource, NO_GRAPH)
            except NeedsGraph:
                continue
            # A value that is unknown here may be known when all resources are, so the graph decides.
            if not any(each.status == "undetermined" for each in found):
                decided += found
        self._decided[resource.urn] = decided
        shown = [excuse(each, preparation.exemptions) for each in decided]
        if preparation.baseline:
            shown = preparation.baseline.mark(shown)
        return analyzer_pb2.AnalyzeResponse(diagnostics=self._diagnostics(shown))

    def analyze_stack(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Judge all resources by the rules that have not decided."""
        preparation = self._preparation(context)
        graph = self._graph(request)
        decided = [each for urn, found in self._decided.items() if graph.get(urn) for each in found]
        report = preparation.judge(graph, decided)
        self._write(report, graph)
        early = {(each.rule, each.urn) for each in decided}
        late = [each for each in report.findings if (each.rule, each.urn) not in early]
        silent = {each.rule for each in report.findings} - {each.rule for each in report.of("pass", "fail")}
        return analyzer_pb2.AnalyzeResponse(
            diagnostics=self._diagnostics(late),
            not_applicable=[
                *(wire.not_applicable(rule, "applies to no resource") for rule in sorted(silent)),
                *(wire.not_applicable(rule, "no resource of its types") for rule in report.idle),
            ],
        )

    def remediate(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Correct what rules at level remediate find in one resource, one rule after the other."""
        remediating = [each for each in self._preparation(context).active if each.level == "remediate"]
        response = analyzer_pb2.RemediateResponse()
        resource: Resource | None = None
        for active in remediating:
            resource = resource or wire.resource_of(request)
            change = active.rule.remediate
            if change is None or resource.type.lower() not in {each.lower() for each in active.rule.types}:
                continue
            try:
                found = findings_on(active, resource, NO_GRAPH)
            except NeedsGraph:
                continue
            if any(each.status == "fail" for each in found):
                response.remediations.append(wire.remediated(request, active.rule, change(resource)))
                request.properties.CopyFrom(response.remediations[-1].properties)
                resource = None
        return response

    def _prepare(self, stack: str, context: grpc.ServicerContext) -> Preparation:
        try:
            prepared = prepare(folder_for(self.program), stack, self.rules, program=self.program)
        except SpecError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "invalid policy files:\n" + str(error))
            raise
        self._use(prepared)
        return prepared

    def _preparation(self, context: grpc.ServicerContext) -> Preparation:
        return self._prepared or self._prepare("", context)

    def _use(self, prepared: Preparation) -> None:
        by_type: dict[str, list[Active]] = defaultdict(list)
        for each in prepared.active:
            for arm_type in each.rule.types:
                by_type[arm_type.lower()].append(each)
        self._by_type = dict(by_type)
        self._prepared = prepared

    def _graph(self, request: Any) -> Graph:
        """Return the graph of the inputs seen before, with the dependencies that only this call contains.

        The engine lists resources in no particular order, so the order of their registration is kept.
        """
        listed = {each.urn: each for each in request.resources}
        known = [each for urn, each in self._resources.items() if urn in listed]
        unseen = [wire.resource_of(each) for urn, each in listed.items() if urn not in self._resources]
        edges = {urn: wire.dependencies_of(each) for urn, each in listed.items()}
        return Graph([*(normalisation.with_dependencies(each, edges[each.urn]) for each in known), *unseen])

    def _diagnostics(self, findings: Iterable[Finding]) -> list[Any]:
        return [wire.diagnostic(each, self._by_id[each.rule]) for each in findings if each.loud]

    def _write(self, report: Report, graph: Graph) -> None:
        path = os.environ.get(REPORT_VARIABLE)
        if path:
            found = places.placed(report, places.of_program(self.program, report.stack, graph))
            Path(path).write_text(json_output.render(found), encoding="utf-8")


NO_GRAPH: Final = NoGraph()


def serve(rules: Iterable[Rule], program: Path) -> None:
    """Serve the pack on a free port, which is printed on standard output, until the engine closes the connection.

    Args:
        rules: all rules.
        program: folder of the program that is judged.
    """
    limits = [("grpc.max_receive_message_length", _MESSAGE_BYTES)]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=_WORKERS), options=limits)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Pack(rules, program).servicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(grace=None)
