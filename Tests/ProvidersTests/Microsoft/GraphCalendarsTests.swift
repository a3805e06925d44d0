import Entries
import HTTP
import Testing

@testable import Providers

struct GraphCalendarsTests {
    private let script = GraphScript()

    @Test func `A08 calendars of all pages, with what one may do in them`() throws {
        let rest = "/me/calendars?$skip=2"
        try script.page(
            "/me/calendars",
            [
                #"{"id": "shared", "name": "Team", "canEdit": true, "canShare": false, "owner": {"address": "team@example.test"}}"#,
                #"{"id": "main", "name": "Calendar", "hexColor": "\u00234a9dff", "isDefaultCalendar": true, "canEdit": true, "canShare": true, "owner": {"address": "Me@example.test"}}"#,
            ], next: rest)
        try script.page(
            rest,
            [
                #"{"id": "own", "name": "Own", "hexColor": "", "canEdit": true, "owner": {"address": "me@EXAMPLE.test"}}"#,
                #"{"id": "holidays", "name": "Holidays", "canEdit": false, "owner": {"address": "me@example.test"}}"#,
                #"{"id": "odd", "name": null, "owner": null, "color": "color-of-tomorrow"}"#,
            ])
        let found = try script.source().calendars()
        #expect(found.isComplete)
        #expect(found.calendars.map(\.path) == ["shared", "main", "own", "holidays", "odd"])
        #expect(found.calendars.map(\.name) == ["Team", "Calendar", "Own", "Holidays", "Calendar"])
        #expect(found.calendars.map(\.access) == [.write, .own, .own, .read, nil])
        #expect(found.calendars.map(\.isPrimary) == [false, true, false, false, false])
        #expect(found.calendars.map(\.colour) == [nil, "#4a9dff", nil, nil, nil])
        #expect(script.requests.allSatisfy { $0.headers.contains { $0.value.contains("ImmutableId") } })
    }

    @Test func `A08 a calendar without a name to ask by makes the list incomplete`() throws {
        try script.page("/me/calendars", [#"{"id": "main", "name": "Calendar"}"#, #"{"name": "Nameless"}"#])
        let found = try script.source().calendars()
        #expect(!found.isComplete && found.calendars.count == 1)
    }

    @Test func `G33 the list of calendars leads nowhere else either`() throws {
        try script.answer("/me/calendars", 200, #"{"value": [], "@odata.nextLink": "https://evil.test/v1.0/x"}"#)
        #expect(throws: ReadingFailure.self) { try script.source().calendars() }
    }

    @Test func `A08 a list without end is cut, and is not complete`() throws {
        for number in 0..<150 {
            let target = number == 0 ? "/me/calendars" : "/me/calendars?$skip=\(number)"
            try script.page(target, [#"{"id": "\#(number)"}"#], next: "/me/calendars?$skip=\(number + 1)")
        }
        let found = try script.source().calendars()
        #expect(!found.isComplete && found.calendars.count == 100)
    }

    @Test func `a calendar is asked for by its identifier, whatever signs it has`() throws {
        try script.page("/me/calendars/AAMk%2Fx%2B_-%3D%3Fy%23/calendarView/delta", [], delta: GraphScript.next)
        let reading = try script.source().read(
            CalendarPlace(path: "AAMk/x+_-=?y#"), ReadingWish(cursor: nil, window: .forTests))
        #expect(reading?.items.isEmpty == true)
    }
}
