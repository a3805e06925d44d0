import Entries
import Providers
import Testing

@testable import Sync

/// Sources that tell what changed since a cursor, and are silent about the rest.
struct ChangesTests {
    private let practice: Practice
    private let source = FakeSource()

    init() throws {
        practice = try Practice()
        try practice.people([Contact("bob"), Contact("cleo")])
        try practice.connect("server", to: source)
    }

    @discardableResult
    private func sync() throws -> FetchStage.Summary? {
        try practice.sync { $0.limit = 1_000 }.readings.last?.summary
    }

    private func finished() throws -> [FetchFinished] {
        try practice.facts(FetchFinished.self).filter { $0.reading.subject == .meetings }
    }

    @Test func `B02 the first reading is of the whole, and the next begins at its cursor`() throws {
        source.put(.meeting("one", -3))
        try sync()
        source.put(.meeting("two", -2))
        let second = try sync()
        #expect(source.wishes.map(\.cursor) == [nil, "1"])
        #expect(second?.created == 1)
        #expect(try finished().map(\.mode) == [.full, .delta])
        #expect(try finished().first?.modeReason == .first)
        #expect(try practice.meetings().count == 2)
    }

    @Test func `B02 nothing changed moves no cursor and writes no meeting`() throws {
        source.put(.meeting("one", -3))
        try sync()
        #expect(try sync()?.outcome == .unchanged)
        source.put(.meeting("two", -2))
        try sync()
        #expect(source.wishes.map(\.cursor) == [nil, "1", "1"])
    }

    @Test func `B06 what the source says is gone is withdrawn at once, and can come back`() throws {
        source.put(.meeting("one", -3))
        source.put(.meeting("two", -2))
        try sync()
        source.remove("one")
        #expect(try sync()?.deleted == 1)
        #expect(try practice.meetings().count == 1)
        source.put(.meeting("one", -3))
        try sync()
        #expect(try practice.meetings().count == 2)
        #expect(try practice.entries(ActivityLogged.type).count == 2)
    }

    @Test func `B06 what a reading of the whole says is gone is withdrawn at once, and arouses no suspicion`() throws {
        for number in 0..<20 { source.put(.meeting("m\(number)", -3)) }
        try sync()
        source.tellsDeletions = true
        for number in 0..<19 { source.remove("m\(number)") }
        source.deadUntil = 100
        let summary = try sync()
        #expect(summary?.outcome == .read)
        #expect(summary?.deleted == 19)
        #expect(summary?.absent == 0)
        #expect(try practice.meetings().count == 1)
    }

    @Test func `L01 absence from a reading of changes means nothing`() throws {
        for number in 0..<20 { source.put(.meeting("m\(number)", -3)) }
        try sync()
        source.put(.meeting("m0", -3, title: "new"))
        try sync()
        #expect(try practice.meetings().count == 20)
        #expect(try practice.facts(FetchFinished.self).allSatisfy { $0.absences.isEmpty })
    }

    @Test func `B02 a cursor that is refused leads to a reading of the whole that says why, and nothing is lost`()
        throws
    {
        source.put(.meeting("one", -3))
        source.put(.meeting("two", -2))
        try sync()
        source.deadUntil = 2
        source.put(.meeting("three", -1))
        let summary = try sync()
        #expect(summary?.created == 1)
        #expect(summary?.unchanged == 2)
        #expect(try finished().last?.modeReason == .cursorRefused)
        #expect(try practice.entries(ActivityLogged.type).count == 3)
    }

    @Test func `L16 what vanished while the cursor was dead is withdrawn at its second absence`() throws {
        for number in 0..<10 { source.put(.meeting("m\(number)", -3)) }
        try sync()
        source.forgets = true
        source.remove("m0")
        source.deadUntil = 100
        #expect(try sync()?.absent == 1)
        #expect(try practice.meetings().count == 10)
        source.deadUntil = -1
        #expect(try sync()?.deleted == 1)
        #expect(source.wishes.last?.cursor == nil)
        #expect(try practice.meetings().count == 9)
    }

