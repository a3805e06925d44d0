public import HTTP
import Rehearsal
import Synchronization

/// The calendars of the simulation as they truly are, and the servers that tell of them, not always well.
///
/// What the program makes of it is compared with what stands here; nothing of the program's own rules is used for that.
public final class World: Transport, @unchecked Sendable {
    // Unchecked: one thread drives the whole simulation.

    /// A meeting as it truly is.
    public struct Event {
        public let uid: String
        public var starts: Int64
        public var minutes: Int64
        public var guests: [Int]
        public var sequence = 0
        public var isCancelled = false

        public var ends: Int64 { starts + minutes * 60_000 }
    }

    /// A calendar of one user at one server.
    struct Feed {
        var events: [Event] = []
        var version = 0
        var text: (version: Int, bytes: [UInt8])?
    }

    public enum Fault: Int, CaseIterable {
        case timeout, unreachable, error500, unavailable, tooMany, cutOff, empty, page, moved, slow
    }

    public struct Counts: Sendable {
        public var requests = 0
        public var faults = 0
        public var unchanged = 0
    }

    /// So many people each user knows; the next so many are strangers.
    static let known = 6

    private var chance: Chance
    private let faultsPerMille: Int
    private(set) var feeds: [String: Feed] = [:]
    private let now: () -> Int64
    public private(set) var counts = Counts()
    public var isFaulty = false

    init(seed: UInt64, faultsPerMille: Int, now: @escaping () -> Int64) {
        chance = Chance(seed: seed ^ 0x5eed)
        self.faultsPerMille = faultsPerMille
        self.now = now
    }

    // MARK: What is true

    static func path(_ user: Int, _ connection: Int) -> String { "/\(user)/\(connection).ics" }

    static func address(_ user: Int, _ connection: Int) -> String {
        "https://calendars.example\(path(user, connection))"
    }

    static func guest(_ user: Int, _ number: Int) -> String {
        "\(number < known ? "friend" : "stranger")\(number)@circle\(user).example"
    }

    func open(_ user: Int, _ connection: Int) {
        feeds[Self.path(user, connection)] = Feed()
        // What lies before the first reading, and ahead of it.
        for _ in 0..<12 { add(user, connection, within: -20 * 24...10 * 24) }
    }

    /// Something happens in a calendar: most often nothing much.
    func change(_ user: Int, _ connection: Int) {
        let path = Self.path(user, connection)
        guard var feed = feeds[path] else { return }
        let open = feed.events.indices.filter { !feed.events[$0].isCancelled && feed.events[$0].starts > now() }
        switch chance.below(10) {
        case 0...5: return add(user, connection, within: -2...7 * 24)
        case 6...7:
            guard !open.isEmpty else { return }
            let index = chance.pick(open)
            feed.events[index].starts += Int64(chance.below(12) - 4) * 30 * 60_000
            feed.events[index].sequence += 1
        case 8:
            guard !open.isEmpty else { return }
            let index = chance.pick(open)
            feed.events[index].isCancelled = true
            feed.events[index].sequence += 1
        default:
            guard !open.isEmpty else { return }
            let index = chance.pick(open)
            feed.events[index].guests = guests()
            feed.events[index].sequence += 1
        }
        feed.version += 1
        feeds[path] = feed
    }

    private func add(_ user: Int, _ connection: Int, within hours: ClosedRange<Int>) {
        let path = Self.path(user, connection)
        let hour = hours.lowerBound + chance.below(hours.count)
        // On the quarter of an hour, so that nights in which clocks change are met exactly.
        let quarter: Int64 = 15 * 60_000
        let starts = (now() + Int64(hour) * 3_600_000) / quarter * quarter
        feeds[path]?.events.append(
            Event(
                uid: chance.identifier(), starts: starts, minutes: Int64(1 + chance.below(6)) * 15, guests: guests()))
        feeds[path]?.version += 1
    }

    private func guests() -> [Int] {
        var guests: Set<Int> = []
        for _ in 0...chance.below(3) { guests.insert(chance.below(Self.known + 3)) }
        return guests.sorted()
    }

    /// What must be logged by now, and what must not be: the titles with the people of each.
    func expected(of user: Int, connections: Int, at time: Int64) -> (must: Set<String>, mustNot: Set<String>) {
        var (must, mustNot): (Set<String>, Set<String>) = ([], [])
        for connection in 0..<connections {
            for event in feeds[Self.path(user, connection)]?.events ?? [] {
                for guest in event.guests where guest < Self.known {
                    let line = "\(event.uid) friend\(guest)"
                    if event.isCancelled { mustNot.insert(line) } else if event.ends <= time { must.insert(line) }
                }
            }
        }
        return (must, mustNot)
    }

