import Entries
import HTTP
import ICalendar
import Machine
import Providers
import Secrets

/// A server that publishes one calendar, in a few lines: it works, remembers what it was asked, and can be made to lie.
final class FeedServer: Transport {
    static let address = "https://calendar.example/private-7f3a/basic.ics?key=s3cret"

    var body: [UInt8]
    var status = 200
    var type: String? = "text/calendar; charset=utf-8"
    var entityTag: String?
    var lastModified: String?
    /// It sends the whole whatever it is asked.
    var ignoresConditions = false
    var more: [Header] = []
    var movedTo: String?
    var isLengthKnown = true
    var error: HTTPError?
    /// Answered once instead of what it has.
    var spoilt: String?
    /// It keeps what it was asked.
    var remembers = true
    private(set) var requests: [Request] = []

    init(_ body: String) { self.body = Array(body.utf8) }

    func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        requests.map { request in
            if remembers { self.requests.append(request) }
            if let error { return .failure(error) }
            if let text = spoilt.take() {
                return .success(Response(status: 200, headers: [], body: Array(text.utf8), address: request.address))
            }
            return .success(answer(request))
        }
    }

    private func answer(_ request: Request) -> Response {
        var headers = more
        if let type { headers.append(Header("Content-Type", type)) }
        if let entityTag { headers.append(Header("ETag", entityTag)) }
        if let lastModified { headers.append(Header("Last-Modified", lastModified)) }
        let isUnchanged = !ignoresConditions && status == 200 && isMet(request)
        var response = Response(
            status: isUnchanged ? 304 : status, headers: headers, body: isUnchanged ? [] : body,
            address: request.address, movedTo: movedTo.flatMap { try? Address($0) })
        response.isLengthKnown = isLengthKnown
        return response
    }

    /// As RFC 9110 has it: where a tag is asked for, the date does not count.
    private func isMet(_ request: Request) -> Bool {
        if let asked = request.header("If-None-Match") { return asked == entityTag }
        return request.header("If-Modified-Since").map { $0 == lastModified } ?? false
    }

    var answers: [Bool] { requests.map { $0.header("If-None-Match") != nil || $0.header("If-Modified-Since") != nil } }
}

extension Request {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// A feed as it is followed from round to round.
final class Following {
    private let transport: any Transport
    var now: Int64 = Following.start
    var days: Int64 = 30
    var address = FeedServer.address
    var login: String?
    var password = Secret("pass w0rd")
    var allowsPlain = false
    var cursor: String?
    /// What is known, by identifier.
    private(set) var marks: [String: String] = [:]
    private(set) var groups: [String: FoundGroup] = [:]
    let memory = ServerMemory()

    /// 2026-03-02T12:00:00Z
    static let start: Int64 = 1_772_452_800_000
    static let day: Int64 = 86_400_000
    private let zones = ZoneBook { name in try? Folder.read("/usr/share/zoneinfo/" + name, limit: 1 << 20) }

    init(_ transport: any Transport) { self.transport = transport }

    var means: Means {
        let now = now
        return Means(
            transport: transport, now: { now }, zones: zones, floatingZone: "Europe/Berlin",
            mark: { SHA256.hash($0.span).hexadecimal }, memory: memory)
    }

    func source() throws -> FeedSource {
        try FeedSource(
            address: Secret(address), login: login, password: password, allowsPlain: allowsPlain, means: means)
    }

    var window: ReadingWindow {
        ReadingWindow(from: now - 90 * Self.day, to: now + days * Self.day)
    }

    struct Round: Equatable {
        var created: Set<String> = []
        var changed: Set<String> = []
        var absent: Set<String> = []

        static let nothing = Round()
    }

    /// One round, as the stage of fetching makes it; nil where nothing changed since the last one.
    @discardableResult func read(_ source: FeedSource? = nil) throws -> Round? {
        let source = try source ?? self.source()
        guard let reading = try source.read(CalendarPlace(path: "feed"), wish) else { return nil }
        return try apply(reading)
    }

    var wish: ReadingWish { ReadingWish(cursor: cursor, window: window) }

    func apply(_ reading: Reading) throws -> Round {
        var round = Round()
        let known = marks
        let isNew = { (item: Reading.Item) in known[item.identifier] != item.mark }
        try reading.forEachPage(where: isNew) { page in
            for group in page { groups[group.identifier] = group }
        }
        for item in reading.items where known[item.identifier] != item.mark {
            if known[item.identifier] == nil {
                round.created.insert(item.identifier)
            } else {
                round.changed.insert(item.identifier)
            }
            marks[item.identifier] = item.mark
        }
        let present = Set(reading.items.map(\.identifier))
        if reading.isComplete { round.absent = Set(known.keys).subtracting(present) }
        cursor = reading.cursor
        return round
    }

    func failure() -> ReadingFailure? {
        do {
            _ = try read()
            return nil
        } catch {
            return error as? ReadingFailure
        }
    }
}

/// Texts of feeds.
enum Feed {
    static func event(_ uid: String?, _ start: String = "20260310T090000Z", _ lines: String...) -> String {
        (["BEGIN:VEVENT"] + (uid.map { ["UID:\($0)"] } ?? []) + ["DTSTART:\(start)", "SUMMARY:\(uid ?? "Nameless")"]
            + lines
            + ["END:VEVENT", ""]).joined(separator: "\r\n")
    }

    static func calendar(_ events: String..., properties: [String] = []) -> String {
        let head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Feeds//EN"] + properties
        return head.joined(separator: "\r\n") + "\r\n" + events.joined() + "END:VCALENDAR\r\n"
    }
}