    @Test func `L03 a whole reading that finds far too little is suspected and moves no cursor`() throws {
        for number in 0..<10 { source.put(.meeting("m\(number)", -3)) }
        try sync()
        source.forgets = true
        for number in 0..<8 { source.remove("m\(number)") }
        source.deadUntil = 100
        #expect(try sync()?.outcome == .suspected(known: 10, found: 2))
        #expect(try practice.meetings().count == 10)
    }

    @Test func `G4 local notes of a meeting outlive a full reading`() throws {
        source.put(.meeting("one", -3))
        try sync()
        let before = try practice.texts("SELECT meeting FROM meeting")
        source.deadUntil = 100
        try sync()
        #expect(try practice.texts("SELECT meeting FROM meeting") == before)
        #expect(try practice.entries(MeetingSeen.type).count == 1)
    }

    @Test func `G2 a reading that breaks off between two pages begins at the old cursor and loses nothing`() throws {
        source.put(.meeting("first", -5))
        try sync()
        for number in 0..<9 { source.put(.meeting("m\(number)", -3)) }
        source.pagesLeft = 2
        let broken = try sync()
        #expect(broken?.outcome == .failed(ReadingFailure(.transient, "cut_off", "The server broke off.")))
        source.pagesLeft = nil
        try sync()
        #expect(source.wishes.map(\.cursor) == [nil, "1", "1"])
        #expect(try practice.meetings().count == 10)
        #expect(try practice.entries(MeetingSeen.type).count == 10)
        #expect(try practice.entries(ActivityLogged.type).count == 10)
    }

    @Test func `pain 14 an item that got another identifier is the same meeting`() throws {
        source.put(.meeting("one", -3, at: "/a.ics"))
        try sync()
        source.put(.meeting("one", -3, at: "/b.ics"))
        source.remove("/a.ics")
        try sync()
        #expect(try practice.meetings().count == 1)
        #expect(try practice.entries(MeetingWithdrawn.type).isEmpty)
    }

    @Test func `L16 a meeting that merely comes into the window needs no change to be seen`() throws {
        source.put(.meeting("later", 33))
        try sync()
        practice.wait(days: 5)
        #expect(try sync()?.outcome == .unchanged)
        #expect(try practice.meetings().count == 1)
    }

    @Test func `L16 the range that is covered is rolled forward by a reading of the whole`() throws {
        source.put(.meeting("one", -3))
        source.put(.meeting("far", 120))
        try sync()
        #expect(try practice.meetings().count == 1)
        for _ in 0..<10 {
            practice.wait(days: 6)
            try sync()
        }
        practice.wait(days: 1)
        try sync()
        #expect(try practice.meetings().contains { $0.hasPrefix("far") })
        #expect(try finished().contains { $0.modeReason == .windowMoved || $0.modeReason == .reconciliation })
    }

    @Test func `B13 an override behind the range is written down when time brings it in, though nothing changed`()
        throws
    {
        var group = FoundGroup.weekly("standup")
        var moved = FoundMeeting.at(Time.at(120), "standup", title: "moved", with: ["bob"])
        moved.originalStart = Time.at(119)
        var exception = SeriesException()
        (exception.originalStart, exception.kind) = (Time.at(119), .overridden)
        group.meetings = [moved]
        group.series?.recurrence.exceptions = [exception]
        source.put(group)
        try sync()
        #expect(try practice.meetings().allSatisfy { !$0.hasPrefix("moved") })
        for _ in 0..<16 {
            practice.wait(days: 6)
            try sync()
        }
        let shown = try practice.meetings()
        #expect(shown.count { $0.hasPrefix("moved") } == 1)
        #expect(try practice.facts(SeriesChanged.self).isEmpty)
        let readings = source.wishes.count
        try sync()
        #expect(source.wishes.count == readings + 1)
        #expect(try practice.meetings() == shown)
    }

    @Test func `B01 everything is compared once a week, for a source may forget to tell`() throws {
        for number in 0..<10 { source.put(.meeting("m\(number)", -3)) }
        try sync()
        source.forgets = true
        source.remove("m0")
        #expect(try sync()?.outcome == .unchanged)
        practice.wait(days: 8)
        #expect(try sync()?.absent == 1)
        #expect(try finished().last?.modeReason == .reconciliation)
        #expect(try sync()?.deleted == 1)
    }

