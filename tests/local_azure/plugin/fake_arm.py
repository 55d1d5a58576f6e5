"""A very small ARM for tests of the bridge: it keeps bodies, answers asynchronously where told, and misbehaves on cue."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Answer:
    """One scripted answer, given to the next request of that method whose path holds the text."""

    method: str
    path: str
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    store: bool = False


class FakeArm(ThreadingHTTPServer):
    """Keeps resources in `resources` by lower-case id and every request in `log` as (method, path, body)."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.resources: dict[str, dict[str, Any]] = {}
        self.log: list[tuple[str, str, Any]] = []
        self.versions: list[str] = []
        self.queries: list[dict[str, list[str]]] = []
        self.script: list[Answer] = []
        self.asynchronous = True
        self.polls: dict[str, int] = {}
        self.polls_needed = 1
        self.retry_after = 10
        self.final_state = "Succeeded"
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> FakeArm:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def calls(self, method: str) -> list[str]:
        return [path for verb, path, _ in self.log if verb == method]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FakeArm

    def log_message(self, *_: Any) -> None:
        return

    def do_GET(self) -> None:
        self._answer("GET")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        split = urlsplit(self.path)
        arm = self.server
        with arm.lock:
            arm.log.append((method, split.path, body))
            query = parse_qs(split.query)
            arm.versions += query.pop("api-version", [])
            arm.queries.append(query)
            scripted = next((a for a in arm.script if a.method == method and a.path in split.path), None)
            if scripted is not None:
                arm.script.remove(scripted)
                if scripted.store:
                    self._keep(split.path, body)
                self._send(scripted.status, scripted.body, scripted.headers)
                return
            self._plain(method, split.path, body)

    def _keep(self, path: str, body: Any) -> dict[str, Any]:
        body = json.loads(json.dumps(body))
        properties = body.setdefault("properties", {})
        properties["provisioningState"] = "Succeeded"
        for child in properties.get("subnets") or []:
            child["id"] = f"{path}/subnets/{child['name']}"
            child["etag"] = 'W/"1"'
        if "/privateEndpoints/" in path:
            properties["networkInterfaces"] = [{"id": path.replace("privateEndpoints", "networkInterfaces") + "-nic"}]
        if "/userAssignedIdentities/" in path:
            properties["principalId"] = "00000000-0000-0000-0000-0000000000dd"
        body |= {"id": path, "name": path.rsplit("/", 1)[1], "type": "/".join(path.split("/")[-3:-1])}
        self.server.resources[path.lower()] = body
        return body

    def _plain(self, method: str, path: str, body: Any) -> None:
        arm = self.server
        found = arm.resources.get(path.lower())
        if path.startswith("/operations/"):
            self._operation(path)
        elif method == "PUT" or (method == "PATCH" and found is not None):
            kept = self._keep(path, body if found is None or method == "PUT" else {**found, **body})
            headers = {
                "Azure-AsyncOperation": f"{arm.url}/operations/{len(arm.log)}/0",
                "Retry-After": f"{arm.retry_after}",
            }
            self._send(201 if found is None else 200, kept, headers if arm.asynchronous else {})
        elif method == "DELETE":
            gone = [key for key in arm.resources if key == path.lower() or key.startswith(f"{path.lower()}/")]
            for key in gone:
                del arm.resources[key]
            self._send(200 if gone else 204, None, {})
        elif found is not None:
            self._send(200, found, {})
        else:
            error = {"error": {"code": "ResourceNotFound", "message": f"{path} was not found."}}
            self._send(404, error, {"x-ms-request-id": "request-404"})

    def _operation(self, path: str) -> None:
        _, _, key, turn = path.split("/")
        done = int(turn) + 1 >= self.server.polls_needed
        answer: dict[str, Any] = {"status": self.server.final_state if done else "InProgress"}
        if done and self.server.final_state == "Failed":
            answer["error"] = {"code": "SubnetFull", "message": "no address is left"}
        newer = f"{self.server.url}/operations/{key}/{int(turn) + 1}"
        headers = {"Azure-AsyncOperation": newer} | ({} if self.server.retry_after else {"Retry-After": "0"})
        self._send(200, answer, headers)

    def _send(self, status: int, body: Any, headers: dict[str, str]) -> None:
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    FakeArm(8123).serve_forever()
