import Entries
import Ledger
import Sync
import Testing

@testable import Application

/// The activities as they are listed, edited, retracted and written down by hand.
@Suite struct ActivitiesTests {
    private func list(_ read: ReadHome, _ change: (inout ActivitiesRequest) -> Void = { _ in }) throws -> [String] {
        var request = ActivitiesRequest()
        change(&request)
        return try read.home.ask(request).activities.map(\.activity)
    }

    private func homeWithActivities() throws -> ReadHome {
        let read = try ReadHome()
        let bea = try read.bea()
        try read.person("carl", "Carl Cohn")
        try read.meeting("m", "Review", hours: -24, with: [bea])
        try read.log("late", nil, "carl", title: "Logged first", hours: -1)
        try read.log("early", "m", "bea", title: "Review", hours: -24)
        return read
    }

    @Test func `L29 a timeline is in the order in which things took place, the newest first`() throws {
        let read = try homeWithActivities()
        #expect(try list(read) == ["late", "early"])
        #expect(try list(read) { $0.person = "bea" } == ["early"])
        #expect(try list(read) { $0.until = "yesterday" } == ["early"])
        #expect(try list(read) { $0.since = "today" } == ["late"])
    }

    @Test func `L64 another user's activities are not found, nor edited, nor retracted`() throws {
        let read = try homeWithActivities()
        try read.addUser("eve", "Eve")
        #expect(try list(read) { $0.user = "Eve" } == [])
        var edit = EditActivityRequest(user: "Eve", activity: "early")
        edit.changes.title = "Mine"
        #expect(read.home.refusal(edit)?.kind == .notFound)
        #expect(read.home.refusal(RetractActivityRequest(user: "Eve", activity: "early"))?.kind == .notFound)
        #expect(try read.home.ask(ActivityRequest(user: nil, activity: "early")).activity.title == "Review")
    }

    @Test func `D08 what is edited by hand is said so, and the calendar does not change it any more`() throws {
        let read = try homeWithActivities()
        var edit = EditActivityRequest(user: nil, activity: "early")
        edit.changes.title = "Lunch"
        edit.changes.minutes = 90
        edit.changes.occurred = "2026-01-04 10:30"
        let edited = try read.home.ask(edit)
        #expect(Set(edited.changed) == ["title", "duration_minutes", "occurred"])
        #expect(edited.activity.title == "Lunch")
        #expect(edited.activity.occurred == ReadHome.monday - 22 * ReadHome.hour - ReadHome.hour / 2)
        try read.home.write(MeetingChanged(), stream: "meeting/m") {
            ($0.meeting, $0.connection, $0.calendar) = ("m", "c", "k")
            ($0.details.title, $0.details.location) = ("Other title", "Room 3")
        }
        _ = try read.home.door.open { home in
            try LogStage(home.desk(), owner: read.owner, settings: Settings(), trigger: .scheduled).run(limit: 10)
        }
        let after = try read.home.ask(ActivityRequest(user: nil, activity: "early")).activity
        #expect(after.title == "Lunch")
        #expect(after.location == "Room 3")
    }

    @Test func `an edit that changes nothing writes nothing`() throws {
        let read = try homeWithActivities()
        var edit = EditActivityRequest(user: nil, activity: "early")
        edit.changes.title = "Review"
        edit.changes.location = ""
        let before = try read.home.door.open { try $0.head.size }.answer
        #expect(try read.home.ask(edit).changed == [])
        #expect(try read.home.door.open { try $0.head.size }.answer == before)
    }

    @Test func `an empty text empties a field`() throws {
        let read = try homeWithActivities()
        var edit = EditActivityRequest(user: nil, activity: "early")
        edit.changes.title = ""
        #expect(try read.home.ask(edit).activity.title == nil)
        #expect(try read.home.ask(ActivityRequest(user: nil, activity: "early")).activity.displayTitle == "(No title)")
    }

    @Test func `D09 a retraction by hand is final`() throws {
        let read = try homeWithActivities()
        var request = RetractActivityRequest(user: nil, activity: "early")
        request.note = "We did not meet"
        request.isDryRun = true
        _ = try read.home.ask(request)
        #expect(try list(read) == ["late", "early"])
        request.isDryRun = false
        _ = try read.home.ask(request)
        #expect(try list(read) == ["late"])
        #expect(try list(read) { $0.withRetracted = true } == ["late", "early"])
        _ = try read.home.door.open { home in
            try LogStage(home.desk(), owner: read.owner, settings: Settings(), trigger: .scheduled).run(limit: 10)
        }
        let shown = try read.home.ask(ActivityRequest(user: nil, activity: "early"))
        #expect(shown.activity.retractionReason == "by_hand")
        #expect(shown.history.map(\.type) == ["activity.logged", "activity.retracted"])
        #expect(read.home.refusal(request)?.kind == .conflict)
        var edit = EditActivityRequest(user: nil, activity: "early")
        edit.changes.title = "x"
        #expect(read.home.refusal(edit)?.kind == .conflict)
    }

    @Test func `D11 a call is written down without a meeting, and stands in the timeline where it was`() throws {
        let read = try homeWithActivities()
        var request = AddActivityRequest(user: nil, person: "Bea")
        request.details.kind = "call"
        request.details.title = "About the fair"
        request.details.occurred = "3h"
        request.with = ["Carl", "bea"]
        let added = try read.home.ask(request).activity
        #expect((added.kind, added.trigger, added.meeting) == ("call", "manual", nil))
        #expect(added.participants == ["Carl Cohn"])
        #expect(try list(read) == ["late", added.activity, "early"])
    }

    @Test func `D11 what has not come yet, and a kind that there is not, is refused`() throws {
        let read = try homeWithActivities()
        var future = AddActivityRequest(user: nil, person: "Bea")
        future.details.occurred = "+2h"
        #expect(read.home.refusal(future)?.kind == .badRequest)
        var strange = AddActivityRequest(user: nil, person: "Bea")
        strange.details.kind = "seance"
        #expect(read.home.refusal(strange)?.hint?.contains("call") == true)
        #expect(read.home.refusal(AddActivityRequest(user: nil, person: "Nobody"))?.kind == .notFound)
    }

    @Test(arguments: ["=1+1", "+49", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"])
    func `T23 a cell that a spreadsheet would run as a formula is marked as text`(_ title: String) throws {
        let read = try ReadHome()
        try read.bea()
        try read.log("a", nil, "bea", title: title)
        let activities = try read.home.ask(ActivitiesRequest()).activities
        #expect(ActivityTable.csv(activities, isRaw: false).contains("\"'\(title)\""))
        let raw = ActivityTable.csv(activities, isRaw: true)
        #expect(raw.contains("\"\(title)\""))
        #expect(!raw.contains("\"'"))
    }

    @Test func `T23 quotes are doubled, and an ordinary cell is as it is`() throws {
        let read = try ReadHome()
        try read.bea()
        try read.log("a", nil, "bea", title: "The \"fair\", again")
        let csv = ActivityTable.csv(try read.home.ask(ActivitiesRequest()).activities, isRaw: false)
        #expect(csv.contains("\"The \"\"fair\"\", again\""))
        #expect(csv.hasSuffix("\r\n"))
    }
}
