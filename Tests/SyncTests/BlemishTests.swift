import Entries
import Testing

@testable import Sync

/// One event that is not as it should be: it is set aside, counts as present, and the others go on.
struct BlemishTests {
    private let practice: Practice
    private let events = [
        Event("older", -60, with: []), Event("plan", -20), Event("talk", -10), Event("review", -5),
    ]

    init() throws {
        practice = try Practice()
        try practice.people([Contact("bob")])
        try practice.calendar("work", events)
        try practice.settle()
    }

    private static let nested =
        Array(repeating: "BEGIN:VALARM", count: 30) + Array(repeating: "END:VALARM", count: 30)

    /// What is put into the event in the middle.
    static let blemishes: [[String]] = [
        nested, ["END:VALARM"], ["BEGIN:VALARM"], ["RRULE:FREQ=SECONDLY"], ["RRULE:FREQ=MINUTELY;COUNT=9"],
        ["RRULE:FREQ=NEVER"], ["RECURRENCE-ID:never"],
    ]

    @Test(arguments: blemishes)
    func `B16 pain 16 an event that cannot be read withdraws nothing, and the others are read`(
        _ lines: [String]
    ) throws {
        let before = try practice.activities()
        let position = try practice.lastPosition()
        var changed = events
        changed[2] = Event("talk", -10, lines: lines)
        changed.append(Event("new", -1))
        try practice.calendar("work", changed)
        for _ in 0..<3 { try practice.sync() }
        #expect(try practice.activities().sorted() == (before + ["new: Bob Stone"]).sorted())
        let types = Set(try practice.entries(after: position).map(\.type))
        #expect(types.isDisjoint(with: [MeetingWithdrawn.type, SeriesWithdrawn.type, ActivityRetracted.type]))
        #expect(types.contains(MeetingQuarantined.type))
        try practice.calendar("work", events + [Event("new", -1)])
        try practice.settle()
        #expect(try practice.texts("SELECT COUNT(*) FROM meeting_quarantine") == ["0"])
        #expect(try practice.activities().sorted() == (before + ["new: Bob Stone"]).sorted())
    }
}
