import Entries
import Foundation
import HTTP
import ICalendar
import Secrets

@testable import Providers

/// Answers as it was told, and remembers what it was asked.
final class GoogleScript: Transport {
    private(set) var asked: [Request] = []
    private let answer: (Request) -> (Int, String)

    init(_ answer: @escaping (Request) -> (Int, String)) { self.answer = answer }

    /// Each answer once, the last one again and again.
    convenience init(_ answers: [(Int, String)]) {
        var rest = answers[...]
        self.init { _ in rest.count > 1 ? rest.removeFirst() : rest[rest.startIndex] }
    }

    func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        asked += requests
        return requests.map { request in
            let (status, body) = answer(request)
            return .success(Response(status: status, headers: [], body: Array(body.utf8), address: request.address))
        }
    }

    /// The parameters of each request.
    var queries: [[String: String]] {
        asked.map { request in
            let parts = URLComponents(string: request.address.text)?.queryItems ?? []
            return Dictionary(parts.map { ($0.name, $0.value ?? "") }) { $1 }
        }
    }
}

/// What a source is read with in tests.
enum GoogleMeans {
    static let now: Int64 = 1_767_600_000_000  // 2026-01-05T08:00:00Z

    static func make(_ transport: any Transport) -> Means {
        let zones = ZoneBook { name in
            (try? Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)"))).map(Array.init)
        }
        return Means(
            transport: transport, now: { now }, zones: zones,
            mark: { String(SHA256.hash($0).hexadecimal.prefix(16)) })
    }

    static let window = ReadingWindow(from: now - 90 * 86_400_000, to: now + 30 * 86_400_000)

    static func wish(_ cursor: String? = nil) -> ReadingWish { ReadingWish(cursor: cursor, window: window) }
}

/// A reading that was handed over whole.
struct GoogleHaul {
    let reading: Reading
    let groups: [FoundGroup]

    init(_ reading: Reading) throws {
        self.reading = reading
        var groups: [FoundGroup] = []
        try reading.forEachPage(where: { _ in true }, { groups += $0 })
        self.groups = groups
    }

    subscript(identifier: String) -> FoundGroup? { groups.first { $0.identifier == identifier } }

    var identifiers: [String] { groups.map(\.identifier).sorted() }
    var meetings: [FoundMeeting] { groups.flatMap(\.meetings) }
}

extension GoogleSource {
    /// Reads a calendar and takes all that it hands over; nil when nothing changed.
    func haul(_ calendar: String, since cursor: String? = nil, access: Access? = nil) throws -> GoogleHaul? {
        try read(CalendarPlace(path: calendar, name: "Work", access: access), GoogleMeans.wish(cursor))
            .map(GoogleHaul.init)
    }
}
