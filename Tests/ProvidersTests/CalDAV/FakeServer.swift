import Entries
import Foundation
import HTTP
import Secrets

@testable import Providers

/// A CalDAV server in memory, which answers as it is told to: what no real server does on demand.
final class FakeServer: Transport {
    struct Event {
        var tag: String?
        var text: String
    }

    let origin: String
    var requests: [Request] = []
    /// By their names, as they stand in paths.
    var events: [String: Event] = [:]
    /// How the path of a member is written in answers.
    var href: (_ path: String) -> String = { $0 }
    /// Answers before anything else does.
    var hook: (Request) -> Result<Response, HTTPError>? = { _ in nil }
    var hasToken = true
    var hasTag = true
    /// Says that it knows the report of changes, and answers it from nothing with so many members at the most.
    var listsAtMost: Int?
    /// What the calendar is called; nil is not said.
    var name: String? = "Work"
    private(set) var version = 1
    private var history: [(version: Int, name: String)] = []

    static let principal = "/principals/alice/"
    static let home = "/dav/alice/"
    static let calendar = "/dav/alice/work/"

    init(origin: String = "https://cal.example.org") {
        self.origin = origin
    }

    var address: Address { get throws { try Address(origin + "/") } }

    // MARK: What it holds

    func put(_ name: String, _ text: String, tag: String? = nil) {
        version += 1
        events[name] = Event(tag: tag ?? "\"\(version)\"", text: text)
        history.append((version, name))
    }

    func delete(_ name: String) {
        version += 1
        events[name] = nil
        history.append((version, name))
    }

    // MARK: Answers

    func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        self.requests += requests
        return requests.map { request in hook(request) ?? .success(answer(request)) }
    }

    private func answer(_ request: Request) -> Response {
        let body = String(decoding: request.body, as: UTF8.self)
        let depth = request.headers.first { $0.name == "Depth" }?.value
        let path = request.address.path
        switch (request.method, path) {
        case ("PROPFIND", "/"), ("PROPFIND", "/.well-known/caldav"):
            return multistatus(
                request,
                Self.response("/", "<D:current-user-principal>\(Self.link(Self.principal))</D:current-user-principal>"))
        case ("PROPFIND", Self.principal):
            return multistatus(
                request,
                Self.response(Self.principal, "<C:calendar-home-set>\(Self.link(Self.home))</C:calendar-home-set>"))
        case ("PROPFIND", Self.home):
            return multistatus(
                request,
                Self.response(Self.home, "<D:resourcetype><D:collection/></D:resourcetype>") + describe())
        case ("PROPFIND", Self.calendar) where depth == "0": return multistatus(request, describe())
        case ("PROPFIND", Self.calendar): return multistatus(request, describe() + members(events.keys.sorted()))
        case ("REPORT", Self.calendar) where body.contains("sync-collection"): return changes(request, body)
        case ("REPORT", Self.calendar): return contents(request, body)
        case ("GET", _): return file(request)
        default: return Response(status: 404, headers: [], body: [], address: request.address)
        }
    }

    private func describe() -> String {
        let token = hasToken ? "<D:sync-token>urn:token:\(version)</D:sync-token>" : ""
        let tag = hasTag ? "<S:getctag>\(version)</S:getctag>" : ""
        let types = "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"
        let name = name.map { "<D:displayname>\($0)</D:displayname>" } ?? ""
        let report = "<D:supported-report><D:report><D:sync-collection/></D:report></D:supported-report>"
        let reports = listsAtMost == nil ? "" : "<D:supported-report-set>\(report)</D:supported-report-set>"
        return Self.response(Self.calendar, types + name + token + tag + reports)
    }

    private func members(_ names: [String]) -> String {
        names.map { name in
            let path = href(Self.calendar + name)
            guard let event = events[name] else { return Self.removed(path) }
            return Self.response(path, event.tag.map { "<D:getetag>\(Self.escaped($0))</D:getetag>" } ?? "<D:x/>")
        }.joined()
    }

    private func changes(_ request: Request, _ body: String) -> Response {
        let next = "<D:sync-token>urn:token:\(version)</D:sync-token>"
        if let listsAtMost, !body.contains("urn:token:") {
            return multistatus(request, members(Array(events.keys.sorted().prefix(listsAtMost))) + next)
        }
        let since = body.firstRange(of: "urn:token:").flatMap { Int(body[$0.upperBound...].prefix { $0.isNumber }) }
        guard let since, since <= version else {
            return Self.error(request, 403, "<D:valid-sync-token/>")
        }
        let names = Set(history.filter { $0.version > since }.map(\.name)).sorted()
        return multistatus(request, members(names) + next)
    }

    private func contents(_ request: Request, _ body: String) -> Response {
        let hrefs = body.split(separator: "<D:href>").dropFirst().map { String($0.prefix { $0 != "<" }) }
        let parts = hrefs.map { wanted in
            guard let name = events.keys.first(where: { Self.escaped(href(Self.calendar + $0)) == wanted }),
                let event = events[name]
            else { return Self.removed(wanted) }
            let tag = event.tag.map { "<D:getetag>\(Self.escaped($0))</D:getetag>" } ?? ""
            return Self.response(
                href(Self.calendar + name), tag + "<C:calendar-data>\(Self.escaped(event.text))</C:calendar-data>")
        }
        return multistatus(request, parts.joined())
    }

    private func file(_ request: Request) -> Response {
        let event = events.first {
            DAVPath.normalised(Self.calendar + $0.key) == DAVPath.normalised(request.address.path)
        }
        return Response(
            status: event == nil ? 404 : 200, headers: [Header("Content-Type", "text/calendar")],
            body: Array((event?.value.text ?? "").utf8), address: request.address)
    }

    // MARK: Words

    func multistatus(_ request: Request, _ content: String, status: Int = 207) -> Response {
        Self.multistatus(request, content, status: status)
    }

    static func multistatus(_ request: Request, _ content: String, status: Int = 207) -> Response {
        let text = """
            <?xml version="1.0" encoding="utf-8"?><D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" \
            xmlns:A="urn:ietf:params:xml:ns:carddav" xmlns:S="http://calendarserver.org/ns/">\(content)</D:multistatus>
            """
        return Response(
            status: status, headers: [Header("Content-Type", "application/xml")], body: Array(text.utf8),
            address: request.address)
    }

    static func error(_ request: Request, _ status: Int, _ condition: String = "") -> Response {
        let text = "<D:error xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">\(condition)</D:error>"
        return Response(status: status, headers: [], body: Array(text.utf8), address: request.address)
    }

    static func response(_ href: String, _ properties: String) -> String {
        """
        <D:response><D:href>\(escaped(href))</D:href><D:propstat><D:prop>\(properties)</D:prop>\
        <D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>
        """
    }

    static func removed(_ href: String) -> String {
        "<D:response><D:href>\(escaped(href))</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>"
    }

    static func link(_ href: String) -> String { "<D:href>\(escaped(href))</D:href>" }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}

/// A calendar on a fake server, and what was read of it round by round.
final class FakeAccount {
    let server: FakeServer
    let memory = ServerMemory()
    var shadow = Shadow()
    var now = Rig.now

    init(_ server: FakeServer = FakeServer()) {
        self.server = server
    }

    var source: CalDAVSource {
        get throws {
            CalDAVSource(
                at: try server.address, means: Rig.means(server, now: now, memory: memory))
        }
    }

    func read() throws -> Shadow.Round? {
        var next = shadow
        let round = try next.read(try source, FakeServer.calendar)
        shadow = next
        return round
    }
}
