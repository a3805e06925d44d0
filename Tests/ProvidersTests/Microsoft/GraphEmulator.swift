import Foundation
import HTTP
import Neighbours
import Secrets
import Synchronization
import Testing

@testable import Providers

/// The emulator of Graph, and a source that reads it through the client that everything goes out through.
final class GraphEmulator {
    private let neighbour: Neighbour
    private let client: Client
    let waits = Waits()
    private var token = ""

    static let isHere = Neighbour.has("python3")

    init() throws {
        neighbour = try Neighbour(["tools/emulators/run", "microsoft"])
        var options = Client.Options()
        options.allowed = [try Allowance(String(neighbour.url.dropFirst("http://".count)))]
        client = Client(options)
        try control("PUT", "clock", ["now": "2026-11-23T08:00:00Z", "stopped": true])
        token = try #require(try control("POST", "tokens", [:])["access_token"] as? String)
    }

    // MARK: Control

    @discardableResult
    func control(_ method: String, _ path: String, _ body: Any? = nil) throws -> [String: Any] {
        try #require(try answer(method, path, body) as? [String: Any])
    }

    func list(_ path: String) throws -> [[String: Any]] {
        try #require(try answer("GET", path, nil) as? [[String: Any]])
    }

    private func answer(_ method: String, _ path: String, _ body: Any?) throws -> Any {
        var request = Request(method, try Address(neighbour.url + "/_control/" + path))
        if let body {
            request.body = Array(try JSONSerialization.data(withJSONObject: body))
            request.headers = [Header("Content-Type", "application/json")]
        }
        let response = try client.send(request)
        let text = String(decoding: response.body, as: UTF8.self)
        try #require(response.isSuccess, "\(method) \(path): \(text)")
        return response.body.isEmpty ? [:] : try JSONSerialization.jsonObject(with: Data(response.body))
    }

    func make(_ events: [String: Any]...) throws {
        for event in events { try control("POST", "calendars/primary/events", event) }
    }

    /// A series of weekdays at nine in Berlin, from the Monday of the tests on.
    func makeSeries(_ key: String = "series", subject: String = "Standup", count: Int = 5) throws {
        try make([
            "id": key, "subject": subject,
            "start": ["dateTime": "2026-11-23T09:00:00", "timeZone": "W. Europe Standard Time"],
            "end": ["dateTime": "2026-11-23T09:15:00", "timeZone": "W. Europe Standard Time"],
            "recurrence": [
                "pattern": ["type": "daily", "interval": 1],
                "range": ["type": "numbered", "startDate": "2026-11-23", "numberOfOccurrences": count],
            ],
        ])
    }

    /// As somebody does who uses Outlook.
    func delete(_ event: String) throws {
        let request = Request("DELETE", try Address(neighbour.url + "/v1.0/me/events/" + event))
        let response = try Bearing(client, token).send(request)
        try #require(response.isSuccess)
    }

    /// The requests that were made, as the emulator has them.
    func journal() throws -> [[String: Any]] {
        let answer = try answer("GET", "requests", nil)
        return try #require(((answer as? [String: Any])?["requests"] ?? answer) as? [[String: Any]])
    }

    // MARK: Reading

    var means: Means {
        let patience = Patience(
            Bearing(client, token),
            .init(now: { Moments.now }, wait: { [waits] in waits.add($0) }, chance: { 0.5 }))
        return Means.forTests(patience)
    }

    func source() throws -> MicrosoftSource { try MicrosoftSource(means, base: neighbour.url + "/v1.0") }

    func people(_ cursor: String? = nil) throws -> FoundPeople? {
        try MicrosoftPeople(means, base: neighbour.url + "/v1.0").people(since: cursor)
    }

    func read(_ cursor: String? = nil, window: ReadingWindow = .forTests, known: Set<String> = []) throws -> Reading? {
        let source = try source()
        let main = try #require(try source.calendars().calendars.first)
        return try source.read(
            CalendarPlace(path: main.path), ReadingWish(cursor: cursor, window: window, isKnown: known.contains))
    }
}

/// How often, and for how long in all, somebody would have waited.
final class Waits: Sendable {
    private let counted = Atomic<Int>(0)
    private let summed = Atomic<Int64>(0)

    var count: Int { counted.load(ordering: .relaxed) }
    var milliseconds: Int64 { summed.load(ordering: .relaxed) }

    func add(_ milliseconds: Int64) {
        counted.add(1, ordering: .relaxed)
        summed.add(milliseconds, ordering: .relaxed)
    }
}

/// Shows the token of the account.
private final class Bearing: Transport {
    private let inner: any Transport
    private let token: String

    init(_ inner: any Transport, _ token: String) {
        self.inner = inner
        self.token = token
    }

    func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        inner.send(
            requests.map { request in
                var request = request
                request.credentials = Credentials(.bearer(Secret(token)), for: request.address.origin)
                return request
            })
    }
}
