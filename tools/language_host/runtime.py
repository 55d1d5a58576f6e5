"""The engine's `LanguageRuntime` service for Python programs."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2

from tools.language_host import programs, refusals
from tools.language_host.children import Children
from tools.language_host.protocol import language_pb2, language_pb2_grpc, plugin_pb2

_INSTALLED = "import importlib.metadata as m, json; print(json.dumps([(d.name, d.version) for d in m.distributions()]))"


class PythonRuntime:
    """Reports properties of Python programs to the engine, and runs them.

    Attributes:
        executor: path of `pulumi-language-python-exec`, the script that runs inside the program's process.
        version: version that `GetPluginInfo` reports.
    """

    def __init__(self, executor: Path, engine_address: str, version: str, children: Children) -> None:
        self.executor = executor
        self.version = version
        self._engine_address = engine_address
        self._children = children

    def servicer(self) -> Any:
        """Return the gRPC servicer, whose unsupported methods are refused."""
        served = language_pb2_grpc.LanguageRuntimeServicer()
        for name in refusals.REFUSED:
            setattr(served, name, refusals.refusal(name))
        for name, method in {
            "Handshake": self.handshake,
            "GetPluginInfo": self.get_plugin_info,
            "GetRequiredPackages": self.get_required_packages,
            "GetRequiredPlugins": self.get_required_plugins,
            "Run": self.run,
            "RunPlugin": self.run_plugin,
            "InstallDependencies": self.install_dependencies,
            "About": self.about,
            "GetProgramDependencies": self.get_program_dependencies,
            "Cancel": self.cancel,
        }.items():
            setattr(served, name, method)
        return served

    def handshake(self, request: Any, _context: grpc.ServicerContext) -> Any:
        """Store the address of an engine that attaches to a running host."""
        self._engine_address = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def get_plugin_info(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """Return the version of this host."""
        return plugin_pb2.PluginInfo(version=self.version)

    def get_required_packages(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Return the provider packages in the program's virtual environment."""
        interpreter = self._interpreter(request.info, context)
        return language_pb2.GetRequiredPackagesResponse(
            packages=[_dependency(package) for package in programs.provider_packages(interpreter)]
        )

    def get_required_plugins(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """Return an empty list to older engines, which then find a provider when a resource needs it."""
        return language_pb2.GetRequiredPluginsResponse()

    def run(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Run a program until it ends; its output is inherited by the engine."""
        interpreter = self._interpreter(request.info, context)
        options = {
            "monitor": request.monitor_address,
            "engine": self._engine_address,
            "project": request.project,
            "stack": request.stack,
            "pwd": request.pwd,
            "dry_run": "true" if request.dryRun else "false",
            "parallel": str(request.parallel),
            "organization": request.organization,
            "root_directory": request.info.root_directory,
        }
        program = str(Path(request.info.program_directory, request.info.entry_point or "."))
        command = programs.run_arguments(options, program, request.args, self.executor, interpreter)
        config = programs.config_environment(request.config, request.configSecretKeys)
        try:
            code = self._children.run(
                command, cwd=request.pwd or ".", environment={**interpreter.environment(os.environ), **config}
            )
        except OSError as error:
            problem = f"Problem executing program (could not run language executor): {error}"
            return language_pb2.RunResponse(error=problem)
        # The engine cancelled the program: `bail` keeps it from reporting a failure of the program.
        if self._children.stopping:
            return language_pb2.RunResponse(bail=True)
        problem, shown = programs.run_error(code)
        return language_pb2.RunResponse(error=problem, bail=shown)

    def run_plugin(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        """Run a policy pack or another plugin, and stream its output until it ends or the engine cancels the call."""
        interpreter = self._interpreter(request.info, context)
        program = Path(request.info.program_directory, request.info.entry_point or ".")
        command = programs.plugin_arguments(request.kind, program, request.args, interpreter)
        environment = interpreter.environment(dict(entry.split("=", 1) for entry in request.env if "=" in entry))
        for name, value in self._stream(command, request.pwd or ".", environment, context):
            yield language_pb2.RunPluginResponse(**{name: value})

    def install_dependencies(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        """Create the virtual environment of the project, and install its `requirements.txt`."""
        folder = Path(request.info.program_directory or request.directory)
        steps: list[list[str]] = []
        virtualenv = _virtualenv(request.info)
        python = programs.Interpreter.of_project(folder, "", os.environ).executable
        if virtualenv:
            home = Path(request.info.root_directory, virtualenv)
            if not (home / "bin" / "python").exists():
                steps.append([str(python), "-m", "venv", str(home)])
            python = home / "bin" / "python"
        if (folder / "requirements.txt").exists():
            steps.append([str(python), "-m", "pip", "install", "-r", "requirements.txt"])
        for step in steps:
            for name, value in self._stream(step, str(folder), os.environ, context):
                if name != "exitcode":
                    yield language_pb2.InstallDependenciesResponse(**{name: value})
                elif value:
                    context.abort(grpc.StatusCode.INTERNAL, f"{' '.join(step)} failed with {value}")

    def about(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Return the interpreter and its version."""
        interpreter = self._interpreter(request.info, context)
        version = self._ask(interpreter, "import platform; print(platform.python_version())")
        return language_pb2.AboutResponse(executable=str(interpreter.executable), version=version)

    def get_program_dependencies(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Return the distributions installed in the program's environment."""
        installed = json.loads(self._ask(self._interpreter(request.info, context), _INSTALLED))
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[language_pb2.DependencyInfo(name=name, version=version) for name, version in installed]
        )

    def cancel(self, _request: Any, _context: grpc.ServicerContext) -> Any:
        """Stop all children: the engine was interrupted and accepts no further registration."""
        threading.Thread(target=self._children.stop, daemon=True).start()
        return empty_pb2.Empty()

    def _stream(
        self, command: Sequence[str], folder: str, environment: Mapping[str, str], context: grpc.ServicerContext
    ) -> Iterator[tuple[str, bytes | int]]:
        """Run a command until it ends or the engine cancels the call."""
        cancelled = threading.Event()
        if not context.add_callback(cancelled.set):
            cancelled.set()
        return self._children.stream(command, cwd=folder, environment=environment, cancelled=cancelled)

    def _ask(self, interpreter: programs.Interpreter, program: str) -> str:
        command = [str(interpreter.executable), "-c", program]
        environment = interpreter.environment(os.environ)
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()

    def _interpreter(self, info: Any, context: grpc.ServicerContext) -> programs.Interpreter:
        try:
            return programs.Interpreter.of_project(Path(info.root_directory), _virtualenv(info), os.environ)
        except programs.NoInterpreterError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
            raise


def _virtualenv(info: Any) -> str:
    return dict(info.options).get("virtualenv", "")


def _dependency(package: dict[str, str]) -> Any:
    dependency = plugin_pb2.PackageDependency(
        name=package["name"], kind="resource", version=package["version"], server=package["server"]
    )
    if package["parameterization"]:
        declared = json.loads(package["parameterization"])
        # The parameterization has the name and version of the package, the plugin those of the base provider.
        dependency.parameterization.name = package["name"]
        dependency.parameterization.version = package["version"]
        dependency.parameterization.value = base64.b64decode(declared["value"])
        dependency.name, dependency.version = declared["baseProvider"]["name"], declared["baseProvider"]["version"]
    return dependency
