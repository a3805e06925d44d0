import Entries
import Foundation
import HTTP
import Testing

@testable import Providers

/// What Google says when it does not do what it was asked, and what is made of it.
@Suite(.serialized) final class GoogleRefusalTests {
    private let google: GoogleEmulator

    init() throws { google = try GoogleEmulator() }

    private func failure(_ body: () throws -> Void) throws -> ReadingFailure {
        do {
            try body()
        } catch let failure as ReadingFailure {
            return failure
        }
        throw GoogleEmulator.Refused(description: "nothing failed")
    }

    private func reading(_ kind: String) throws -> ReadingFailure {
        try google.fault("events.list", kind)
        return try failure { _ = try google.haul(since: nil) }
    }

    @Test(arguments: [
        ("status:401", ErrorClass.auth, "unauthorized"),
        ("status:403|reason:rateLimitExceeded", .rate, "too_many_requests"),
        ("status:403|reason:userRateLimitExceeded", .rate, "too_many_requests"),
        ("status:403|reason:quotaExceeded", .rate, "too_many_requests"),
        ("status:403|reason:dailyLimitExceeded", .rate, "daily_quota"), ("status:429", .rate, "too_many_requests"),
        ("status:403|reason:forbidden", .permanent, "forbidden"),
        ("status:403|reason:insufficientPermissions", .auth, "missing_scope"),
        ("status:403|reason:accessNotConfigured", .permanent, "api_disabled"),
        ("status:403|reason:SERVICE_DISABLED", .permanent, "api_disabled"),
        ("status:403|reason:domainPolicy", .permanent, "domain_policy"), ("status:404", .permanent, "calendar_gone"),
        ("status:410|reason:deleted", .permanent, "calendar_gone"),
        ("status:400|reason:badRequest", .permanent, "status_400"),
        ("status:500", .transient, "status_500"), ("status:503", .transient, "status_503"),
        ("html", .transient, "malformed"), ("garbage", .transient, "malformed"), ("empty", .transient, "malformed"),
        ("truncate", .transient, "malformed"), ("status:302|location:http://127.0.0.1:1/", .permanent, "status_302"),
    ])
    func `A5 of Google: each refusal has its class, and says what to do`(
        _ kind: String, _ errorClass: ErrorClass, _ code: String
    ) throws {
        let failure = try reading(kind)
        #expect(failure.errorClass == errorClass)
        #expect(failure.code == code)
        #expect(failure.message.hasSuffix(".") && failure.message.count > 20)
    }

    @Test func `L01 a page that is cut in the middle is no reading`() throws {
        for number in 1...20 { try google.put(["id": "event\(number)", "start": "2026-01-05T09:00"]) }
        try google.fault("events.list", "cut", times: 0)
        let failure = try failure { _ = try google.haul(since: nil) }
        #expect(failure.errorClass == .transient)
        #expect(failure.code == "cut_off")
    }

    @Test func `L69 a failure repeats nothing that Google wrote`() throws {
        for kind in ["status:400", "status:403", "status:404", "status:429", "status:500", "status:401"] {
            #expect(try reading(kind + "|message:CANARY CANARY").message.contains("CANARY") == false)
        }
    }

    @Test func `G29 a box that was not ticked asks to connect again and tick it`() throws {
        try google.logIn(["contacts.readonly"])
        let calendars = try failure { _ = try google.source().calendars() }
        #expect(calendars.errorClass == .auth && calendars.code == "missing_scope")
        #expect(calendars.message.contains("calendars") && calendars.message.contains("tick"))
        try google.logIn(["calendar.readonly"])
        let people = try failure { _ = try google.people().people(since: nil) }
        #expect(people.errorClass == .auth && people.code == "missing_scope")
        #expect(people.message.contains("contacts"))
    }

    @Test func `G17 an access that ended is a refused login, for calendars, events and contacts`() throws {
        try google.control("POST", "tokens/expire", [:])
        for body in [
            { _ = try self.google.source().calendars() }, { _ = try self.google.haul(since: nil) },
            { _ = try self.google.people().people(since: nil) },
        ] {
            let failure = try failure(body)
            #expect(failure.errorClass == .auth && failure.code == "unauthorized")
        }
    }

    @Test func `a calendar that is not there any more is said by its name`() throws {
        let failure = try failure { _ = try google.haul(since: nil, "nobody@example.test") }
        #expect(failure.code == "calendar_gone")
        #expect(failure.message.contains("“Work”"))
        #expect(!failure.message.contains("nobody@example.test"))
    }

