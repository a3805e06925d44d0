import Entries
import Foundation
import HTTP
import ICalendar
import Neighbours
import Providers
import Secrets
import Testing
import WebServer

@testable import Service

/// An emulator, a source that asks it for watches, and what it posted, as visits.
final class PushEmulator {
    static let isHere = Neighbour.has("python3")
    let provider: Provider
    private let neighbour: Neighbour
    private let echo: Neighbour
    private let client: Client
    private var token = ""
    private var seen = 0

    init(_ provider: Provider) throws {
        self.provider = provider
        neighbour = try Neighbour(["tools/emulators/run", provider.rawValue])
        echo = try Neighbour(["tools/emulators/echo"])
        var options = Client.Options()
        options.allowed = [try Allowance("127.0.0.0/8")]
        client = Client(options)
        try control("PUT", "clock", ["now": "2026-01-05T08:00:00Z", "stopped": true])
        token = try #require(try control("POST", "tokens", [:]) as? [String: Any])["access_token"] as? String ?? ""
    }

    /// As the emulator's clock shows it.
    static let now: Int64 = 1_767_600_000_000

    private final class Bearer: Transport {
        let client: Client
        let token: String

        init(client: Client, token: String) { (self.client, self.token) = (client, token) }

        func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
            client.send(
                requests.map { request in
                    var request = request
                    request.credentials = Credentials(.bearer(Secret(token)), for: request.address.origin)
                    return request
                })
        }
    }

    func source() throws -> any CalendarSource & Watching {
        let means = Means(
            transport: Bearer(client: client, token: token), now: { Self.now }, zones: ZoneBook { _ in nil },
            mark: { String(SHA256.hash($0).hexadecimal.prefix(16)) })
        if provider == .google { return GoogleSource(means, hosts: GoogleHosts(emulator: neighbour.url)) }
        return try MicrosoftSource(means, base: neighbour.url + "/v1.0")
    }

    /// The main calendar, by its own name.
    func place() throws -> CalendarPlace {
        let main = try #require(try source().calendars().calendars.first { $0.isPrimary })
        return CalendarPlace(path: main.path, name: main.name)
    }

    func terms(_ watch: String, _ proof: String, days: Int64 = 6) -> WatchTerms {
        WatchTerms(
            watch: watch, proof: proof, address: "\(echo.url)/hooks/\(provider.rawValue)",
            until: Self.now + days * 86_400_000)
    }

    @discardableResult
    func control(_ method: String, _ path: String, _ body: Any? = nil) throws -> Any {
        var request = Request(method, try Address(neighbour.url + "/_control/" + path))
        if let body {
            request.headers = [Header("Content-Type", "application/json")]
            request.body = Array(try JSONSerialization.data(withJSONObject: body))
        }
        let response = try client.send(request)
        try #require(response.isSuccess, "\(method) \(path): \(String(decoding: response.body, as: UTF8.self))")
        return response.body.isEmpty
            ? [:] : try JSONSerialization.jsonObject(with: Data(response.body), options: .fragmentsAllowed)
    }

    /// A user makes an event.
    func change(_ id: String) throws {
        let times: [String: Any] = ["dateTime": "2026-01-06T09:00:00", "timeZone": "UTC"]
        let ends: [String: Any] = ["dateTime": "2026-01-06T10:00:00", "timeZone": "UTC"]
        let calendar = provider == .google ? try place().path : "primary"
        try control(
            "POST", "calendars/\(calendar)/events",
            ["id": id, "summary": id, "subject": id, "start": times, "end": ends])
    }

    /// What was posted since it was asked last, once nothing more is on its way.
    func posted() throws -> [Visit] {
        try control("POST", "deliveries/wait", ["seconds": 5])
        let all = try control("GET", "deliveries") as? [[String: Any]] ?? []
        defer { seen = all.count }
        return try all.dropFirst(seen).map { post in
            let address = try #require(URLComponents(string: post["address"] as? String ?? ""))
            let headers = post["headers"] as? [String: String] ?? [:]
            // Decoded once, as the listener does it.
            let query = (address.percentEncodedQuery ?? "").split(separator: "&").map { part in
                let pair = part.replacing("+", with: " ").split(separator: "=", maxSplits: 1).map(String.init)
                return Visit.Field(pair[0], pair.count > 1 ? pair[1].removingPercentEncoding ?? "" : "")
            }
            return Visit(
                "POST", address.path, query: query, headers: headers.map { .init($0.key, $0.value) },
                body: Array((post["body"] as? String ?? "").utf8), peer: "127.0.0.1")
        }
    }
}