    // MARK: What is told

    public func send(_ requests: [HTTP.Request]) -> [Result<Response, HTTPError>] { requests.map(answer) }

    private func answer(_ request: HTTP.Request) -> Result<Response, HTTPError> {
        counts.requests += 1
        guard let feed = feeds[request.address.path] else { return .success(response(404, [], request)) }
        if isFaulty, chance.below(1_000) < faultsPerMille {
            counts.faults += 1
            return faulty(chance.pick(Fault.allCases), feed, request)
        }
        return told(feed, request)
    }

    private func told(_ feed: Feed, _ request: HTTP.Request) -> Result<Response, HTTPError> {
        let tag = "\"v\(feed.version)\""
        if request.headers.contains(where: { $0.name.lowercased() == "if-none-match" && $0.value == tag }) {
            counts.unchanged += 1
            return .success(response(304, [], request, tag: tag))
        }
        return .success(response(200, text(request.address.path), request, tag: tag))
    }

    private func faulty(_ fault: Fault, _ feed: Feed, _ request: HTTP.Request) -> Result<Response, HTTPError> {
        switch fault {
        case .timeout: return .failure(HTTPError(.timedOut, "Nothing came."))
        case .unreachable: return .failure(HTTPError(.unreachable, "Nobody is there."))
        case .error500: return .success(response(500, [], request))
        case .unavailable: return .success(response(503, [], request, more: [Header("Retry-After", "120")]))
        case .tooMany: return .success(response(429, [], request, more: [Header("Retry-After", "60")]))
        case .cutOff:
            let whole = text(request.address.path)
            return .success(response(200, Array(whole.prefix(whole.count / 2)), request))
        case .empty:
            return .success(response(200, Array("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n".utf8), request))
        case .page: return .success(response(200, Array("<html>Please log in</html>".utf8), request, type: "text/html"))
        case .moved: return .failure(HTTPError(.cutOff, "The connection was closed."))
        // An old copy, as a cache has it: the same once more, without a mark.
        case .slow: return .success(response(200, text(request.address.path), request))
        }
    }

    private func response(
        _ status: Int, _ body: [UInt8], _ request: HTTP.Request, tag: String? = nil, more: [Header] = [],
        type: String = "text/calendar; charset=utf-8"
    ) -> Response {
        var headers = [Header("Content-Type", type)] + more
        if let tag { headers.append(Header("ETag", tag)) }
        return Response(status: status, headers: headers, body: body, address: request.address)
    }

    private func text(_ path: String) -> [UInt8] {
        guard let feed = feeds[path] else { return [] }
        if let text = feed.text, text.version == feed.version { return text.bytes }
        let user = Int(path.split(separator: "/").first ?? "") ?? 0
        var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//simulation//EN", "X-WR-CALNAME:Calendar"]
        for event in feed.events {
            lines += [
                "BEGIN:VEVENT", "UID:\(event.uid)", "SEQUENCE:\(event.sequence)", "DTSTAMP:20260101T000000Z",
                "DTSTART:\(Self.stamp(event.starts))", "DTEND:\(Self.stamp(event.ends))", "SUMMARY:\(event.uid)",
                "ORGANIZER:mailto:me@circle\(user).example",
                "ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@circle\(user).example",
            ]
            if event.isCancelled { lines.append("STATUS:CANCELLED") }
            lines += event.guests.map { "ATTENDEE;PARTSTAT=ACCEPTED:mailto:\(Self.guest(user, $0))" } + ["END:VEVENT"]
        }
        let bytes = Array((lines + ["END:VCALENDAR", ""]).joined(separator: "\r\n").utf8)
        feeds[path]?.text = (feed.version, bytes)
        return bytes
    }

    /// `20260105T090000Z`
    private static func stamp(_ instant: Int64) -> String {
        let seconds = instant / 1_000
        let (days, rest) = (seconds / 86_400, seconds % 86_400)
        // The civil day of a number of days since 1970, after Howard Hinnant's description.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * part + 2) / 5 + 1
        let month = part < 10 ? part + 3 : part - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)\(two(month))\(two(day))T\(two(rest / 3_600))\(two(rest / 60 % 60))\(two(rest % 60))Z"
    }
}
