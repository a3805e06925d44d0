import Entries
import Foundation
import HTTP
import Neighbours
import Secrets

@testable import Providers

/// The emulator of Google beside a test, what its users do, and a source that reads it.
final class GoogleEmulator {
    let calendar = "me@example.test"
    let address: String
    /// Looked at between source and network.
    var onSend: (() -> Void)?
    private let neighbour: Neighbour
    private let client: Client
    private var token = ""

    init(zone: String = "Europe/Berlin") throws {
        neighbour = try Pool.take()
        address = neighbour.url
        var options = Client.Options()
        options.allowed = [try Allowance("127.0.0.0/8")]
        client = Client(options)
        try control("POST", "reset")
        try control("PUT", "clock", ["now": "2026-01-05T08:00:00Z", "stopped": true])
        try control("PUT", "calendars/\(calendar)", ["timeZone": zone])
        try logIn()
    }

    deinit { Pool.give(neighbour) }

    /// Emulators that no test uses at the moment: to start one takes longer than most tests.
    private enum Pool {
        private nonisolated(unsafe) static var idle: [Neighbour] = []
        private static let lock = NSLock()

        static func take() throws -> Neighbour {
            if let neighbour = lock.withLock({ unsafe idle.popLast() }) { return neighbour }
            return try Neighbour(["tools/emulators/run", "google"])
        }

        static func give(_ neighbour: Neighbour) { lock.withLock { unsafe idle.append(neighbour) } }
    }

    func logIn(_ scopes: [String]? = nil) throws {
        let answer = try control("POST", "tokens", scopes.map { ["scopes": $0] } ?? [:])
        token = (answer as? [String: Any])?["access_token"] as? String ?? ""
    }

    // MARK: The source

    /// Adds what the account was granted, as the transport of a connection does.
    private final class Bearer: Transport {
        private unowned let emulator: GoogleEmulator

        init(_ emulator: GoogleEmulator) { self.emulator = emulator }

        func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
            emulator.onSend?()
            return emulator.client.send(
                requests.map { request in
                    var request = request
                    request.credentials = Credentials(
                        .bearer(Secret(emulator.token)), for: request.address.origin)
                    return request
                })
        }
    }

    var transport: any Transport { Bearer(self) }

    func source(_ transport: (any Transport)? = nil) -> GoogleSource {
        GoogleSource(GoogleMeans.make(transport ?? self.transport), hosts: GoogleHosts(emulator: address))
    }

    func people() -> GooglePeople {
        GooglePeople(GoogleMeans.make(transport), hosts: GoogleHosts(emulator: address))
    }

    func haul(since cursor: String?, _ calendar: String? = nil, access: Access? = nil) throws -> GoogleHaul? {
        try source().haul(calendar ?? self.calendar, since: cursor, access: access)
    }

    // MARK: Its users

    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    @discardableResult
    func control(_ method: String, _ path: String, _ body: Any? = nil) throws -> Any {
        var request = Request(method, try Address(address + "/_control/" + path.replacing("#", with: "%23")))
        if let body {
            request.headers = [Header("Content-Type", "application/json")]
            request.body = Array(try JSONSerialization.data(withJSONObject: body))
        }
        let response = try client.send(request)
        guard response.isSuccess else {
            throw Refused(description: "\(method) \(path): \(String(decoding: response.body, as: UTF8.self))")
        }
        return response.body.isEmpty
            ? [:] : try JSONSerialization.jsonObject(with: Data(response.body), options: .fragmentsAllowed)
    }

    @discardableResult
    func put(_ event: [String: Any], in calendar: String? = nil) throws -> [String: Any] {
        let answer = try control("POST", "calendars/\(calendar ?? self.calendar)/events", event)
        return answer as? [String: Any] ?? [:]
    }

    func act(_ method: String, _ path: String, _ body: Any? = nil) throws {
        try control(method, "calendars/\(calendar)/events/" + path, body)
    }

    /// Deletes an event or a whole series, as another program of the user's does.
    func delete(_ event: String) throws {
        var request = Request(
            "DELETE", try Address("\(address)/calendar/v3/calendars/\(calendar)/events/\(event)"))
        request.credentials = Credentials(.bearer(Secret(token)), for: request.address.origin)
        let response = try client.send(request)
        guard response.isSuccess else { throw Refused(description: "deleting \(event): \(response.status)") }
    }

    func fault(_ match: String, _ kind: String, times: Int = 1, after: Int = 0) throws {
        try control("POST", "faults", ["match": match, "kind": kind, "times": times, "after": after])
    }

    /// The parameters of the requests of one operation, from the first on.
    func requests(_ operation: String) throws -> [[String: String]] {
        let journal = try control("GET", "requests?operation=\(operation)") as? [[String: Any]] ?? []
        return journal.map { entry in
            let pairs = (entry["query"] as? [[String]] ?? []).filter { $0.count == 2 }
            return Dictionary(pairs.map { ($0[0], $0[1]) }) { $0 + "," + $1 }
        }
    }
}