    @Test func `G19 how long Google asks to be left alone is handed on`() throws {
        #expect(try reading("status:429|retry-after:120").retryAfterMilliseconds == 120_000)
        #expect(try reading("status:403|reason:rateLimitExceeded|retry-after:7").retryAfterMilliseconds == 7_000)
        #expect(try reading("status:503|retry-after:3").retryAfterMilliseconds == 3_000)
    }

    // MARK: Trying again

    /// Time that passes only by waiting.
    private final class Watch: @unchecked Sendable {
        var waits: [Int64] = []
        var now = GoogleMeans.now
        var onWait: ((Int64) throws -> Void)?

        func wait(_ milliseconds: Int64) throws {
            waits.append(milliseconds)
            now += milliseconds
            try onWait?(milliseconds)
        }
    }

    private func patient(_ watch: Watch) -> GoogleSource {
        let surroundings = Patience.Surroundings(
            now: { watch.now }, wait: { try watch.wait($0) }, chance: { 0 })
        let patience = Patience(google.transport, surroundings)
        patience.verdict = { GoogleSource.verdict($1) }
        patience.rate = RateLimit(perMinute: 300, burst: 75, now: { watch.now })
        return google.source(patience)
    }

    @Test(arguments: ["status:403|reason:rateLimitExceeded", "status:429", "status:503", "status:500"])
    func `G19 L49 too many requests and faults are tried again, and Retry-After is obeyed`(_ kind: String) throws {
        let watch = Watch()
        try google.put(["id": "tea", "start": "2026-01-05T09:00"])
        try google.fault("events.list", kind)
        try google.fault("events.list", kind + "|retry-after:17")
        #expect(try patient(watch).haul(google.calendar)?.identifiers == ["tea"])
        #expect(watch.waits == [5_000, 17_000])
    }

    @Test(arguments: [
        "status:401", "status:403|reason:forbidden", "status:403|reason:insufficientPermissions",
        "status:403|reason:dailyLimitExceeded", "status:404", "status:400",
    ])
    func `G19 L49 what is refused for good is asked once`(_ kind: String) throws {
        let watch = Watch()
        try google.fault("events.list", kind, times: 0)
        _ = try failure { _ = try patient(watch).haul(google.calendar) }
        #expect(watch.waits.isEmpty)
        #expect(try google.requests("events.list").count == 1)
    }

    @Test func `G19 how often it was tried is said`() throws {
        let watch = Watch()
        try google.fault("events.list", "status:403|reason:rateLimitExceeded", times: 0)
        let failure = try failure { _ = try patient(watch).haul(google.calendar) }
        #expect(failure.errorClass == .rate)
        #expect(failure.attempts == 4)
    }

    @Test func `G21 nobody is asked more than 600 times a minute, however many calendars there are`() throws {
        let watch = Watch()
        watch.onWait = { [google] milliseconds in
            try google.control("PUT", "clock", ["advance": "\(Double(milliseconds) / 1_000)s"])
        }
        try google.control("PUT", "limits", ["perMinutePerUser": 600])
        let source = patient(watch)
        for _ in 0..<1_000 { _ = try source.calendars() }
        let counters = try google.control("GET", "counters") as? [String: Any]
        let most = (counters?["mostInAMinute"] as? [String: Int])?[google.calendar]
        #expect(try #require(most) <= 600)
        #expect(!watch.waits.isEmpty)
    }

    // MARK: Pages that mislead

