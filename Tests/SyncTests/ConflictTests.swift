import Entries
import Testing

@testable import Sync

/// Copies of a meeting in another calendar, under another identifier (I01, I02, L71).
struct ConflictTests {
    private let practice: Practice

    init() throws {
        practice = try Practice()
        try practice.people([Contact("bob")])
    }

    /// The same meeting in two calendars, under two identifiers.
    private func copied() throws {
        try practice.calendar("work", [Event("plan", with: ["bob"])])
        var copy = Event("copy", with: ["bob"])
        copy.title = "plan"
        try practice.calendar("home", [copy])
        try practice.settle()
    }

    private var stage: ConflictStage { ConflictStage(practice.desk) }

    private func rows() throws -> [ConflictRow] {
        try practice.desk.read { try ConflictRow.all(of: practice.owner, $0) }
    }

    @Test(
        arguments: [
            (0, 0, "Planning", nil, true), (4, 4, "planning ", nil, true), (0, 10, "Planning", nil, true),
            (6, 0, "Planning", nil, false), (0, 20, "Planning", nil, false), (0, 0, "Planning II", nil, false),
            (0, 0, "", nil, false), (0, 0, "Planning", "Elsewhere", true), (4, 10, "Planning", "Elsewhere", false),
        ] as [(Int64, Int64, String, String?, Bool)])
    func `I01 likeness is one sum, on instants`(
        _ begin: Int64, _ end: Int64, _ title: String, _ place: String?, _ isCopy: Bool
    ) {
        let start: Int64 = 1_767_600_000_000
        let one = Likeness.Face(
            title: title.isEmpty ? "" : "Planning", starts: start, ends: start + 3_600_000, location: "Room 1")
        let other = Likeness.Face(
            title: title, starts: start + begin * 60_000, ends: start + 3_600_000 + end * 60_000, location: place)
        #expect(Likeness(one, other).isCopy == isCopy)
        #expect(Likeness(one, other) == Likeness(other, one))
    }

    @Test func `I02 L71 a pair is found once, and what was decided or taken back stays so`() throws {
        try copied()
        #expect(try stage.run(practice.owner).found == 1)
        #expect(try stage.run(practice.owner) == ConflictStage.Summary())
        let pair = try #require(try rows().first)
        #expect(pair.meeting < pair.otherMeeting)
        try stage.resolve(pair, .keepFirst)
        #expect(try stage.run(practice.owner) == ConflictStage.Summary())
        try stage.undo(pair)
        #expect(try stage.run(practice.owner) == ConflictStage.Summary())
        #expect(try rows().count == 1)
    }

    @Test func `I04 who is hidden is not logged, and undoing it brings the activity back`() throws {
        try copied()
        #expect(try practice.activities().count { $0.hasPrefix("plan:") } == 2)
        _ = try stage.run(practice.owner)
        let pair = try #require(try rows().first)
        try stage.resolve(pair, .keepSecond)
        try practice.settle()
        #expect(try practice.activities().count { $0.hasPrefix("plan:") } == 1)
        try stage.undo(pair)
        try practice.settle()
        #expect(try practice.activities().count { $0.hasPrefix("plan:") } == 2)
    }

    @Test func `I03 a strategy decides by itself, and only where it says something`() throws {
        var changed = SettingChanged()
        (changed.setting, changed.value) = (Setting.conflicts.rawValue, "\"prefer_google\"")
        try practice.desk.append(changed, stream: "setting/home", owner: Draft.home)
        try copied()
        // Neither of the two is Google's.
        #expect(try stage.run(practice.owner) == ConflictStage.Summary(found: 1, resolved: 0))
    }

    @Test func `two meetings of one calendar are no copies of each other`() throws {
        var copy = Event("copy", with: ["bob"])
        copy.title = "plan"
        try practice.calendar("work", [Event("plan", with: ["bob"]), copy])
        try practice.settle()
        #expect(try stage.run(practice.owner).found == 0)
    }
}
