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

    func meetings() throws -> [String] { try home.meetings() }
    func activities() throws -> [String] { try home.activities() }
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
