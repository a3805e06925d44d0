import Entries
import Foundation
import HTTP
import Ledger
import Machine
import Projections
import Rehearsal
import SQLite
import Secrets
import Sync

@testable import Application

/// A whole home in a folder of its own, as a person has it: only its clock, its chance and its waiting are a test's. It
/// knows Jane and Bob, and its clock shows 8 o'clock on 2026-01-05 in UTC.
final class ContractHome {
    let place: String
    let folder: HomeFolder
    let time: RehearsedTime
    let made: NewHome
    var options: OpenHome.Options { didSet { try? close() } }
    /// Kept from request to request, as the process that owns a home keeps it.
    private var open: OpenHome?
    /// The connection that was made last.
    var connection = ""
    var daysAhead: Int64 = 30
    /// What stands between this home and a server, by the address of the server.
    var ways: [String: String] = [:]
    /// Whether all that it says is remembered.
    var listens = false
    private(set) var said: [String] = []
    /// What the person was told besides answers.
    private(set) var notices: [String] = []

    init(seed: UInt64 = 1) throws {
        place = FileManager.default.temporaryDirectory.appending(path: "contract-\(UUID().uuidString)").path
        try Folder.create(place)
        folder = HomeFolder(place + "/home")
        let time = RehearsedTime()
        self.time = time
        var options = OpenHome.Options()
        options.now = { time.now() }
        options.randomness = .seeded(seed)
        options.lockWaitMilliseconds = 10_000
        // Who waits sees only that the clock went on.
        options.network = Network(transport: Network.system.transport, wait: { time.jump(by: $0) })
        self.options = options
        made = try NewHome.create(folder, userName: "Ada", zone: "Europe/Berlin", options)
        var allow = ChangeSettingRequest(user: nil, setting: "network.allowed_hosts", value: "127.0.0.0/8")
        allow.isHomeWide = true
        _ = try ask(allow)
        try know([.jane, .bob])
    }

    /// The same home as it lay on the disk at some moment.
    init(copying home: ContractHome, from folder: String, seed: UInt64 = 2) throws {
        place = FileManager.default.temporaryDirectory.appending(path: "contract-\(UUID().uuidString)").path
        try Folder.create(place)
        self.folder = HomeFolder(place + "/home")
        if folder == home.folder.path { try home.close() }
        try FileManager.default.copyItem(atPath: folder, toPath: self.folder.path)
        let time = RehearsedTime(startingAt: home.time.now())
        self.time = time
        made = home.made
        var options = home.options
        options.now = { time.now() }
        options.randomness = .seeded(seed)
        options.network = Network(transport: home.options.network.transport, wait: { time.jump(by: $0) })
        self.options = options
        (connection, daysAhead, ways) = (home.connection, home.daysAhead, home.ways)
    }

    deinit { try? FileManager.default.removeItem(atPath: place) }

    private func know(_ people: [Meeting.Guest]) throws {
        let cards = people.map { "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:\($0.name)\r\nEMAIL:\($0.email)\r\nEND:VCARD\r\n" }
        try Folder.replace(place + "/people.vcf", with: Array(cards.joined().utf8))
        _ = try ask(ImportPeopleRequest(user: nil, path: place + "/people.vcf"))
    }

    func way(to server: String) -> String { ways[server] ?? server }

    /// What comes in is changed on its way.
    func spoil(_ change: @escaping @Sendable (String) -> String) {
        options.network = Network(
            transport: { Spoiling(Network.system.transport($0), change) }, wait: options.network.wait)
    }

    /// Nobody waits for an answer for longer than a moment.
    func hurry() {
        options.network = Network(
            transport: { Hurrying(Network.system.transport($0)) }, wait: options.network.wait)
    }

    func takeTime() {
        options.network = Network(transport: Network.system.transport, wait: options.network.wait)
    }

    // MARK: Asking

    func ask<SomeRequest: Application.Request>(_ request: SomeRequest) throws -> SomeRequest.Answer {
        do {
            let answer = try inside { try request.answer(in: $0) }
            hear(answer)
            return answer
        } catch {
            if listens { said.append("\(error)") }
            if let refusal = error as? Refusal { hear(refusal) }
            throw error
        }
    }

    func inside<Answer>(_ body: (OpenHome) throws -> Answer) throws -> Answer {
        let home = try opened()
        return try OpenHome.explained(folder) { try body(home) }
    }

    /// Remembers what was said, as it would go through a socket.
    func hear(_ answer: some Encodable) {
        guard listens else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        if let text = try? encoder.encode(answer) { said.append(String(decoding: text, as: UTF8.self)) }
    }

    private func opened() throws -> OpenHome {
        if let open { return open }
        let home = try OpenHome(folder, options)
        open = home
        return home
    }

    /// The process ends, and leaves everything in order.
    func close() throws {
        guard let home = open else { return }
        open = nil
        try home.close()
        notices += home.notices
    }

    @discardableResult
    func sync(isFull: Bool = false, named: String? = nil) throws -> [SyncRequest.Reading] {
        var request = SyncRequest()
        request.isFull = isFull
        request.connection = named
        request.limit = 1_000
        return try ask(request).users[0].readings.filter { $0.calendar != nil || $0.outcome == "failed" }
    }

