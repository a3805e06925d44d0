import Testing

/// What a calendar of any kind must do with series.
@Suite struct SeriesContract {
    private static let all = [
        "Standup 2025-12-02 08:00", "Standup 2025-12-09 08:00", "Standup 2025-12-16 08:00", "Standup 2025-12-23 08:00",
    ]

    private func logged(_ count: Int) -> [String] { Array(repeating: "Standup: Jane Doe", count: count) }

    @Test(arguments: Kind.here)
    func `B13 L08 a weekly series is all its meetings`(_ kind: Kind) throws {
        let it = try Scene(kind, [.weekly])
        try it.shows(Self.all)
        try it.logs(logged(4))
        try it.rests()
    }

    @Test(arguments: Kind.here)
    func `B13 a changed series changes all its meetings, and none is logged twice`(_ kind: Kind) throws {
        let it = try Scene(kind, [.weekly])
        try it.side.change("weekly") { ($0.title, $0.guests) = ("Daily", [.jane, .bob]) }
        try it.sync()
        try it.shows(Self.all.map { "Daily" + $0.dropFirst("Standup".count) })
        try it.logs((0..<4).flatMap { _ in ["Daily: Bob Stone", "Daily: Jane Doe"] })
        try it.wrote(8, "activity.logged")
    }

    @Test(arguments: Kind.here)
    func `B13 one of a series that is changed and moved stays that one`(_ kind: Kind) throws {
        let it = try Scene(kind, [.weekly])
        try it.side.change("weekly", at: "2025-12-09T09:00") {
            ($0.title, $0.start) = ("Retreat", "2025-12-10T13:00")
        }
        try it.sync()
        try it.shows([Self.all[0], "Retreat 2025-12-10 12:00", Self.all[2], Self.all[3]])
        try it.logs([
            "Standup: Jane Doe", "Retreat: Jane Doe", "Standup: Jane Doe", "Standup: Jane Doe",
        ])
        #expect(try it.home.times() == ["12-02 08:00", "12-10 12:00", "12-16 08:00", "12-23 08:00"])
        try it.wrote(4, "activity.logged")
    }

    @Test(arguments: Kind.here)
    func `B13 one of a series that is cancelled goes, and the others stay`(_ kind: Kind) throws {
        let it = try Scene(kind, [.weekly])
        try it.side.cancel("weekly", at: "2025-12-09T09:00")
        try it.settle()
        try it.shows([Self.all[0], Self.all[2], Self.all[3]])
        try it.stands(logged(3))
        try it.wrote(4, "activity.logged")
    }

    @Test(arguments: Kind.here)
    func `B13 a series that is split keeps what was, and has the rest once`(_ kind: Kind) throws {
        let it = try Scene(kind, [.weekly])
        try it.side.split("weekly", at: "2025-12-16T09:00", title: "Sitdown")
        try it.settle()
        try it.shows([
            Self.all[0], Self.all[1], "Sitdown 2025-12-16 08:00", "Sitdown 2025-12-23 08:00",
        ])
        try it.stands(["Standup: Jane Doe", "Standup: Jane Doe", "Sitdown: Jane Doe", "Sitdown: Jane Doe"])
    }

    @Test(arguments: Kind.here)
    func `B06 a series that is deleted goes with all its meetings, and comes back`(_ kind: Kind) throws {
        let it = try Scene(kind, [.weekly, .past])
        try it.side.delete("weekly")
        try it.settle()
        try it.shows(["Planning 2025-12-10 08:00"])
        try it.stands(["Planning: Jane Doe"])
        try it.side.put(.weekly)
        try it.settle()
        try it.finds("SELECT COUNT(*) FROM activity WHERE retracted IS NULL", ["5"])
        try it.finds("SELECT COUNT(*) FROM activity", ["5"])
    }

    @Test(arguments: Kind.here)
    func `B11 B13 a series of whole days is its days`(_ kind: Kind) throws {
        let it = try Scene(kind, [Meeting("days", "Market", "2025-12-02") { $0.weeks = 3 }])
        try it.shows(["Market 2025-12-02", "Market 2025-12-09", "Market 2025-12-16"])
        try it.side.cancel("days", at: "2025-12-09")
        try it.settle()
        try it.shows(["Market 2025-12-02", "Market 2025-12-16"])
    }
}
