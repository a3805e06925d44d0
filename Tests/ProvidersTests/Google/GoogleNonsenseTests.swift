import Entries
import Foundation
import Testing

@testable import Providers

/// Answers that are JSON and make no sense.
struct GoogleNonsenseTests {
    /// The same numbers for the same seed.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let texts = [
        "", " ", "tea", "cancelled", "confirmed", "default", "0001-01-01", "9999-12-31", "2026-02-29", "2026-01-05",
        "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-03-29T02:30:00", "2026-01-05T09:00:00Z",
        "2026-01-05T24:00:00Z", "Europe/Berlin", "../../etc/passwd", "UTC+99", "9223372036854775807", "\u{0}",
        "\u{202e}", "a@b", "@", "mailto:mailto:a@b.example", "https://zoom.us/j/1", "https://", "javascript:x", "<b",
        "&#0;",
        "&#x110000;", "<a href=", "RRULE:FREQ=DAILY", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:", "EXDATE:x",
        "RDATE;VALUE=PERIOD:20260105T090000Z/P9999999D", "RRULE:FREQ=DAILY;COUNT=99999999999999999999",
        "EXRULE:FREQ=DAILY;UNTIL=99991231T235959Z", "RDATE;TZID=\"x:20260105T090000", "RRULE:FREQ=DAILY;INTERVAL=-1",
    ]

    private static let names = [
        "id", "status", "etag", "htmlLink", "updated", "summary", "description", "location", "organizer", "start",
        "end",
        "endTimeUnspecified", "recurrence", "recurringEventId", "originalStartTime", "transparency", "visibility",
        "iCalUID",
        "sequence", "attendees", "attendeesOmitted", "hangoutLink", "conferenceData", "eventType", "email",
        "displayName",
        "self", "resource", "optional", "responseStatus", "date", "dateTime", "timeZone", "entryPoints", "uri",
        "entryPointType",
    ]

    private func value(_ dice: inout Dice, _ depth: Int) -> Any {
        let kind = Int.random(in: 0..<12, using: &dice)
        if depth > 0, kind == 4 { return (0..<3).map { _ in value(&dice, depth - 1) } }
        if depth > 0, (5..<8).contains(kind) { return object(&dice, depth - 1, share: 5) }
        switch kind {
        case 0: return NSNull()
        case 1: return Bool.random(using: &dice)
        case 2: return Int64.random(in: .min ... .max, using: &dice)
        case 3: return [Any]()
        default: return Self.texts.randomElement(using: &dice) ?? ""
        }
    }

    private func object(_ dice: inout Dice, _ depth: Int, share: Int) -> [String: Any] {
        var object: [String: Any] = [:]
        for name in Self.names where Int.random(in: 0..<share, using: &dice) == 0 { object[name] = value(&dice, depth) }
        return object
    }

    private func time(_ dice: inout Dice) -> [String: Any] {
        [
            Bool.random(using: &dice) ? "date" : "dateTime": Self.texts.randomElement(using: &dice) ?? "",
            "timeZone": Self.texts.randomElement(using: &dice) ?? "",
        ]
    }

    /// Nonsense that gets far: a known id, and times of the right form.
    private func event(_ dice: inout Dice) -> [String: Any] {
        var event = object(&dice, 2, share: 3)
        if Int.random(in: 0..<4, using: &dice) > 0 { event["id"] = "event\(Int.random(in: 0..<40, using: &dice))" }
        if Bool.random(using: &dice) { event["start"] = time(&dice) }
        if Bool.random(using: &dice) { event["end"] = time(&dice) }
        if Bool.random(using: &dice) { event["originalStartTime"] = time(&dice) }
        if Int.random(in: 0..<3, using: &dice) == 0 {
            event["recurringEventId"] = "event\(Int.random(in: 0..<40, using: &dice))"
        }
        if Int.random(in: 0..<3, using: &dice) == 0 {
            event["recurrence"] = (0..<2).map { _ in Self.texts.randomElement(using: &dice) ?? "" }
        }
        return event
    }

    private func text(_ object: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    @Test(arguments: 1...12)
    func `L19 T35 whatever the other events say, a good one is read`(_ seed: UInt64) throws {
        var dice = Dice(state: seed)
        let fine: [String: Any] = [
            "id": "fine", "start": ["dateTime": "2026-01-05T08:00:00Z"], "end": ["dateTime": "2026-01-05T09:00:00Z"],
        ]
        let pages = try (0..<2).map { _ in
            try text([
                "items": (0..<40).map { _ in event(&dice) as Any } + [fine, value(&dice, 2)], "nextSyncToken": "t",
                "timeZone": value(&dice, 1), "accessRole": value(&dice, 1),
            ])
        }
        let source = GoogleSource(GoogleMeans.make(GoogleScript(pages.map { (200, $0) })))
        let whole = try #require(try source.haul("x"))
        #expect(whole["fine"]?.meetings.map(\.details.starts) == [1_767_600_000_000])
        #expect(Set(whole.identifiers) == Set(whole.reading.items.map(\.identifier)))
        let changes = try #require(try source.haul("x", since: whole.reading.cursor))
        #expect(changes["fine"]?.meetings.count == 1)
        // What is gone is not handed over as well.
        #expect(Set(changes.identifiers).isDisjoint(with: changes.reading.gone))
    }

    // MARK: Lists that are none

    private func failure(_ body: () throws -> Void) -> ReadingFailure? {
        do {
            try body()
            return nil
        } catch {
            return error as? ReadingFailure
        }
    }

    @Test(arguments: ["{\"a\": 1}", "null", "\"\"", "0", "false"])
    func `T35 a list that is no list is a fault of the answer, and not an empty list`(_ list: String) throws {
        let body = #"{"items": \#(list), "connections": \#(list), "nextSyncToken": "t"}"#
        let means = GoogleMeans.make(GoogleScript([(200, body)]))
        let source = GoogleSource(means)
        let failures = [
            failure { _ = try source.calendars() }, failure { _ = try source.haul("x") },
            failure { _ = try GooglePeople(means).people(since: nil) },
        ]
        for failure in failures { #expect(failure?.code == "malformed" && failure?.errorClass == .transient) }
        let busy = GoogleScript([
            (403, #"{"error": {"errors": [{"reason": "forbidden"}]}}"#),
            (200, #"{"calendars": {"x": {"busy": \#(list)}}}"#),
        ])
        let blind = GoogleSource(GoogleMeans.make(busy))
        #expect(failure { _ = try blind.haul("x", access: .busyOnly) }?.code == "malformed")
    }

    @Test(arguments: [#"{"nextSyncToken": "t"}"#, #"{"items": [], "connections": [], "nextSyncToken": "t"}"#])
    func `a list that is left out has nothing in it`(_ body: String) throws {
        let means = GoogleMeans.make(GoogleScript([(200, body)]))
        #expect(try GoogleSource(means).calendars() == FoundCalendars([]))
        #expect(try GoogleSource(means).haul("x")?.reading.isComplete == true)
        #expect(try GooglePeople(means).people(since: nil)?.isComplete == true)
    }

    // MARK: Without an end

    @Test(arguments: ["", #"{"id": "a", "resourceName": "people/a", "start": {"date": "2026-01-05"}}"#, "7"])
    func `T11 twenty pages in a row that bring nothing new end a reading`(_ item: String) throws {
        for isPeople in [false, true] {
            var number = 0
            let script = GoogleScript { _ in
                number += 1
                return (200, #"{"items": [\#(item)], "connections": [\#(item)], "nextPageToken": "\#(number)"}"#)
            }
            let means = GoogleMeans.make(script)
            let found = failure {
                if isPeople {
                    _ = try GooglePeople(means).people(since: nil)
                } else {
                    _ = try GoogleSource(means).haul("x")
                }
            }
            #expect(found?.code == "malformed")
            #expect(number == 20 || number == 21)
        }
    }

    // MARK: What is too long

    @Test func `T11 a sync token beyond four kibibytes counts as none`() throws {
        let token = String(repeating: "t", count: 4_097)
        let means = GoogleMeans.make(GoogleScript([(200, #"{"items": [], "nextSyncToken": "\#(token)"}"#)]))
        let reading = try #require(try GoogleSource(means).haul("x")).reading
        #expect(reading.cursor.utf8.count < 100)
        #expect(!reading.isComplete)
        #expect(try GoogleSource(means).haul("x", since: reading.cursor)?.reading.reason == .noCursorOffered)
        let people = try #require(try GooglePeople(means).people(since: nil))
        #expect(people.cursor.utf8.count < 100)
    }

    @Test func `T11 ids that are too long are set aside, and the others are read`() throws {
        let long = String(repeating: "i", count: 1_101)
        let times = #""start": {"date": "2026-01-05"}, "end": {"date": "2026-01-06"}"#
        let items = [
            #"{"id": "\#(long)", "etag": "e", \#(times)}"#,
            #"{"id": "b", "etag": "\#(long + long + long + long)", \#(times)}"#,
            #"{"id": "c", "recurringEventId": "\#(long)", \#(times)}"#,
        ]
        let body =
            #"{"items": [\#(items.joined(separator: ", "))], "connections": [{"resourceName": "people/\#(long)"}], "#
            + #""nextSyncToken": "t"}"#
        let means = GoogleMeans.make(GoogleScript([(200, body)]))
        let haul = try #require(try GoogleSource(means).haul("x"))
        #expect(haul.groups.allSatisfy { $0.identifier.utf8.count < 100 && $0.mark.utf8.count < 100 })
        #expect(haul["b"]?.meetings.count == 1)
        #expect(haul.groups.filter { !$0.problems.isEmpty }.count == 2)
        #expect(!haul.reading.isComplete)
        let calendars = try GoogleSource(means).calendars()
        #expect(calendars.calendars.map(\.path) == ["b", "c"])
        #expect(!calendars.isComplete)
        let people = try #require(try GooglePeople(means).people(since: nil))
        #expect(people.problems.count == 1 && !people.isComplete)
    }

    @Test(arguments: 1...8)
    func `T35 whatever a refusal, a list of calendars or of people says, it is read or refused`(_ seed: UInt64) throws {
        var dice = Dice(state: seed)
        let names = [
            "resourceName", "names", "metadata", "emailAddresses", "value", "primary", "accessRole", "error", "reason",
        ]
        for status in [200, 400, 403, 410, 429] {
            var body: [String: Any] = ["nextSyncToken": "t", "error": value(&dice, 3)]
            for name in ["items", "connections", "errors", "details"] {
                body[name] = (0..<8).map { _ -> Any in
                    var object = self.object(&dice, 2, share: 4)
                    for name in names where Bool.random(using: &dice) { object[name] = value(&dice, 2) }
                    return object
                }
            }
            let means = GoogleMeans.make(GoogleScript([(status, try text(body))]))
            for read in [
                { _ = try GoogleSource(means).calendars() }, { _ = try GooglePeople(means).people(since: nil) },
                { _ = try GoogleSource(means).haul("x", access: .busyOnly) },
            ] {
                do { try read() } catch let failure as ReadingFailure { #expect(!failure.message.isEmpty) }
            }
        }
    }
}