    /// How each calendar was read, in a word.
    @discardableResult
    func outcomes(isFull: Bool = false) throws -> [String] {
        try sync(isFull: isFull).map { reading in
            [reading.outcome, reading.errorCode].compactMap(\.self).joined(separator: " ")
        }
    }

    // MARK: Looking

    func rows(_ sql: String) throws -> [String] {
        try opened().views().read { views in
            try views.prepare(sql).map { row in
                (0..<row.count).compactMap { column in
                    switch row.value(column) {
                    case .integer(let integer): String(integer)
                    case .text(let text): text
                    default: nil
                    }
                }.joined(separator: " ")
            }
        }
    }

    /// What the calendars show, as `Planning 2025-12-10 08:00 (declined)`, in UTC, with what is special.
    func meetings() throws -> [String] {
        var request = MeetingsRequest()
        (request.since, request.until, request.limit) = ("2025-09-01", "2026-06-01", 1_000)
        return try ask(request).meetings.map { meeting in
            let when = meeting.firstDay.map { first in
                first == meeting.lastDay ? first : "\(first) to \(meeting.lastDay ?? "?")"
            }
            let marks = [
                meeting.isPrivate ? "private" : nil, meeting.isDeclined ? "declined" : nil,
                meeting.status == "confirmed" ? nil : meeting.status,
            ].compactMap(\.self)
            return "\(meeting.displayTitle) \(when ?? Self.text(meeting.starts))"
                + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))")
        }
    }

    /// Why nobody is logged for a meeting.
    func rules() throws -> [String] {
        var request = MeetingsRequest()
        (request.since, request.until, request.limit) = ("2025-09-01", "2026-06-01", 1_000)
        return try ask(request).meetings.compactMap(\.rule)
    }

    private static func text(_ instant: Int64?) -> String {
        guard let instant else { return "?" }
        let date = Date(timeIntervalSince1970: Double(instant) / 1_000)
        return date.formatted(.iso8601.dateSeparator(.dash).dateTimeSeparator(.space)).prefix(16).description
    }

    /// What stands logged, as `Planning: Jane Doe`, the earliest first; what was retracted with its reason.
    func activities() throws -> [String] {
        try rows(
            """
            SELECT COALESCE(activity.title, '(No title)') || ':', person.name,
                '(' || activity.retraction_reason || ')'
            FROM activity JOIN person ON person.person = activity.person
            ORDER BY activity.occurred, activity.title, person.name
            """)
    }

    /// When what stands took place, in UTC.
    func times() throws -> [String] {
        try rows(
            """
            SELECT strftime('%m-%d %H:%M', occurred / 1000, 'unixepoch') FROM activity WHERE retracted IS NULL
            ORDER BY occurred
            """)
    }

    /// What stands in the end. Of what was taken back the reason is that of what was seen first, so it is left out.
    func state() throws -> [String] {
        let activities = try rows(
            """
            SELECT activity.title, activity.occurred, person.name, retracted IS NULL FROM activity
            JOIN person ON person.person = activity.person ORDER BY 2, 1, 3
            """)
        let attendees = try rows(
            """
            SELECT meeting.title, meeting.starts, address.email, meeting_attendee.response FROM meeting
            JOIN meeting_attendee USING (meeting) JOIN address USING (address) WHERE sightings > 0 ORDER BY 2, 1, 3
            """)
        let quarantined = try rows("SELECT provider_id FROM meeting_quarantine ORDER BY 1")
        let calendars = try rows("SELECT name, is_chosen FROM calendar ORDER BY 1")
        return try meetings() + activities + attendees + quarantined + calendars
    }

    func count(_ types: String...) throws -> Int {
        let list = types.map { "'\($0)'" }.joined(separator: ", ")
        return Int(try rows("SELECT COUNT(*) FROM entry_index WHERE type IN (\(list))")[0]) ?? 0
    }

    /// How many entries speak of meetings and of what follows from them.
    func substance() throws -> Int {
        Int(
            try rows(
                """
                SELECT COUNT(*) FROM entry_index
                WHERE type LIKE 'meeting.%' OR type LIKE 'series.%' OR type LIKE 'activity.%' OR type LIKE 'address.%'
                """)[0]) ?? 0
    }

    /// Every file of the home, by its name.
    func files() throws -> [String: [UInt8]] {
        try close()
        var files: [String: [UInt8]] = [:]
        for name in try Folder.names(in: folder.path) { files[name] = try Folder.read(folder.path + "/" + name) }
        return files
    }
}

private final class Hurrying: Transport {
    private let inner: any Transport

    init(_ inner: any Transport) { self.inner = inner }

    func send(_ requests: [HTTP.Request]) -> [Result<Response, HTTPError>] {
        inner.send(
            requests.map { request in
                var request = request
                request.limits.totalSeconds = 1
                return request
            })
    }
}

/// Hands on what was answered, changed.
private final class Spoiling: Transport {
    private let inner: any Transport
    private let change: @Sendable (String) -> String

    init(_ inner: any Transport, _ change: @escaping @Sendable (String) -> String) {
        self.inner = inner
        self.change = change
    }

    func send(_ requests: [HTTP.Request]) -> [Result<Response, HTTPError>] {
        inner.send(requests).map { result in
            result.map { response in
                var response = response
                response.body = Array(change(String(decoding: response.body, as: UTF8.self)).utf8)
                return response
            }
        }
    }
}
