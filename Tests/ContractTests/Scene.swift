import Testing

/// A home with one calendar of one kind, connected and read.
struct Scene {
    let kind: Kind
    let side: any Side
    let home: ContractHome

    /// - Parameter meetings: what stands in the calendar when it is connected.
    init(_ kind: Kind, _ meetings: [Meeting] = [], daysAhead: Int64 = 30) throws {
        self.kind = kind
        side = try kind.side()
        home = try ContractHome()
        home.daysAhead = daysAhead
        for meeting in meetings { try side.put(meeting) }
        try side.connect(home)
        try sync()
    }

    /// Reads what changed.
    func sync() throws { try home.sync() }

    /// Reads until what the source only fails to name is known to be gone.
    func settle() throws { for _ in 0..<2 { try home.sync() } }

    /// Reads nothing new, and sees that nothing changed. SOGo counts in seconds, and tells of one until it is over.
    func rests() throws {
        var outcomes = try home.outcomes()
        for _ in 0..<100 where kind == .sogo && outcomes == ["read"] { outcomes = try home.outcomes() }
        #expect(outcomes == ["unchanged"])
    }

    // MARK: Expecting

    /// The calendars show these meetings, the earliest first.
    func shows(_ wanted: [String], at place: SourceLocation = #_sourceLocation) throws {
        same(try home.meetings(), wanted, place)
    }

    /// These activities are there, of the earliest meeting first.
    func logs(_ wanted: [String], at place: SourceLocation = #_sourceLocation) throws {
        same(try home.activities(), wanted, place)
    }

    /// These activities stand.
    func stands(_ wanted: [String], at place: SourceLocation = #_sourceLocation) throws {
        same(try home.activities().filter { !$0.hasSuffix(")") }, wanted, place)
    }

    func finds(_ sql: String, _ wanted: [String], at place: SourceLocation = #_sourceLocation) throws {
        same(try home.rows(sql), wanted, place)
    }

    /// So many entries of a type were written.
    func wrote(_ count: Int, _ type: String, at place: SourceLocation = #_sourceLocation) throws {
        let found = try home.count(type)
        #expect(found == count, "\(type)", sourceLocation: place)
    }
}

func same(_ found: [String], _ wanted: [String], _ place: SourceLocation = #_sourceLocation) {
    #expect(found == wanted, sourceLocation: place)
}

extension Meeting {
    /// It has ended, so it is logged.
    static let past = Meeting("past", "Planning", "2025-12-10T09:00")
    static let other = Meeting("other", "Review", "2025-12-11T14:00") { $0.guests = [.bob] }
    /// It is still to come.
    static let coming = Meeting("coming", "Kickoff", "2026-01-12T10:00")
    /// Four Tuesdays in December.
    static let weekly = Meeting("weekly", "Standup", "2025-12-02T09:00") { $0.weeks = 4 }
}
