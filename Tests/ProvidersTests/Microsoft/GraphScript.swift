import Entries
import Foundation
import HTTP
import ICalendar
import Testing

@testable import Providers

/// Graph as a list of answers: what is asked for is looked up by its path below the base, and remembered.
final class GraphScript: Transport {
    private(set) var requests: [Request] = []
    /// How many were asked for at once, each time.
    private(set) var batches: [Int] = []
    private var answers: [String: [Response]] = [:]

    static let base = "https://graph.example.test/v1.0"

    /// Of several answers to the same each is given once, and the last for ever.
    func answer(_ target: String, _ status: Int = 200, _ body: String, headers: [Header] = []) throws {
        let address = try Address(Self.base + target)
        answers[target, default: []].append(
            Response(status: status, headers: headers, body: Array(body.utf8), address: address))
    }

    func refuse(_ target: String, _ status: Int, _ code: String, headers: [Header] = []) throws {
        let body = #"{"error": {"code": "\#(code)", "message": "canary of the provider"}}"#
        try answer(target, status, body, headers: headers)
    }

    /// A page of a list, with the end of a round or a link to go on with.
    func page(_ target: String, _ values: [String], next: String? = nil, delta: String? = nil) throws {
        var links = ""
        if let next { links += #""@odata.nextLink": "\#(Self.base + next)", "# }
        if let delta { links += #""@odata.deltaLink": "\#(Self.base + delta)", "# }
        try answer(target, 200, "{\(links)\"value\": [\(values.joined(separator: ", "))]}")
    }

    func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        batches.append(requests.count)
        return requests.map { request in
            self.requests.append(request)
            let target = Self.target(request)
            guard var waiting = answers[target], let answer = waiting.first else {
                return .failure(HTTPError(.unreachable, "nothing is written for \(target)"))
            }
            if waiting.count > 1 {
                waiting.removeFirst()
                answers[target] = waiting
            }
            return .success(answer)
        }
    }

    var asked: [String] { requests.map(Self.target) }

    /// The window of a first request is left out.
    private static func target(_ request: Request) -> String {
        let text = String(request.address.text.dropFirst(base.count))
        return text.components(separatedBy: "?startDateTime=")[0]
    }
}

extension GraphScript {
    static let view = "/me/calendars/main/calendarView/delta"
    static let next = view + "?$deltatoken=next"
    static let later = view + "?$deltatoken=later"

    func source() throws -> MicrosoftSource { try MicrosoftSource(.forTests(self), base: Self.base) }

    /// An event is found nowhere.
    func forget(_ event: String) throws {
        for place in ["/me/calendars/main", "/me"] { try refuse(place + "/events/" + event, 404, "ErrorItemNotFound") }
    }

    /// Reads the calendar `main` for a window around the time of the tests.
    func read(_ cursor: String? = nil, window: ReadingWindow = .forTests, known: Set<String> = []) throws -> Reading? {
        try source().read(
            CalendarPlace(path: "main"), ReadingWish(cursor: cursor, window: window, isKnown: known.contains))
    }
}

extension Means {
    static func forTests(_ transport: any Transport, now: Int64 = Moments.now) -> Means {
        Means(transport: transport, now: { now }, zones: Moments.zones, mark: { String(decoding: $0, as: UTF8.self) })
    }
}

enum Moments {
    /// 2026-11-23T08:00:00Z, a Monday.
    static let now: Int64 = 1_795_420_800_000
    static let day: Int64 = 86_400_000

    static var zones: ZoneBook {
        ZoneBook { name in (try? Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/" + name))).map(Array.init) }
    }

    static func instant(_ text: String) throws -> Int64 { try #require(GraphTime(text)?.instant) }
}

extension ReadingWindow {
    static let forTests = ReadingWindow(from: Moments.now - 30 * Moments.day, to: Moments.now + 60 * Moments.day)
}

extension Reading {
    /// All that it hands over.
    func all() throws -> [FoundGroup] {
        var groups: [FoundGroup] = []
        try forEachPage(where: { _ in true }, { groups += $0 })
        return groups
    }

    func meetings() throws -> [FoundMeeting] { try all().flatMap(\.meetings) }

    var identifiers: [String] { items.map(\.identifier) }
}

/// Events as Graph writes them.
enum GraphJSON {
    static func time(_ text: String) -> String { #"{"dateTime": "\#(text).0000000", "timeZone": "UTC"}"# }

    /// - Parameter more: further members, each with its value.
    static func single(
        _ id: String, _ start: String = "2026-11-24T09:00:00", _ end: String = "2026-11-24T10:00:00",
        more: String = #""subject": "Lunch""#
    ) -> String {
        #"{"id": "\#(id)", "type": "singleInstance", "iCalUId": "uid-\#(id)", "@odata.etag": "W/\"1\"", "#
            + #""start": \#(time(start)), "end": \#(time(end)), \#(more)}"#
    }

    static func master(
        _ id: String, subject: String = "Standup", uid: String = "uid-of-the-series", more: String = ""
    ) -> String {
        #"{"id": "\#(id)", "type": "seriesMaster", "iCalUId": "\#(uid)", "subject": "\#(subject)", "#
            + #""recurrence": {"pattern": {"type": "daily"}, "range": {"type": "noEnd"}}, "showAs": "busy", \#(more)"#
            + #""start": \#(time("2020-01-06T09:00:00")), "end": \#(time("2020-01-06T09:15:00"))}"#
    }

    /// Nothing else is told of an occurrence.
    static func bare(_ id: String, of master: String, _ start: String, _ end: String) -> String {
        #"{"@odata.etag": "W/\"1\"", "id": "\#(id)", "type": "occurrence", "#
            + #""seriesMasterId": "\#(master)", "start": \#(time(start)), "end": \#(time(end))}"#
    }

    static func exception(
        _ id: String, of master: String, original: String, _ start: String, _ end: String, more: String = ""
    ) -> String {
        #"{"id": "\#(id)", "type": "exception", "seriesMasterId": "\#(master)", "iCalUId": "uid-of-\#(id)", "#
            + #""subject": "Moved", "originalStart": "\#(original)", \#(more)"#
            + #""start": \#(time(start)), "end": \#(time(end))}"#
    }

    static func removed(_ id: String, because reason: String = "deleted") -> String {
        #"{"id": "\#(id)", "@removed": {"reason": "\#(reason)"}}"#
    }

    static func read(_ json: String) throws -> GraphEvent {
        let object = try JSONObject(Array(json.utf8))
        return GraphEvent(try #require(object.text("id")), object)
    }
}
