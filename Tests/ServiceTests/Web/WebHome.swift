import Entries
import Foundation
import HTTP
import Ledger
import Machine
import Rehearsal
import Secrets
import Sync
import WebServer

@testable import Application
@testable import Service

/// A home that is asked over HTTP, without a network: Ada, its administrator, and Bea and Cy, who have one thing of each
/// kind each. It is Monday 2026-01-05, 9:00 in Berlin.
final class WebHome: Asker, @unchecked Sendable {
    // Unchecked: a test asks from one thread, or the lock keeps it so.
    let place: String
    let home: OpenHome
    let ada: String
    /// Of `bea` all that she may do, of `bea:read` the one scope.
    private let tokens: [String: String]
    private let lock = NSLock()
    private(set) var router: Router!
    private(set) var rung: [Int64] = []
    /// The names of the requests that were made of what came.
    private(set) var asked: Set<String> = []
    var wait: Int64?

    static let password = "four words in a row"
    static let monday: Int64 = 1_767_600_000_000
    static let hour: Int64 = 3_600_000

    init(_ change: (inout WebMeans) -> Void = { _ in }) throws {
        let template = try Self.template.get()
        place = FileManager.default.temporaryDirectory.appending(path: "web-\(UUID().uuidString)").path
        try FileManager.default.copyItem(atPath: template.place, toPath: place)
        let options = Self.options()
        (ada, tokens, home) = (template.ada, template.tokens, try OpenHome(HomeFolder(place + "/home"), options))
        let access = Access(
            try home.access(),
            Access.Surroundings(now: options.now, randomness: options.randomness) { [unowned self] body in
                lock.lock()
                defer { lock.unlock() }
                try body(home)
            })
        var means = WebMeans(asker: self) { visit throws(AccessFault) in try access.caller(visit) }
        means.access = access
        means.identifier = { "test" }
        means.progressStream = { _ in ByteStream() }
        means.bell = { [unowned self] after, _ in rung.append(after) }
        means.limit = { [unowned self] _, _ in wait }
        change(&means)
        router = try Router(means)
    }

    deinit { try? FileManager.default.removeItem(atPath: place) }

    private static func options() -> OpenHome.Options {
        var options = OpenHome.Options()
        let time = RehearsedTime()
        options.now = { time.now() }
        options.randomness = .seeded(7)
        options.passwords = PasswordDesk(cost: .least)
        options.lockWaitMilliseconds = 10_000
        options.network = Network(transport: { _ in NoInternet() }, wait: { _ in })
        return options
    }

    /// Made once and copied for each test, which is many times faster.
    private static let template = Result {
        let place = FileManager.default.temporaryDirectory.appending(path: "web-template-\(UUID().uuidString)").path
        try Folder.create(place)
        let folder = HomeFolder(place + "/home")
        let ada = try NewHome.create(folder, userName: "Ada", zone: "Europe/Berlin", options()).user
        let home = try OpenHome(folder, options())
        for (user, name) in [("bea", "Bea"), ("cy", "Cy")] { try Settler(home: home).settle(user, name) }
        _ = try home.views()
        var tokens: [String: String] = [:]
        for (name, user, all) in [
            ("ada", ada, ["read", "write", "admin"]), ("bea", "bea", ["read", "write"]),
            ("cy", "cy", ["read", "write"]),
        ] {
            _ = try SetPasswordRequest(user: ada, account: user, password: Confided(Secret(password))).answer(in: home)
            var named = [name: all]
            for scope in all + (user == ada ? ["metrics"] : []) { named["\(name):\(scope)"] = [scope] }
            for (key, scopes) in named.sorted(by: { $0.key < $1.key }) {
                let issued = try IssueTokenRequest(user: user, tokenName: key, scopes: scopes).answer(in: home)
                tokens[key] = issued.secret.secret.reveal { $0 }
            }
        }
        try home.close()
        return (place: place, ada: ada, tokens: tokens)
    }

    func ask<SomeRequest: Application.Request>(_ request: SomeRequest) throws -> SomeRequest.Answer {
        lock.lock()
        defer { lock.unlock() }
        asked.insert(SomeRequest.name)
        return try OpenHome.explained(home.folder) { try request.answer(in: home) }
    }

    /// A browser in which somebody is logged in.
    struct Session {
        let cookie: String
        let mark: String

        /// What the pages of Daybook send with whatever changes something.
        var headers: [String: String] {
            [
                "Cookie": cookie, "X-CSRF-Token": mark, "Origin": "http://localhost:8080",
                "Sec-Fetch-Site": "same-origin",
            ]
        }
    }

