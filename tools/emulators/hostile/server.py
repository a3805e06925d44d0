"""Listens, remembers what it was asked, and hands each request to whoever spoils the answer."""

import json
import socket
import ssl
import threading

import answers
import faults
import second
from wire import Answer, Gone, Line, Request


class Server:
    def __init__(self, before: str | None) -> None:
        self.upstream = faults.Upstream(before) if before else None
        self.plan = faults.Plan()
        self.places: dict[str, str] = {}
        self._lock = threading.Lock()
        self._requests: list[dict[str, object]] = []
        self._connections = 0

    def listen(self, name: str, context: ssl.SSLContext | None = None) -> str:
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        scheme = "https" if context else "http"
        self.places[name] = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
        threading.Thread(target=self._accept, args=(name, listener, context), daemon=True).start()
        return self.places[name]

    def _accept(self, name: str, listener: socket.socket, context: ssl.SSLContext | None) -> None:
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(name, connection, context), daemon=True).start()

    def _serve(self, name: str, connection: socket.socket, context: ssl.SSLContext | None) -> None:
        with self._lock:
            self._connections += 1
            number = self._connections
        try:
            secured = context.wrap_socket(connection, server_side=True) if context else connection
        except (OSError, ssl.SSLError):
            connection.close()
            return
        line = Line(secured, number)
        try:
            if context and secured.selected_alpn_protocol() == "h2":
                second.serve(line, lambda request: self._remember(name, line, request))
            while (request := line.receive()) is not None:
                self._respond(name, line, request)
        except (Gone, OSError, ValueError):
            pass
        finally:
            line.hang_up()

    def _respond(self, name: str, line: Line, request: Request) -> None:
        if request.target.startswith("/_control/"):
            with self._lock:
                answer = self._control(request)
            return line.answer(answer)
        self._remember(name, line, request)
        if self.upstream is None:
            return answers.respond(line, request, self.places)
        with self._lock:
            kind = self.plan.next()
        faults.respond(line, request, self.upstream, kind)

    def _remember(self, name: str, line: Line, request: Request) -> None:
        with self._lock:
            self._requests.append(
                {
                    "place": name,
                    "connection": line.number,
                    "method": request.method,
                    "target": request.target,
                    "headers": request.headers,
                    "body": request.body.decode("latin-1"),
                }
            )

    def _control(self, request: Request) -> Answer:
        match request.method, request.target:
            case "GET", "/_control/requests":
                connections = len({asked["connection"] for asked in self._requests})
                return Answer.json({"connections": connections, "requests": self._requests})
            case "DELETE", "/_control/requests":
                self._requests = []
            case "GET", "/_control/places":
                return Answer.json(self.places)
            case "GET", "/_control/faults":
                return Answer.json(sorted(faults.FAULTS))
            case "POST", "/_control/fault":
                asked = json.loads(request.body)
                if asked.get("kind") not in faults.FAULTS:
                    names = ", ".join(sorted(faults.FAULTS))
                    return Answer.text(400, f"There is no such fault. There are: {names}\n")
                self.plan = faults.Plan(asked["kind"], int(asked.get("at", 1)), int(asked.get("times", 1)))
            case "DELETE", "/_control/fault":
                self.plan = faults.Plan()
            case _:
                return Answer.text(404, "There is no such control.\n")
        return Answer(204)
