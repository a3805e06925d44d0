import Testing

/// One meeting that several calendars show.
@Suite struct OneMeetingTests {
    private static let kinds = [Kind.file, .feed, .radicale, .google, .microsoft].filter(Kind.here.contains)

    private final class Everywhere {
        let home: ContractHome
        let sides: [any Side]

        init(_ meetings: [Meeting]) throws {
            home = try ContractHome()
            sides = try kinds.map { try $0.side() }
            for side in sides {
                for meeting in meetings { try side.put(meeting) }
                try side.connect(home)
            }
            try home.sync()
        }

        func sightings() throws -> [String] {
            try home.rows(
                """
                SELECT meeting.title, COUNT(*) FROM meeting JOIN meeting_sighting USING (meeting)
                WHERE meeting_sighting.withdrawn IS NULL GROUP BY meeting ORDER BY meeting.starts, meeting.title
                """)
        }
    }

    private static var all: String { String(kinds.count) }

    @Test func `L12 one meeting seen by a file, a feed, CalDAV, Google and Microsoft is one meeting and one activity`()
        throws
    {
        let meeting = Meeting("a1b2-c3d4@meet.example", "Planning", "2025-12-10T09:00") { $0.guests = [.jane, .bob] }
        let older = Meeting("older@meet.example", "Kickoff", "2025-12-03T09:00") { $0.guests = [.cleo] }
        let it = try Everywhere([older, meeting])
        same(try it.home.meetings(), ["Kickoff 2025-12-03 08:00", "Planning 2025-12-10 08:00"])
        same(try it.sightings(), ["Kickoff \(Self.all)", "Planning \(Self.all)"])
        same(try it.home.activities(), ["Planning: Bob Stone", "Planning: Jane Doe"])
        #expect(try it.home.count("activity.logged") == 2)
        // What one calendar does not show any more, the others still do.
        for side in it.sides.dropLast() { try side.delete(meeting.uid) }
        for _ in 0..<2 { try it.home.sync() }
        same(try it.sightings(), ["Kickoff \(Self.all)", "Planning 1"])
        same(try it.home.activities(), ["Planning: Bob Stone", "Planning: Jane Doe"])
        try it.sides.last?.delete(meeting.uid)
        for _ in 0..<2 { try it.home.sync() }
        same(try it.sightings(), ["Kickoff \(Self.all)"])
        same(try it.home.activities(), ["Planning: Bob Stone (withdrawn)", "Planning: Jane Doe (withdrawn)"])
        #expect(try it.home.count("activity.retracted") == 2)
    }

    @Test(arguments: [
        "series-1@meet.example",
        "040000008200E00074C5B7101A82E00800000000C0FFEE0000000000000000000000000000000000100000000C0FFEE0",
    ])
    func `L12 G112 one of a series is one meeting, also where each has an iCalUId of its own`(_ uid: String) throws {
        let series = Meeting(uid, "Standup", "2025-12-02T09:00") { $0.weeks = 3 }
        let it = try Everywhere([series])
        same(
            try it.home.meetings(),
            [
                "Standup 2025-12-02 08:00", "Standup 2025-12-09 08:00", "Standup 2025-12-16 08:00",
            ])
        same(try it.sightings(), Array(repeating: "Standup \(Self.all)", count: 3))
        same(try it.home.activities(), Array(repeating: "Standup: Jane Doe", count: 3))
        for side in it.sides {
            try side.change(uid, at: "2025-12-09T09:00") { $0.start = "2025-12-10T11:00" }
        }
        try it.home.sync()
        same(
            try it.home.meetings(),
            [
                "Standup 2025-12-02 08:00", "Standup 2025-12-10 10:00", "Standup 2025-12-16 08:00",
            ])
        same(try it.sightings(), Array(repeating: "Standup \(Self.all)", count: 3))
        #expect(try it.home.count("activity.logged") == 3)
    }

    @Test func `L12 a meeting that one calendar moves is moved for all who log it, and logged once`() throws {
        let meeting = Meeting("moved@meet.example", "Planning", "2025-12-10T09:00")
        let it = try Everywhere([meeting])
        for side in it.sides {
            try side.change(meeting.uid) { $0.start = "2025-12-11T10:00" }
            try it.home.sync()
        }
        same(try it.home.meetings(), ["Planning 2025-12-11 09:00"])
        same(try it.home.times(), ["12-11 09:00"])
        #expect(try it.home.count("activity.logged") == 1)
    }
}