    private static func unreadable(_ identifier: String, _ mark: String) -> FoundGroup {
        var group = FoundGroup(identifier: identifier, path: "/cal/\(identifier).ics", mark: mark)
        group.problems = [FoundProblem(.malformed, "It cannot be read.")]
        return group
    }

    @Test func `L02 B16 what cannot be read any more stays as it was known, and is named`() throws {
        source.put(.meeting("one", -3))
        source.put(.meeting("two", -2))
        try sync()
        let logged = try practice.activities()
        source.put(Self.unreadable("two", "bad"))
        #expect(try sync()?.quarantined == 1)
        for isFull in [false, true, true] {
            try practice.sync {
                $0.limit = 1_000
                $0.isFull = isFull
            }
        }
        #expect(try practice.activities() == logged)
        #expect(try practice.meetings().count == 2)
        #expect(try practice.texts("SELECT provider_path FROM meeting_quarantine") == ["/cal/two.ics"])
        // That it still cannot be read is no news.
        #expect(try practice.entries(MeetingQuarantined.type).count == 1)
        source.put(.meeting("two", -2))
        try sync()
        #expect(try practice.texts("SELECT COUNT(*) FROM meeting_quarantine") == ["0"])
        #expect(try practice.activities() == logged)
    }

    @Test func `L02 what could not be read is tried again with everything, and when somebody asks for it`() throws {
        source.put(Self.unreadable("one", "same"))
        try sync()
        source.put(.meeting("two", -2))
        try sync()
        // A newer version reads it, though nothing changed there.
        var mended = FoundGroup.meeting("one", -3)
        mended.mark = "same"
        source.mend("one", mended)
        try sync()
        #expect(try practice.meetings().count == 1)
        practice.wait(days: 8)
        try sync()
        #expect(try practice.meetings().count == 2)
        #expect(try practice.texts("SELECT COUNT(*) FROM meeting_quarantine") == ["0"])
    }

    @Test func `G39 what lies beyond the range that was read is not absent`() throws {
        source.put(.meeting("near", -3))
        source.put(.meeting("far", 40))
        try sync()
        source.coveredTo = practice.now + 30 * Time.day
        source.forgets = true
        source.remove("far")
        source.deadUntil = 100
        #expect(try sync()?.absent == 0)
    }

    // MARK: Parts of series

    @Test func `G9 a moved occurrence is shown once, at its new time`() throws {
        source.put(.weekly("standup"))
        try sync()
        source.put(.part("standup", moved: -7, to: -6))
        try sync()
        let shown = try practice.meetings()
        #expect(shown.contains { $0.hasPrefix("moved 02-24") })
        #expect(!shown.contains { $0.contains("02-23") })
    }

    @Test func `G7 a cancelled occurrence stays away, also when the series is edited later`() throws {
        source.put(.weekly("standup"))
        try sync()
        let before = try practice.meetings().count
        source.put(.part("standup", cancelled: -7))
        try sync()
        #expect(try practice.meetings().count == before - 1)
        var edited = FoundGroup.weekly("standup", title: "daily")
        edited.isPart = true
        source.put(edited)
        try sync()
        #expect(try practice.meetings().count == before - 1)
        #expect(try practice.meetings().allSatisfy { $0.hasPrefix("daily") })
        #expect(try practice.facts(ActivityRetracted.self).count == 1)
    }

    @Test func `G10 an occurrence whose series is not there is shown alone, and can be cancelled`() throws {
        source.put(.part("invited", moved: -7, to: -7))
        try sync()
        #expect(try practice.meetings().count == 1)
        source.put(.part("invited", cancelled: -7))
        try sync()
        #expect(try practice.meetings().isEmpty)
    }

    @Test func `G8 a series that is gone takes all its occurrences with it`() throws {
        source.put(.weekly("standup"))
        source.put(.part("standup", moved: -7, to: -6))
        source.put(.weekly("standup"))
        try sync()
        source.remove("standup")
        try sync()
        #expect(try practice.meetings().isEmpty)
    }
}