    @Test func `T35 a page that leads back to itself ends the reading`() throws {
        let script = GoogleScript([(200, #"{"items": [], "nextPageToken": "again"}"#)])
        let source = GoogleSource(GoogleMeans.make(script))
        #expect(try failure { _ = try source.haul("x") }.code == "endless")
        #expect(script.asked.count == 2)
    }

    @Test(arguments: [(4_000, 1_000, 11), (5, 1 << 20, 6)] as [(Int64, Int, Int)])
    func `T35 pages without an end, or that hold too much together, are too many`(
        _ mostPages: Int64, _ mostBytes: Int, _ expected: Int
    ) throws {
        var number = 0
        let script = GoogleScript { _ in
            number += 1
            return (200, #"{"nextPageToken": "\#(number)", "filling": "\#(String(repeating: "x", count: 60))"}"#)
        }
        let service = GoogleService(GoogleMeans.make(script), GoogleHosts())
        let pages = GooglePages(
            service: service, address: "https://a.example/", query: [], task: .readingCalendar, mostPages: mostPages,
            mostBytes: mostBytes)
        #expect(try failure { _ = try pages.walk { _ in 0 } }.code == "too_large")
        #expect(script.asked.count == expected)
    }

    @Test func `without a sync token nothing counts as missing, and the next reading is of the whole`() throws {
        let script = GoogleScript([(200, #"{"items": [{"id": "a", "start": {"date": "2026-01-05"}}]}"#)])
        let source = GoogleSource(GoogleMeans.make(script))
        let haul = try #require(try source.haul("x"))
        #expect(!haul.reading.isComplete)
        let next = try #require(try source.haul("x", since: haul.reading.cursor))
        #expect(next.reading.scope == .whole && next.reading.reason == .noCursorOffered)
        let known = GoogleCursor(question: try #require(GoogleCursor(haul.reading.cursor)).question, token: "t").text
        #expect(try failure { _ = try source.haul("x", since: known) }.code == "no_sync_token")
    }

    @Test func `G15 what may not be seen is not listed, even where it is handed over`() throws {
        let script = GoogleScript([
            (
                200,
                #"""
                {"items": [{"id": "hidden", "hidden": true}, {"id": "deleted", "deleted": true}, {"summary": "nameless"},
                  {"id": "none", "accessRole": "none"}, {"id": "new", "accessRole": "steward", "selected": "true"}, 5,
                  {"id": "new", "summary": "again"}], "nextSyncToken": "t"}
                """#
            )
        ])
        let calendars = try GoogleSource(GoogleMeans.make(script)).calendars().calendars
        #expect(calendars.map(\.path) == ["new"])
        #expect(calendars.map(\.name) == ["new"])
        #expect(calendars.map(\.access) == [.read])
        #expect(calendars.map(\.isShown) == [true])
    }

    @Test func `requests accept JSON, follow nobody and may be repeated`() throws {
        let script = GoogleScript([(200, #"{"nextSyncToken": "t"}"#)])
        _ = try GoogleSource(GoogleMeans.make(script)).haul("a b/c@x")
        let request = try #require(script.asked.first)
        #expect(
            request.address.text
                == "https://www.googleapis.com/calendar/v3/calendars/a%20b%2Fc%40x/events?maxResults=2500&showDeleted=true&singleEvents=false"
        )
        #expect(!request.followsRedirects && request.isRepeatable)
        #expect(request.headers == [Header("Accept", "application/json")])
    }

    // MARK: Busy times

    @Test func `G16 a calendar whose events may not be listed is read by its busy times`() throws {
        let boss = "boss@example.test"
        try google.control("PUT", "calendars/\(boss)", ["accessRole": "freeBusyReader"])
        try google.put(["id": "a", "summary": "Secret", "start": "2026-01-05T09:00"], in: boss)
        try google.put(["id": "b", "summary": "Secret", "start": "2026-01-20T09:00"], in: boss)
        try google.fault("events.list", "status:403|reason:forbidden", times: 0)
        let haul = try #require(try google.haul(since: nil, boss, access: .busyOnly))
        #expect(haul.meetings.map(\.details.kind) == [.busy, .busy])
        #expect(haul.meetings.map(\.details.starts) == [1_767_603_600_000, 1_768_899_600_000])
        #expect(haul.reading.isComplete && haul.reading.coveredFrom != nil && haul.reading.coveredTo != nil)
        #expect(try google.haul(since: haul.reading.cursor, boss, access: .busyOnly) == nil)
        try google.put(["id": "c", "start": "2026-01-21T09:00"], in: boss)
        let later = try #require(try google.haul(since: haul.reading.cursor, boss, access: .busyOnly))
        #expect(later.groups.count == 3)
        #expect(Set(haul.reading.items.map(\.mark)).isSubset(of: Set(later.reading.items.map(\.mark))))
        // Whoever may see more now reads events.
        try google.control("DELETE", "faults")
        let more = try #require(try google.haul(since: later.reading.cursor, boss, access: .read))
        #expect(more.identifiers == ["a", "b", "c"])
    }

    @Test func `G16 busy times that Google does not tell any more are a failure, and no emptiness`() throws {
        try google.fault("events.list", "status:403|reason:forbidden", times: 0)
        let failure = try failure { _ = try google.haul(since: nil, "nobody@example.test", access: .busyOnly) }
        #expect(failure.code == "calendar_gone")
    }
}
