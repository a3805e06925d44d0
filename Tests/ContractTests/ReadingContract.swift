import Application
import Testing

/// How a calendar of any kind is read, when all is well and when it is not.
@Suite struct ReadingContract {
    private static let many = (10..<22).map { day in
        Meeting("meeting-\(day)", "Talk \(day)", "2025-12-\(day)T09:00")
    }

    @Test(arguments: Kind.here)
    func `B01 what comes in several pages is read to the last one`(_ kind: Kind) throws {
        let side = try kind.side()
        for meeting in Self.many { try side.put(meeting) }
        try side.usePages()
        let home = try ContractHome()
        try side.connect(home)
        try home.sync()
        #expect(try home.meetings().count == 12)
        #expect(try home.activities().count == 12)
        for day in 10..<15 { try side.change("meeting-\(day)") { $0.title = "Changed \(day)" } }
        try home.sync()
        #expect(try home.meetings().filter { $0.hasPrefix("Changed") }.count == 5)
        #expect(try home.activities().filter { $0.hasPrefix("Changed") }.count == 5)
    }

    @Test(arguments: Kind.here)
    func `B02 L16 when the server forgot its cursors everything is read, and nothing is written twice`(_ kind: Kind)
        throws
    {
        let it = try Scene(kind, [.past, .weekly, .other])
        let meetings = try it.home.meetings()
        try it.side.delete("other")
        try it.side.forgetCursors()
        try it.settle()
        try it.shows(meetings.filter { !$0.hasPrefix("Review") })
        try it.wrote(6, "meeting.seen")
        try it.wrote(6, "activity.logged")
    }

    @Test(arguments: Kind.here)
    func `B16 L02 a meeting that cannot be read is set aside, and the others are read`(_ kind: Kind) throws {
        let side = try kind.side()
        for meeting in [Meeting.past, .other, .coming] { try side.put(meeting) }
        let home = try ContractHome()
        if let file = side as? FileSide {
            try file.breakMeeting("other")
        } else {
            home.spoil {
                $0.replacing("2025-12-11T", with: "2025-13-45T").replacing("20251211T", with: "20251345T")
            }
        }
        try side.connect(home)
        let read = try home.sync()
        #expect(read.map(\.quarantined) == [1])
        #expect(try home.meetings() == ["Planning 2025-12-10 08:00", "Kickoff 2026-01-12 09:00"])
        home.spoil { $0 }
        try side.change("other") { $0.title = "Review again" }
        try home.sync()
        #expect(try home.meetings().contains("Review again 2025-12-11 13:00"))
        #expect(try home.rows("SELECT problem FROM meeting_quarantine") == [])
    }

    @Test(arguments: Kind.here)
    func `B16 L02 a meeting that is known and cannot be read any more stays as it was known`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past, .other, .coming])
        let meetings = try it.home.meetings()
        let activities = try it.home.activities()
        if let file = it.side as? FileSide {
            try file.breakMeeting("other")
        } else {
            it.home.spoil {
                $0.replacing("2025-12-11T", with: "2025-13-45T").replacing("20251211T", with: "20251345T")
            }
            try it.side.change("other") { $0.title = "Review again" }
        }
        #expect(try it.home.sync().map(\.quarantined) == [1])
        try it.settle()
        try it.shows(meetings)
        try it.logs(activities)
        it.home.spoil { $0 }
        try it.side.change("other") { $0.title = "Review once more" }
        try it.sync()
        try it.stands(["Planning: Jane Doe", "Review once more: Bob Stone"])
        #expect(try it.home.rows("SELECT problem FROM meeting_quarantine") == [])
        try it.wrote(0, "meeting.withdrawn")
    }

    @Test(arguments: Kind.here)
    func `B05 L01 L03 a whole reading that finds far too little is suspected, and deletes nothing`(_ kind: Kind) throws
    {
        let it = try Scene(kind, Self.many)
        let state = try it.home.state()
        try it.side.forget(Self.many.dropFirst(3).map(\.uid), it.home)
        #expect(try it.home.outcomes(isFull: true) == ["suspected"])
        same(try it.home.state(), state)
        try it.wrote(0, "activity.retracted")
        // When everything is there again, nothing happened.
        try it.side.remember(Array(Self.many.dropFirst(3)), it.home)
        try it.sync()
        try it.settle()
        same(try it.home.state(), state)
        try it.wrote(12, "activity.logged")
    }

    @Test(arguments: Kind.withAccounts)
    func `B14 L15 a calendar that is renamed keeps its meetings, and has its new name`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past])
        try it.side.rename("Labour")
        try it.home.sync(isFull: true)
        try it.finds("SELECT name FROM calendar WHERE is_chosen = 1", ["Labour"])
        try it.shows(["Planning 2025-12-10 08:00"])
        try it.wrote(1, "meeting.seen")
    }

    @Test(arguments: Kind.here)
    func `B16 a calendar that is gone deletes nothing`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past, .weekly])
        let meetings = try it.home.meetings()
        let activities = try it.home.activities()
        try it.side.removeCalendar()
        for _ in 0..<3 { try it.home.sync(isFull: true) }
        try it.logs(activities)
        if !kind.hasAccount { try it.shows(meetings) }
        try it.wrote(0, "activity.retracted")
    }

    @Test(arguments: Kind.here)
    func `D05 L30 removed and connected again, nothing is logged twice`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past, .weekly])
        let meetings = try it.home.meetings()
        let activities = try it.home.activities()
        _ = try it.home.ask(RemoveConnectionRequest(user: nil, connection: it.home.connection))
        try it.sync()
        try it.logs(activities)
        try it.side.connect(it.home)
        try it.settle()
        try it.shows(meetings)
        try it.logs(activities)
        try it.wrote(5, "activity.logged")
    }
}