/// What a connection's failures mean for the rest of it, and for others.
struct ElsewhereTests {
    private let practice: Practice
    private let source = FakeSource()

    init() throws {
        practice = try Practice()
        try practice.people([Contact("bob")])
        try practice.connect("server", to: source)
        source.put(.meeting("one", -3))
    }

    @Test func `A07 a refused login is recorded once, and is not tried again by itself`() throws {
        source.failure = ReadingFailure(.auth, "unauthorized", "refused")
        try practice.sync()
        try practice.sync()
        let skipped = try practice.sync()
        #expect(source.wishes.count == 1)
        #expect(try practice.facts(CredentialRefused.self).count == 1)
        #expect(skipped.readings.last?.summary.outcome == .skipped(.needsCredentials))
    }

    @Test func `A07 what works again by hand is read by itself again`() throws {
        source.failure = ReadingFailure(.auth, "unauthorized", "refused")
        try practice.sync()
        source.failure = nil
        try practice.sync { $0.connection = practice.connection("server") }
        #expect(try practice.sync().outcomes == ["unchanged"])
        #expect(try practice.facts(CredentialRenewed.self).count == 1)
    }

    @Test func `L21 a calendar that is found later is told of, and not read before it is chosen`() throws {
        try practice.sync()
        source.listing.append(FoundCalendar(path: "/other/", name: "Other"))
        let summary = try practice.sync()
        #expect(summary.found == ["Other"])
        #expect(try practice.texts("SELECT name FROM calendar WHERE is_chosen = 1") == ["Work"])
        #expect(try practice.sync().found.isEmpty)
    }

    @Test func `L21 finding a dropped calendar again does not choose it`() throws {
        try practice.sync()
        try practice.dropElsewhere("server")
        try practice.sync()
        #expect(try practice.texts("SELECT name FROM calendar WHERE is_chosen = 1").isEmpty)
        #expect(source.wishes.count == 1)
    }

    @Test func `B14 a calendar that is called otherwise now is renamed`() throws {
        try practice.sync()
        source.listing[0].name = "Office"
        try practice.sync()
        #expect(try practice.texts("SELECT name FROM calendar") == ["Office"])
    }

    @Test func `B14 a list that does not say what a calendar is called leaves its name`() throws {
        try practice.sync()
        source.listing[0].name = "cal"
        source.listing[0].isNamed = false
        try practice.sync()
        #expect(try practice.texts("SELECT name FROM calendar") == ["Work"])
        source.listing.append(FoundCalendar(path: "/new/", name: "new"))
        source.listing[1].isNamed = false
        try practice.sync()
        #expect(try practice.texts("SELECT name FROM calendar ORDER BY name") == ["Work", "new"])
    }

    @Test func `G71 a calendar that is gone is dropped when the list agrees, and its activities stay`() throws {
        try practice.sync()
        source.failure = ReadingFailure(.permanent, "calendar_gone", "It is gone.")
        try practice.sync()
        #expect(try practice.facts(CalendarDropped.self).isEmpty)
        source.listing = []
        try practice.sync()
        #expect(try practice.facts(CalendarDropped.self).map(\.reason) == [.goneAtProvider])
        #expect(try practice.meetings().isEmpty)
        #expect(try practice.texts("SELECT activity FROM activity WHERE retracted IS NULL").count == 1)
    }

    @Test func `B16 a connection that cannot be opened does not stop the others`() throws {
        let other = FakeSource()
        other.put(.meeting("two", -2))
        try practice.connect("other", to: other)
        practice.sources["server"] = nil
        #expect(try practice.sync().outcomes == ["failed closed", "read"])
        #expect(try practice.meetings().count == 1)
    }

    @Test func `A12 a failure says what kind it was, and until when the server asked to be left alone`() throws {
        source.failure = ReadingFailure(.rate, "too_many_requests", "later", retryAfterMilliseconds: 60_000)
        try practice.sync()
        let failed = try practice.facts(FetchFailed.self).last
        #expect(failed?.errorClass == .rate)
        #expect(failed.map { ($0.retry ?? 0) >= $0.started + 60_000 } == true)
    }
}