    func session(of name: String) throws -> Session {
        let reply = send(
            "POST", "/api/v1/session", as: nil, json: #"{"name": "\#(name)", "password": "\#(Self.password)"}"#)
        let cookie = String(reply.header("Set-Cookie")?.prefix { $0 != ";" } ?? "")
        return Session(cookie: cookie, mark: try reply.json()["csrf"]?.text ?? "")
    }

    // MARK: Asking

    func send(
        _ method: String, _ path: String, as who: String? = "bea", json: String? = nil, headers: [String: String] = [:],
        body: [UInt8] = []
    ) -> Reply {
        let parts = path.split(separator: "?", maxSplits: 1)
        var visit = Visit(method, String(parts[0]), body: json.map { Array($0.utf8) } ?? body, peer: "127.0.0.1")
        if parts.count > 1 {
            visit.query = parts[1].split(separator: "&").map { pair in
                let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return Visit.Field(String(halves[0]), halves.count > 1 ? String(halves[1]) : "")
            }
        }
        var all = ["Host": "localhost:8080"]
        if let who { all["Authorization"] = "Bearer \(tokens[who] ?? who)" }
        if json != nil { all["Content-Type"] = "application/json" }
        all.merge(headers) { $1 }
        visit.headers = all.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map {
            Visit.Field($0.key, $0.value)
        }
        return router.reply(visit)
    }

    /// The answer as a tree; fails a test by being empty.
    func get(_ path: String, as who: String = "bea") throws -> JSONValue { try send("GET", path, as: who).json() }

    // MARK: What is there

    /// The ids of what a user has, by the kinds of the routes.
    func ids(of user: String) -> [IdentifyRequest.Kind: String] {
        [
            .connection: "connection-\(user)", .calendar: "calendar-\(user)", .person: "person-\(user)",
            .user: user, .meeting: "meeting-\(user)", .activity: "activity-\(user)",
            .address: home.desk().names.address(user, email: "pal@\(user).example"),
        ]
    }

    var settler: Settler { Settler(home: home) }
}

/// Writes down what is there.
struct Settler {
    let home: OpenHome

    @discardableResult
    func write<SomeFact: Fact>(
        _ fact: SomeFact, _ stream: String, _ owner: String, _ change: (inout SomeFact) -> Void
    ) throws -> Int64 {
        var fact = fact
        change(&fact)
        return try home.append([Draft(fact, stream: stream, owner: owner, actor: "test")])[0].position
    }

    func settle(_ user: String, _ name: String) throws {
        try write(UserAdded(), "user/\(user)", user) { ($0.user, $0.name, $0.zone) = (user, name, "Europe/Berlin") }
        let (connection, calendar) = ("connection-\(user)", "calendar-\(user)")
        try write(ConnectionAdded(), "connection/\(connection)", user) {
            ($0.connection, $0.name, $0.provider) = (connection, "Work of \(name)", .feed)
        }
        try write(CalendarFound(), "calendar/\(calendar)", user) {
            ($0.connection, $0.calendar, $0.providerID, $0.name) = (
                connection, calendar, calendar, "Calendar of \(name)"
            )
        }
        try write(CalendarChosen(), "calendar/\(calendar)", user) {
            ($0.connection, $0.calendar) = (connection, calendar)
        }
        let address = home.desk().names.address(user, email: "pal@\(user).example")
        try write(AddressSeen(), "address/\(address)", user) {
            ($0.address, $0.email, $0.name) = (address, "pal@\(user).example", "Pal of \(name)")
        }
        try write(PersonAdded(), "person/person-\(user)", user) {
            ($0.person, $0.details.name, $0.details.foldedName) = ("person-\(user)", "Pal of \(name)", "pal of \(user)")
            $0.details.addresses = [address]
        }
        try write(AddressMatched(), "address/\(address)", user) {
            ($0.address, $0.person, $0.rule, $0.confidence) = (address, "person-\(user)", .emailExact, 100)
        }
        try meeting("meeting-\(user)", "Secret of \(name)", hours: -24, of: user)
        try write(ActivityLogged(), "activity/activity-\(user)", user) {
            ($0.activity, $0.meeting, $0.person) = ("activity-\(user)", nil, "person-\(user)")
            ($0.details.title, $0.details.occurred) = ("Call of \(name)", WebHome.monday - 2 * WebHome.hour)
        }
    }

    @discardableResult
    func meeting(_ id: String, _ title: String, hours: Int64, of user: String = "bea") throws -> Int64 {
        try write(MeetingSeen(), "meeting/\(id)", user) {
            ($0.meeting, $0.connection, $0.calendar) = (id, "connection-\(user)", "calendar-\(user)")
            ($0.providerID, $0.details.title) = (id, title)
            ($0.details.starts, $0.details.ends) = (
                WebHome.monday + hours * WebHome.hour, WebHome.monday + (hours + 1) * WebHome.hour
            )
            var attendee = Attendee()
            attendee.address = home.desk().names.address(user, email: "pal@\(user).example")
            $0.details.attendees = [attendee]
        }
    }
}

/// A network in which nobody answers.
private final class NoInternet: Transport {
    func send(_ requests: [HTTP.Request]) -> [Result<Response, HTTPError>] {
        requests.map { _ in .failure(HTTPError(.unreachable, "Nobody answers.")) }
    }
}

extension JSONValue {
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var integer: Int64? { if case .integer(let integer) = self { integer } else { nil } }
    var list: [JSONValue] { if case .list(let list) = self { list } else { [] } }
    var members: [Member] { if case .object(let members) = self { members } else { [] } }
}
