import Entries
import Foundation
import Ledger
import Machine
import Secrets
import Sync
import Testing

@testable import Application
@testable import Service

/// Much at once, over real sockets; tools/bench measures the same with more of it.
@Suite struct LoadTests {
    @Test func `G9 in a flood of forged posts each valid one is in the ledger before its answer`() throws {
        let served = try Served()
        let (clients, posts) = (8, 60)
        let answered = Guarded(0)
        let threads = try (0..<clients).map { client in
            try Background { () -> [String] in
                var faults: [String] = []
                let caller = Caller(served.port, from: "127.0.0.\(2 + client)")
                for post in 0..<posts {
                    if post % 10 == 0 {
                        let status = caller.ask(
                            "POST", "/hooks/google", headers: served.google(client, number: post + 1), body: "")?.status
                        let count = answered.with { answered in
                            answered += 1
                            return answered
                        }
                        if status != 200 { faults.append("\(post) was answered with \(status ?? 0)") }
                        if try served.home.count("notification.received") < count { faults.append("\(post) is lost") }
                    } else if post % 10 == 5 {
                        let body = String(repeating: "{", count: 2_000)
                        if caller.ask("POST", "/hooks/microsoft", body: body) == nil { faults.append("no answer") }
                    } else {
                        let headers = served.google(client, number: post, proof: "forged")
                        let status = caller.ask("POST", "/hooks/google", headers: headers, body: "")?.status
                        if status != 403 && status != 429 { faults.append("forged: \(status ?? 0)") }
                    }
                }
                return faults
            }
        }
        #expect(try threads.flatMap { try $0.wait() } == [])
        #expect(try served.home.count("notification.received") == clients * posts / 10)
    }

    @Test func `G07 whoever listens has every entry in order, beside one who does not read`() throws {
        let served = try Served()
        let start = served.home.household.bell.last
        let deaf = served.listener(after: start)
        let (listeners, entries) = (6, 400)
        let threads = try (0..<listeners).map { _ in
            try Background { Served.positions(served.listener(after: start), entries) }
        }
        for batch in 0..<20 { served.append(entries / 20, batch) }
        let wanted = Array(start + 1...start + Int64(entries))
        for thread in threads { #expect(try thread.wait() == wanted) }
        deaf.leave()
    }

    @Test func `G07 whoever was cut off goes on from the last entry that they had`() throws {
        let served = try Served()
        let start = served.home.household.bell.last
        // More than may wait for one listener, so that it has to be sent in parts.
        for batch in 0..<20 { served.append(100, batch) }
        let first = Served.positions(served.listener(after: start), 700)
        let last = try #require(first.last)
        let second = Served.positions(served.listener(after: last), 1_300)
        #expect(first + second == Array(start + 1...start + 2_000))
    }
}

/// A home with watches, behind a door that listens.
private final class Served: Sendable {
    let home: ServedHome
    let port: Int
    private let door: WebDoor
    private let names: Names
    private let token: String

    init() throws {
        home = try ServedHome()
        try home.connect("google", provider: .google)
        for number in 0..<8 {
            try home.append(WatchOpened(), stream: "watch/w\(number)") {
                ($0.watch, $0.connection, $0.calendar) = ("w\(number)", "google", "c\(number)")
                ($0.provider, $0.providerID, $0.resourceID) = (.google, "w\(number)", "r\(number)")
                $0.expires = ServedHome.start + 86_400_000
            }
        }
        let issued = try home.household.ask(
            IssueTokenRequest(user: home.user, tokenName: "Test", scopes: ["read", "admin"]))
        token = issued.secret.secret.reveal { $0 }
        names = try home.household.with { try $0.watches().names }
        let journal = Journal(.none, now: home.options.now)
        let timetable = Timetable(
            home.household, journal, now: home.options.now, randomness: home.options.randomness)
        door = try WebDoor(
            home.household, .init(place: ListeningPlace(address: "127.0.0.1", port: 0)), journal,
            board: ProgressBoard(), health: Health(home.household, timetable), now: home.options.now,
            randomness: home.options.randomness)
        port = Int(door.address.split(separator: ":").last ?? "") ?? 0
    }

    deinit { door.close() }

    func google(_ watch: Int, number: Int, proof: String? = nil) -> [String] {
        let id = "w\(watch)"
        return [
            "X-Goog-Channel-ID: \(id)", "X-Goog-Channel-Token: \(proof ?? names.proof(ofWatch: id).reveal { $0 })",
            "X-Goog-Message-Number: \(number)", "X-Goog-Resource-ID: r\(watch)", "X-Goog-Resource-State: exists",
        ]
    }

    /// Entries that tell nothing.
    func append(_ count: Int, _ batch: Int) {
        var failed = FetchFailed()
        (failed.reading.connection, failed.reading.run) = ("google", "run-\(batch)")
        failed.message = String(repeating: "No answer. ", count: 20)
        let drafts = (0..<count).map { _ in
            Draft(failed, stream: "connection/google", owner: home.user, actor: "test")
        }
        home.household.append(drafts) { _ in }
    }

    func listener(after position: Int64) -> Caller {
        let caller = Caller(port)
        caller.say(
            "GET /api/v1/entries?after=\(position) HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                + "Authorization: Bearer \(token)\r\n\r\n")
        return caller
    }

    /// The ids of so many events.
    static func positions(_ caller: Caller, _ count: Int) -> [Int64] {
        guard caller.hearHead()?.status == 200 else { return [] }
        var positions: [Int64] = []
        var rest = ""
        while positions.count < count, let chunk = caller.hearChunk(), !chunk.isEmpty {
            rest += String(decoding: chunk, as: UTF8.self)
            var lines = rest.split(separator: "\n", omittingEmptySubsequences: false)
            rest = String(lines.removeLast())
            positions += lines.filter { $0.hasPrefix("id: ") }.compactMap { Int64($0.dropFirst(4)) }
        }
        return Array(positions.prefix(count))
    }
}
