import Entries
import HTTP
import Testing

@testable import Providers

/// Readings of a calendar, from answers that are written down.
struct GraphRoundTests {
    private let script = GraphScript()

    private func cursor(_ link: String = GraphScript.next, window: ReadingWindow = .forTests) -> String {
        DeltaCursor(window: DeltaWindow(for: window), link: GraphScript.base + link).text
    }

    // MARK: Pages

    @Test func `G32 all pages are read, an empty one in between as well, and links are followed as they are`() throws {
        let second = GraphScript.view + "?$skiptoken=a%2Bb%3D%3D&x='1'"
        try script.page(GraphScript.view, [GraphJSON.single("1")], next: second)
        try script.page(second, [], next: "/me/calendars('main')/calendarView/delta?$skiptoken=c")
        try script.page(
            "/me/calendars('main')/calendarView/delta?$skiptoken=c", [GraphJSON.single("2")], delta: GraphScript.next)
        let reading = try #require(try script.read())
        #expect(reading.identifiers == ["1", "2"])
        #expect(reading.scope == .whole && reading.isComplete && reading.pages == 3 && reading.reason == nil)
        #expect(script.asked[1] == second)
        #expect(DeltaCursor(reading.cursor)?.link == GraphScript.base + GraphScript.next)
    }

    @Test func `G37 of an event that is told twice the last holds`() throws {
        let second = GraphScript.view + "?$skiptoken=2"
        try script.page(
            GraphScript.view,
            [
                GraphJSON.single("1", more: #""subject": "old""#), GraphJSON.single("2"), GraphJSON.removed("3"),
                GraphJSON.single("4"),
            ], next: second)
        try script.page(
            second, [GraphJSON.single("1", more: #""subject": "new""#), GraphJSON.single("3"), GraphJSON.removed("4")],
            delta: GraphScript.next)
        let reading = try #require(try script.read())
        #expect(reading.identifiers == ["1", "2", "3"])
        #expect(try reading.meetings().first?.details.title == "new")
    }

    @Test func `G40 every request asks for identifiers that last, for UTC and for pages of one size`() throws {
        try script.page(
            GraphScript.view, [GraphJSON.bare("o", of: "m", "2026-11-24T09:00:00", "2026-11-24T09:15:00")],
            next: GraphScript.view + "?$skiptoken=2")
        try script.page(GraphScript.view + "?$skiptoken=2", [], delta: GraphScript.next)
        try script.answer("/me/calendars/main/events/m", 200, GraphJSON.master("m"))
        _ = try script.read()
        #expect(script.requests.count == 3)
        for request in script.requests {
            let wishes = request.headers.filter { $0.name == "Prefer" }.map(\.value).joined(separator: ", ")
            #expect(wishes.contains(#"IdType="ImmutableId""#))
            #expect(wishes.contains(#"outlook.timezone="UTC""#))
            #expect(wishes.contains("odata.maxpagesize="))
        }
    }

    @Test func `a wish is a window, and no parameter that Graph refuses here`() throws {
        try script.page(GraphScript.view, [], delta: GraphScript.next)
        _ = try script.read()
        let query = try #require(script.requests.first?.address.query)
        #expect(query == "startDateTime=2026-10-22T00:00:00Z&endDateTime=2027-02-25T00:00:00Z")
    }

    // MARK: Links

    @Test(arguments: [
        "https://graph.example.test.evil.test/v1.0/me/calendarView/delta?$deltatoken=1",
        "https://evil.test/v1.0/me/calendarView/delta?$deltatoken=1",
        "http://graph.example.test/v1.0/me/calendarView/delta?$deltatoken=1",
        "https://graph.example.test:8443/v1.0/me/calendarView/delta?$deltatoken=1",
        "https://graph.example.test/v1.0evil/me?$deltatoken=1",
        "https://graph.example.test/v1.0/../redirect?to=evil.test",
        "https://graph.example.test/v1.0/%2e%2E/redirect?to=evil.test",
        "https://me@graph.example.test/v1.0/me",
        "//evil.test/v1.0/me", "/other", "", "javascript:alert(1)",
    ])
    func `G33 a link that leads elsewhere is never followed, whoever wrote it`(_ link: String) throws {
        try script.page(GraphScript.view, [], delta: GraphScript.next)
        // As a cursor: none of our own, so that everything is read.
        let cursor = DeltaCursor(window: DeltaWindow(for: .forTests), link: link).text
        #expect(try script.read(cursor)?.reason == .cursorLost)
        for name in ["nextLink", "deltaLink"] where !link.isEmpty {
            let script = GraphScript()
            try script.answer(GraphScript.view, 200, #"{"@odata.\#(name)": "\#(link)", "value": []}"#)
            #expect(throws: ReadingFailure.self) { try script.read() }
            #expect(script.requests.count == 1)
        }
    }

    @Test(arguments: [
        "", "x", "microsoft-1", "microsoft-0 0 1 whole https://graph.example.test/v1.0/x",
        "microsoft-1 1 0 whole https://graph.example.test/v1.0/x",
        "microsoft-1 0 9223372036854775807 whole https://graph.example.test/v1.0/x",
        "microsoft-1 0 604800000 what https://graph.example.test/v1.0/x", "microsoft-1 0 604800000 whole ",
    ])
    func `B02 a cursor that is none of its own leads to a reading of everything`(_ text: String) throws {
        try script.page(GraphScript.view, [GraphJSON.single("1")], delta: GraphScript.next)
        let reading = try #require(try script.read(text))
        #expect(reading.scope == .whole && reading.reason == .cursorLost)
    }

    @Test func `pages that lead in a circle end the reading`() throws {
        try script.page(GraphScript.view, [GraphJSON.single("1")], next: GraphScript.view + "?$skiptoken=2")
        try script.page(GraphScript.view + "?$skiptoken=2", [], next: GraphScript.view + "?$skiptoken=2")
        let failure = #expect(throws: ReadingFailure.self) { try script.read() }
        #expect(failure?.code == "loop" && failure?.errorClass == .transient)
    }

    @Test func `T11 twenty pages in a row that bring nothing new end the reading`() throws {
        try script.page(GraphScript.view, [GraphJSON.single("1")], next: GraphScript.view + "?$skiptoken=1")
        for number in 1...40 {
            try script.page(
                GraphScript.view + "?$skiptoken=\(number)", [GraphJSON.single("1")],
                next: GraphScript.view + "?$skiptoken=\(number + 1)")
            try script.page(
                "/me/calendars" + (number == 1 ? "" : "?$skip=\(number)"), [], next: "/me/calendars?$skip=\(number + 1)"
            )
        }
        let failure = #expect(throws: ReadingFailure.self) { try script.read() }
        #expect(failure?.errorClass == .transient)
        #expect(script.requests.count == 21)
        #expect(throws: ReadingFailure.self) { try script.source().calendars() }
        #expect(script.requests.count == 41)
    }

    // MARK: What is too long

    @Test func `T11 a link beyond four kibibytes counts as none, so that everything is read the next time`() throws {
        let long = GraphScript.view + "?$deltatoken=" + String(repeating: "t", count: 4_097)
        try script.page(GraphScript.view, [GraphJSON.single("1")], delta: long)
        let reading = try #require(try script.read())
        #expect(reading.identifiers == ["1"] && reading.isComplete)
        #expect(reading.cursor.utf8.count < 100)
        #expect(try script.read(reading.cursor)?.scope == .whole)
    }

    @Test func `T11 an id that is too long is set aside by a mark of it, and the others are read`() throws {
        let long = String(repeating: "i", count: 1_001)
        try script.page(
            GraphScript.view,
            [
                GraphJSON.single("1"), GraphJSON.single(long),
                GraphJSON.bare("o", of: long, "2026-11-24T09:00:00", "2026-11-24T09:15:00"),
            ], delta: GraphScript.next)
        let reading = try #require(try script.read())
        #expect(!reading.isComplete)
        #expect(reading.identifiers.count == 3 && reading.identifiers.first == "1")
        #expect(try reading.all().filter { $0.problems.map(\.problem) == [.tooLarge] }.count == 2)
        try script.answer("/me/calendars", 200, #"{"value": [{"id": "\#(long)"}, {"id": "main", "name": "Main"}]}"#)
        let found = try script.source().calendars()
        #expect(found.calendars.map(\.path) == ["main"] && !found.isComplete)
    }

    // MARK: Death of a cursor

    @Test(arguments: [
        (410, "syncStateNotFound"), (410, "whatever"), (400, "SyncStateNotFound"), (404, "syncStateInvalid"),
        (400, "RESYNCREQUIRED"), (403, "resyncRequired"),
    ])
    func `G38 however Graph says that it forgot, everything is read again`(_ status: Int, _ code: String) throws {
        try script.refuse(
            GraphScript.next, status, code, headers: [Header("Location", "https://evil.test/v1.0/fresh")])
        try script.page(GraphScript.view, [GraphJSON.single("1")], delta: GraphScript.later)
        let reading = try #require(try script.read(cursor()))
        #expect(reading.scope == .whole && reading.reason == .cursorRefused && reading.identifiers == ["1"])
        #expect(script.requests.allSatisfy { $0.address.origin.host == "graph.example.test" })
    }

    @Test func `G38 it may forget in the middle of a round, and what came before is not handed over`() throws {
        try script.page(GraphScript.view, [GraphJSON.single("old")], next: GraphScript.view + "?$skiptoken=2")
        try script.refuse(GraphScript.view + "?$skiptoken=2", 410, "syncStateNotFound")
        try script.page(GraphScript.view, [GraphJSON.single("new")], delta: GraphScript.next)
        #expect(try script.read()?.identifiers == ["new"])
    }

    @Test func `G38 who forgets again and again is left alone for a while`() throws {
        try script.refuse(GraphScript.next, 410, "syncStateNotFound")
        try script.refuse(GraphScript.view, 410, "syncStateNotFound")
        let failure = #expect(throws: ReadingFailure.self) { try script.read(cursor()) }
        #expect(failure?.errorClass == .transient)
        #expect(script.requests.count == 4)
    }

    // MARK: Windows

    @Test func `G39 L16 while the window is inside of the round only changes are asked for`() throws {
        try script.page(GraphScript.next, [], delta: GraphScript.later)
        for days: Int64 in [0, 1, 7, 27] {
            var window = ReadingWindow.forTests
            window.from += days * Moments.day
            window.to += days * Moments.day
            #expect(try script.read(cursor(), window: window) == nil)
        }
        #expect(Set(script.asked) == [GraphScript.next])
    }

    @Test(arguments: [(0, 36), (40, 40), (-8, 0)] as [(Int64, Int64)])
    func `G39 L16 what moved out of the round is read as a whole in a new one`(_ from: Int64, _ to: Int64) throws {
        try script.page(GraphScript.view, [GraphJSON.single("1")], delta: GraphScript.later)
        var window = ReadingWindow.forTests
        window.from += from * Moments.day
        window.to += to * Moments.day
        let reading = try #require(try script.read(cursor(), window: window))
        #expect(reading.scope == .whole && reading.reason == .windowMoved)
        let covered = try #require(DeltaCursor(reading.cursor)?.window)
        #expect(covered.serves(window))
        // What only touches the ends of the window is not taken for gone.
        #expect(reading.coveredFrom == covered.from + Moments.day && reading.coveredTo == covered.to - Moments.day)
    }

    @Test func `G39 the same event has the same mark in a new round, so that nothing flickers`() throws {
        let events = [
            GraphJSON.single("1"), GraphJSON.master("m"),
            GraphJSON.bare("o", of: "m", "2026-11-24T09:00:00", "2026-11-24T09:15:00"),
        ]
        try script.page(GraphScript.view, events, delta: GraphScript.next)
        try script.page(GraphScript.view, events.reversed(), delta: GraphScript.later)
        let first = try #require(try script.read())
        var later = ReadingWindow.forTests
        later.to += 40 * Moments.day
        let second = try #require(try script.read(first.cursor, window: later))
        #expect(second.reason == .windowMoved)
        #expect(
            Dictionary(uniqueKeysWithValues: first.items.map { ($0.identifier, $0.mark) })
                == Dictionary(uniqueKeysWithValues: second.items.map { ($0.identifier, $0.mark) }))
    }

    @Test func `a wish for more years than Graph shows is cut, and does not start a round each time`() throws {
        let window = ReadingWindow(from: Moments.now - 36_500 * Moments.day, to: Moments.now + 365 * Moments.day)
        let round = DeltaWindow(for: window)
        #expect(round.to - round.from <= 1_825 * Moments.day)
        #expect(round.serves(window))
        let next = ReadingWindow(from: window.from + Moments.day, to: window.to + Moments.day)
        #expect(round.serves(next))
        for window in [
            ReadingWindow(from: .min, to: .max), ReadingWindow(from: .max, to: .min),
            ReadingWindow(from: .max, to: .max),
            ReadingWindow(from: .min, to: .min),
        ] {
            let round = DeltaWindow(for: window)
            #expect(round.serves(window))
            #expect(DeltaWindow(from: round.from, to: round.to) == round)
        }
    }

    // MARK: What goes wrong

    @Test(arguments: [
        (401, "InvalidAuthenticationToken", ErrorClass.auth, "unauthorized"),
        (403, "ErrorAccessDenied", .permanent, "forbidden"),
        (403, "erroraccessdenied", .permanent, "forbidden"),
        (404, "ErrorItemNotFound", .permanent, "not_found"),
        (404, "MailboxNotEnabledForRESTAPI", .permanent, "no_mailbox"),
        (400, "mailboxnotsupportedforrestapi", .permanent, "no_mailbox"),
        (400, "ErrorInvalidRequest", .permanent, "status_400"),
        (429, "TooManyRequests", .rate, "too_many_requests"),
        (403, "ApplicationThrottled", .rate, "too_many_requests"),
        (503, "serviceNotAvailable", .transient, "status_503"),
        (504, "GatewayTimeout", .transient, "status_504"),
        (500, "generalException", .transient, "status_500"),
        (503, "ErrorMailboxMoveInProgress", .transient, "mailbox_busy"),
    ])
    func `L04 an answer that is none says whether trying again helps, and repeats nothing`(
        _ status: Int, _ code: String, _ errorClass: ErrorClass, _ word: String
    ) throws {
        try script.refuse(GraphScript.next, status, code, headers: [Header("Retry-After", "7")])
        let failure = #expect(throws: ReadingFailure.self) { try script.read(cursor()) }
        #expect(failure?.errorClass == errorClass && failure?.code == word)
        #expect(failure?.retryAfterMilliseconds == 7_000)
        #expect(failure?.message.contains("canary") == false)
    }

    @Test func `G52 a date is a time to come back as well`() throws {
        try script.refuse(
            GraphScript.view, 429, "TooManyRequests",
            headers: [Header("Retry-After", "Mon, 23 Nov 2026 08:01:30 GMT")])
        let failure = #expect(throws: ReadingFailure.self) { try script.read() }
        #expect(failure?.errorClass == .rate && failure?.retryAfterMilliseconds == 90_000)
    }

    @Test(arguments: [
        (200, "<html>Sign in to the network</html>"), (200, ""), (200, "[]"), (200, "{}"), (200, #"{"value": 3}"#),
        (200, #"{"value": []}"#), (200, #"{"value": [{"id": "1"#), (404, "<html>no such page</html>"),
    ])
    func `L04 what is no answer of Graph ends the reading and takes nothing away`(_ status: Int, _ body: String) throws
    {
        try script.answer(GraphScript.view, status, body)
        let failure = #expect(throws: ReadingFailure.self) { try script.read() }
        #expect(failure?.errorClass == .transient)
    }

    @Test func `L19 B16 a bad event is set aside, and the others are read`() throws {
        try script.page(
            GraphScript.view,
            [
                GraphJSON.single("1"), #"{"id": "2", "type": "singleInstance", "subject": "no time"}"#,
                #"{"id": "3", "start": {"dateTime": "soon"}, "end": {"dateTime": "later"}}"#, GraphJSON.single("4"),
            ], delta: GraphScript.next)
        let reading = try #require(try script.read())
        #expect(reading.isComplete)
        let groups = try reading.all()
        #expect(groups.map { $0.problems.map(\.problem) } == [[], [.missingPart], [.missingPart], []])
        #expect(groups.map(\.meetings.count) == [1, 0, 0, 1])
    }

    @Test(arguments: ["null", "7", #""text""#, "[]", "{}", #"{"id": ""}"#, #"{"id": 7}"#])
    func `L04 what has no name makes a reading incomplete, so that nothing is taken for gone`(_ value: String) throws {
        try script.page(GraphScript.view, [GraphJSON.single("1"), value], delta: GraphScript.next)
        let reading = try #require(try script.read())
        #expect(!reading.isComplete && reading.identifiers == ["1"])
    }

    @Test func `a draft of a meeting is none yet`() throws {
        try script.page(
            GraphScript.view, [GraphJSON.single("1", more: #""isDraft": true"#), GraphJSON.single("2")],
            delta: GraphScript.next)
        #expect(try script.read()?.identifiers == ["2"])
    }

    @Test func `pages are handed over a hundred groups at a time, and only what is wanted`() throws {
        try script.page(
            GraphScript.view, (0..<250).map { GraphJSON.single("\($0)") }, delta: GraphScript.next)
        let reading = try #require(try script.read())
        var sizes: [Int] = []
        try reading.forEachPage(where: { $0.identifier != "7" }, { sizes.append($0.count) })
        #expect(sizes == [100, 100, 49])
    }
}
