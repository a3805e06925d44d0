import Testing

/// What a calendar of any kind must do with single meetings, told once.
@Suite struct MeetingContract {
    @Test(arguments: Kind.here)
    func `B01 B04 a meeting that is made is shown, and logged once it has ended`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past, .coming])
        try it.shows(["Planning 2025-12-10 08:00", "Kickoff 2026-01-12 09:00"])
        try it.logs(["Planning: Jane Doe"])
        try it.side.put(.other)
        try it.sync()
        try it.shows([
            "Planning 2025-12-10 08:00", "Review 2025-12-11 13:00", "Kickoff 2026-01-12 09:00",
        ])
        try it.logs(["Planning: Jane Doe", "Review: Bob Stone"])
    }

    @Test(arguments: Kind.here)
    func `B02 B04 L05 nothing changed writes nothing of meetings`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past, .weekly, .coming])
        let before = try it.home.substance()
        try it.rests()
        #expect(try it.home.outcomes(isFull: true) == ["read"])
        #expect(try it.home.substance() == before)
    }

    @Test(arguments: Kind.here)
    func `B04 B09 a changed title and changed guests amend what was logged`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past])
        try it.side.change("past") {
            $0.title = "Planning the year"
            $0.guests = [.jane, .bob, .cleo]
        }
        try it.sync()
        try it.shows(["Planning the year 2025-12-10 08:00"])
        try it.logs(["Planning the year: Bob Stone", "Planning the year: Jane Doe"])
        try it.side.change("past") { $0.guests = [.jane] }
        try it.sync()
        let attendees = try it.home.rows(
            """
            SELECT email FROM meeting_attendee JOIN address USING (address)
            WHERE email <> '\(Meeting.me.email)' ORDER BY email
            """)
        #expect(attendees == [Meeting.Guest.jane.email])
        try it.logs(["Planning the year: Bob Stone (attendee_removed)", "Planning the year: Jane Doe"])
        try it.wrote(1, "meeting.seen")
    }

    @Test(arguments: Kind.here)
    func `B03 a moved meeting is the same meeting, and its activity moves along`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past])
        try it.side.change("past") { $0.start = "2025-12-12T15:30" }
        try it.sync()
        try it.shows(["Planning 2025-12-12 14:30"])
        try it.logs(["Planning: Jane Doe"])
        #expect(try it.home.times() == ["12-12 14:30"])
        try it.wrote(1, "meeting.seen")
        try it.wrote(1, "activity.logged")
    }

    @Test(arguments: Kind.here)
    func `B07 a cancelled meeting is shown no more, and its activity is taken back`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past, .coming])
        try it.side.cancel("past")
        try it.side.cancel("coming")
        try it.sync()
        try it.shows([])
        // To Google a cancelled event is one that was deleted.
        try it.finds("SELECT retraction_reason FROM activity", [kind == .google ? "withdrawn" : "cancelled"])
    }

    @Test(arguments: Kind.here)
    func `B05 B06 a deleted meeting goes at once where that is told, and else at its second absence`(_ kind: Kind)
        throws
    {
        let it = try Scene(kind, [.past, .other, .coming])
        // What is gone before the earliest one that is there may only have become too old to be published.
        try it.side.delete("other")
        try it.sync()
        let rest = ["Planning 2025-12-10 08:00", "Kickoff 2026-01-12 09:00"]
        let gone = ["Planning: Jane Doe", "Review: Bob Stone (withdrawn)"]
        if kind.tellsDeletions {
            try it.shows(rest)
            try it.logs(gone)
        } else {
            try it.shows([rest[0], "Review 2025-12-11 13:00", rest[1]])
            try it.sync()
            try it.shows(rest)
            try it.logs(gone)
        }
    }

    @Test(arguments: Kind.here)
    func `B06 a meeting that comes back is the same, and stands logged again`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past, .other])
        try it.side.delete("other")
        try it.settle()
        try it.shows(["Planning 2025-12-10 08:00"])
        try it.side.put(.other)
        try it.sync()
        try it.shows(["Planning 2025-12-10 08:00", "Review 2025-12-11 13:00"])
        try it.logs(["Planning: Jane Doe", "Review: Bob Stone"])
        try it.finds("SELECT COUNT(*) FROM meeting", ["2"])
        try it.finds("SELECT COUNT(*) FROM activity", ["2"])
    }

    @Test(arguments: Kind.here)
    func `B11 L22 L23 whole days stay the days that they are, and their last one is theirs`(_ kind: Kind) throws {
        let fair = Meeting("fair", "Fair", "2025-12-15") { $0.days = 3 }
        let it = try Scene(kind, [Meeting("offsite", "Offsite", "2025-12-12"), fair])
        try it.shows(["Offsite 2025-12-12", "Fair 2025-12-15 to 2025-12-17"])
        try it.logs([])
        #expect(try it.home.rules() == ["all_day", "all_day"])
        try it.side.change("fair") { $0.start = "2025-12-16" }
        try it.sync()
        try it.shows(["Offsite 2025-12-12", "Fair 2025-12-16 to 2025-12-18"])
    }

    /// Europe went back on 2025-10-26, America on 2025-11-02.
    @Test(arguments: Kind.here)
    func `B12 L41 a clock in Berlin and one in New York keep their hours over a change of summer time`(_ kind: Kind)
        throws
    {
        let berlin = Meeting("berlin", "Berlin", "2025-10-21T10:00") { $0.weeks = 3 }
        let york = Meeting("york", "York", "2025-10-21T10:00") {
            ($0.zone, $0.weeks) = ("America/New_York", 3)
        }
        let it = try Scene(kind, [berlin, york])
        try it.shows([
            "Berlin 2025-10-21 08:00", "York 2025-10-21 14:00", "Berlin 2025-10-28 09:00",
            "York 2025-10-28 14:00", "Berlin 2025-11-04 09:00", "York 2025-11-04 15:00",
        ])
    }

    @Test(arguments: Kind.here)
    func `B07 L18 of a private meeting neither title nor guests are written down`(_ kind: Kind) throws {
        let secret = Meeting("secret", "Canary appointment", "2025-12-10T09:00") { $0.isPrivate = true }
        let it = try Scene(kind, [secret])
        try it.shows(["(No title) 2025-12-10 08:00 (private)"])
        try it.logs([])
        for (name, bytes) in try it.home.files() {
            #expect(!String(decoding: bytes, as: UTF8.self).contains("Canary"), "\(name)")
        }
    }

    @Test(arguments: Kind.here)
    func `B07 a meeting that turns private takes back what was logged`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past])
        try it.side.change("past") { $0.isPrivate = true }
        try it.sync()
        try it.shows(["(No title) 2025-12-10 08:00 (private)"])
        try it.finds("SELECT retraction_reason FROM activity", ["turned_private"])
    }

    @Test(arguments: Kind.here)
    func `B07 what I declined is not logged, and what I decline is taken back`(_ kind: Kind) throws {
        let declined = Meeting("no", "Sales call", "2025-12-09T09:00") { $0.answer = .declined }
        let it = try Scene(kind, [declined, .past])
        try it.shows(["Sales call 2025-12-09 08:00 (declined)", "Planning 2025-12-10 08:00"])
        try it.logs(["Planning: Jane Doe"])
        try it.side.change("past") { $0.answer = .declined }
        try it.sync()
        try it.logs(["Planning: Jane Doe (declined)"])
    }
}
