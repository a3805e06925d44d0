import Entries
import HTTP
import Testing

@testable import Providers

/// Reading calendars of the emulator: pages, tokens, and what changed since.
@Suite(.serialized) final class GoogleSyncTests {
    private let google: GoogleEmulator

    init() throws { google = try GoogleEmulator() }

    private func whole() throws -> GoogleHaul { try #require(try google.haul(since: nil)) }

    private func changes(since haul: GoogleHaul) throws -> GoogleHaul {
        let changes = try #require(try google.haul(since: haul.reading.cursor))
        #expect(changes.reading.scope == .changes)
        return changes
    }

    private func putWeekly(_ id: String = "weekly", more: [String: Any] = [:]) throws {
        let event: [String: Any] = [
            "id": id, "summary": "Weekly", "start": "2026-01-05T09:00", "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=8"],
        ]
        try google.put(event.merging(more) { $1 })
    }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch let failure as ReadingFailure {
            return "\(failure.errorClass.rawValue) \(failure.code)"
        } catch {
            return "\(error)"
        }
    }

    // MARK: Pages

    @Test func `G01 B01 a full reading follows all pages, also an empty one`() throws {
        for number in 1...5 { try google.put(["id": "event\(number)", "start": "2026-01-0\(number + 4)T09:00"]) }
        try google.control("PUT", "paging", ["largest": 2, "emptyPages": 2])
        let haul = try whole()
        #expect(haul.identifiers == (1...5).map { "event\($0)" })
        #expect(haul.reading.pages == 5)
        #expect(haul.reading.isComplete)
        #expect(haul.reading.scope == .whole)
        #expect(haul.reading.reason == nil)
        #expect(haul.reading.coveredFrom == nil && haul.reading.coveredTo == nil)
        #expect(try google.requests("events.list").count == 5)
    }

    @Test func `G02 a reading that breaks off between pages hands nothing over, and the old cursor loses nothing`()
        throws
    {
        try google.put(["id": "first", "start": "2026-01-05T09:00"])
        let before = try whole().reading.cursor
        for number in 1...4 { try google.put(["id": "later\(number)", "start": "2026-01-06T09:00"]) }
        try google.control("PUT", "paging", ["largest": 2])
        try google.fault("events.list", "status:503", after: 1)
        #expect(code { _ = try google.haul(since: before) }?.hasPrefix("transient") == true)
        let haul = try #require(try google.haul(since: before))
        #expect(haul.identifiers == (1...4).map { "later\($0)" })
        #expect(try google.haul(since: haul.reading.cursor) == nil)
    }

    @Test func `G03 B02 every request has the same parameters and none of the eight forbidden ones`() throws {
        try google.put(["id": "first", "start": "2026-01-05T09:00"])
        let cursor = try whole().reading.cursor
        for number in 1...3 { try google.put(["id": "later\(number)", "start": "2026-01-06T09:00"]) }
        try google.control("PUT", "paging", ["largest": 2])
        _ = try #require(try google.haul(since: cursor))
        let requests = try google.requests("events.list")
        #expect(requests.count == 3)
        let forbidden: Set = [
            "iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax",
            "updatedMin",
        ]
        for request in requests {
            #expect(forbidden.isDisjoint(with: request.keys))
            let plain = request.filter { $0.key != "syncToken" && $0.key != "pageToken" }
            #expect(plain == ["maxResults": "2500", "showDeleted": "true", "singleEvents": "false"])
        }
        // The pages of what changed belong to their token.
        #expect(requests[1]["syncToken"] == requests[2]["syncToken"])
        #expect(requests[2]["pageToken"] != nil)
    }

    @Test func `B02 nothing changed is nil, and one request`() throws {
        try google.put(["id": "first", "start": "2026-01-05T09:00"])
        let cursor = try whole().reading.cursor
        #expect(try google.haul(since: cursor) == nil)
        #expect(try google.requests("events.list").count == 2)
    }

    // MARK: Dead tokens

    @Test func `G04 L16 after 410 fullSyncRequired everything is read, with the same identities`() throws {
        try google.put(["id": "kept", "start": "2026-01-05T09:00"])
        try google.put(["id": "vanished", "start": "2026-01-05T11:00"])
        let before = try whole()
        try google.delete("vanished")
        try google.control("POST", "calendars/\(google.calendar)/expire")
        let after = try #require(try google.haul(since: before.reading.cursor))
        #expect(after.reading.scope == .whole)
        #expect(after.reading.reason == .cursorRefused)
        #expect(after.identifiers == ["kept"])
        #expect(after.reading.isComplete)
        #expect(after["kept"] == before["kept"])
        #expect(after.reading.gone == ["vanished"])
    }

    @Test func `G04 a token that died again while everything is read leads to one more attempt, and no loop`() throws {
        try google.put(["id": "kept", "start": "2026-01-05T09:00"])
        try google.fault("events.list", "status:410|reason:fullSyncRequired", times: 1)
        #expect(try whole().identifiers == ["kept"])
        try google.fault("events.list", "status:410|reason:fullSyncRequired", times: 0)
        #expect(code { _ = try whole() } != nil)
        #expect(try google.requests("events.list").count == 4)
    }

    @Test func `G05 410 deleted is no dead token, and nothing is read anew`() throws {
        let cursor = try whole().reading.cursor
        try google.fault("events.list", "status:410|reason:deleted")
        #expect(code { _ = try google.haul(since: cursor) } == "permanent calendar_gone")
        #expect(try google.requests("events.list").count == 2)
    }

    @Test func `G06 410 updatedMinTooLongAgo is a dead token`() throws {
        try google.put(["id": "kept", "start": "2026-01-05T09:00"])
        let cursor = try whole().reading.cursor
        try google.fault("events.list", "status:410|reason:updatedMinTooLongAgo")
        let haul = try #require(try google.haul(since: cursor))
        #expect(haul.reading.reason == .cursorRefused)
        #expect(haul.identifiers == ["kept"])
    }

    @Test(arguments: ["", "nonsense", "1 0123456789abcdef token", "0 a b", "9 a b"])
    func `B02 a cursor of another question leads to a whole reading that says so`(_ cursor: String) throws {
        try google.put(["id": "kept", "start": "2026-01-05T09:00"])
        let haul = try #require(try google.haul(since: cursor))
        #expect(haul.reading.scope == .whole)
        #expect(haul.reading.reason == .cursorLost)
    }

    @Test func `B02 a cursor of another version of Daybook is none`() throws {
        try google.put(["id": "kept", "start": "2026-01-05T09:00"])
        let cursor = try whole().reading.cursor
        #expect(try google.haul(since: cursor) == nil)
        #expect(try google.haul(since: "0" + cursor.dropFirst())?.reading.reason == .cursorLost)
    }

    @Test func `B02 a token that Google does not know leads to a whole reading`() throws {
        try google.put(["id": "kept", "start": "2026-01-05T09:00"])
        let known = try #require(GoogleCursor(try whole().reading.cursor))
        let haul = try #require(
            try google.haul(since: GoogleCursor(question: known.question, token: "of nobody").text))
        #expect(haul.reading.reason == .cursorRefused)
    }

    // MARK: Series

    @Test func `L08 a series is its rule, with the time of its zone`() throws {
        try putWeekly(more: ["recurrence": ["RRULE:FREQ=WEEKLY;COUNT=8", "EXDATE;TZID=Europe/Berlin:20260119T090000"]])
        let series = try #require(try whole()["weekly"]?.series)
        #expect(series.uid == "weekly@google.com")
        #expect(
            series.recurrence.rules == [
                #"DTSTART;TZID="Europe/Berlin":20260105T090000"#, #"DTEND;TZID="Europe/Berlin":20260105T100000"#,
                "RRULE:FREQ=WEEKLY;COUNT=8", #"EXDATE;TZID="Europe/Berlin":20260119T090000"#,
            ])
        #expect(series.details.zone == "Europe/Berlin")
        #expect(series.recurrence.exceptions.isEmpty)
    }

    @Test func `L08 G07 a cancelled exception hides one occurrence, and outlives a change of the series`() throws {
        try putWeekly()
        let before = try whole()
        try google.act("DELETE", "weekly/instances/2026-01-12T09:00")
        let cancelled = try changes(since: before)
        let part = try #require(cancelled["weekly"])
        #expect(part.isPart && part.series == nil && part.meetings.isEmpty)
        var exception = SeriesException()
        exception.originalStart = 1_768_204_800_000  // 2026-01-12T08:00:00Z
        exception.kind = .cancelled
        #expect(part.exceptions == [exception])
        #expect(cancelled.reading.gone.isEmpty)
        try google.act("PATCH", "weekly", ["summary": "Weekly tea"])
        let renamed = try changes(since: cancelled)
        #expect(renamed["weekly"]?.isPart == true)
        #expect(renamed["weekly"]?.series?.details.title == "Weekly tea")
        // Google says nothing new of the exception; what is known of it stays.
        #expect(renamed["weekly"]?.series?.recurrence.exceptions == [])
        #expect(try whole()["weekly"]?.series?.recurrence.exceptions == [exception])
    }

    @Test func `G08 B06 a cancelled series is gone, and its exceptions are not read beside it`() throws {
        try putWeekly()
        try google.act("POST", "weekly/instances/2026-01-12T09:00/move", ["by": "2h"])
        let before = try whole()
        try google.delete("weekly")
        let after = try changes(since: before)
        #expect(after.reading.gone == ["weekly"])
        #expect(after.groups.isEmpty)
        #expect(try whole().groups.isEmpty)
    }

    @Test func `what is left of a series that was cancelled stands alone`() throws {
        try putWeekly()
        try google.act("PATCH", "weekly/instances/2026-01-12T09:00", ["summary": "Kept"])
        let before = try whole()
        try google.act("DELETE", "weekly", ["silentExceptions": true])
        #expect(try changes(since: before).reading.gone == ["weekly"])
        try google.act("PATCH", "weekly_20260112T080000Z", ["summary": "Still kept"])
        let after = try changes(since: before)
        #expect(after.reading.gone.isEmpty)
        let group = try #require(after["weekly"])
        #expect(group.series == nil && !group.isPart)
        #expect(group.meetings.map(\.details.title) == ["Still kept"])
        #expect(try whole()["weekly"]?.meetings.map(\.originalStart) == [1_768_204_800_000])
    }

    @Test func `G09 a moved exception is once at its new time, under its old name`() throws {
        try putWeekly()
        try google.act("POST", "weekly/instances/2026-01-12T09:00/move", ["by": "2h"])
        let group = try #require(try whole()["weekly"])
        var exception = SeriesException()
        exception.originalStart = 1_768_204_800_000
        #expect(group.series?.recurrence.exceptions == [exception])
        let meeting = try #require(group.meetings.first)
        #expect(group.meetings.count == 1)
        #expect(meeting.uid == "weekly@google.com")
        #expect(meeting.originalStart == 1_768_204_800_000)
        #expect(meeting.details.starts == 1_768_212_000_000)
        #expect(meeting.details.ends == 1_768_215_600_000)
    }

    @Test func `G09 an exception that changes alone comes as a part`() throws {
        try putWeekly()
        let before = try whole()
        try google.act("PATCH", "weekly/instances/2026-01-19T09:00", ["summary": "With cake"])
        let part = try #require(try changes(since: before)["weekly"])
        #expect(part.isPart && part.series == nil && part.exceptions.isEmpty)
        #expect(part.meetings.map(\.details.title) == ["With cake"])
        #expect(part.meetings.map(\.originalStart) == [1_768_809_600_000])
    }

    @Test func `G10 an exception whose series is elsewhere stands alone`() throws {
        try google.put([
            "id": "other_20260112T080000Z", "recurringEventId": "other", "iCalUID": "other@example.org",
            "summary": "Just this once", "start": "2026-01-12T10:00",
            "originalStartTime": ["dateTime": "2026-01-12T09:00:00+01:00", "timeZone": "Europe/Berlin"],
        ])
        let group = try #require(try whole()["other"])
        #expect(group.series == nil && group.problems.isEmpty)
        #expect(group.meetings.map(\.uid) == ["other@example.org"])
        #expect(group.meetings.map(\.originalStart) == [1_768_204_800_000])
        let before = try whole()
        try google.delete("other_20260112T080000Z")
        let after = try changes(since: before)
        #expect(after["other"]?.exceptions.map(\.kind) == [.cancelled])
        #expect(try whole().groups.isEmpty)
    }

    @Test func `an all-day series has days, and so have its exceptions`() throws {
        try google.put([
            "id": "daily", "summary": "Standby", "start": "2026-01-05", "recurrence": ["RRULE:FREQ=DAILY;COUNT=5"],
        ])
        try google.act("DELETE", "daily/instances/2026-01-07")
        try google.act("PATCH", "daily/instances/2026-01-06", ["summary": "Swapped"])
        let group = try #require(try whole()["daily"])
        #expect(group.series?.recurrence.rules.first == "DTSTART;VALUE=DATE:20260105")
        #expect(group.series?.recurrence.exceptions.map(\.originalDay) == ["2026-01-06", "2026-01-07"])
        #expect(group.series?.recurrence.exceptions.map(\.kind) == [.overridden, .cancelled])
        #expect(group.meetings.map(\.originalDay) == ["2026-01-06"])
        #expect(group.meetings.map(\.details.firstDay) == ["2026-01-06"])
        #expect(group.meetings.map(\.details.lastDay) == ["2026-01-06"])
    }

    @Test func `what follows a split series is a series that says where it comes from`() throws {
        try putWeekly()
        let before = try whole()
        try google.act("POST", "weekly/split", ["at": "2026-01-19T09:00", "changes": ["summary": "Later"]])
        let after = try changes(since: before)
        #expect(after["weekly"]?.series?.recurrence.rules.contains { $0.contains("UNTIL") } == true)
        let rest = try #require(after.groups.first { $0.identifier != "weekly" }?.series)
        #expect(rest.predecessor == "weekly@google.com")
        #expect(rest.details.title == "Later")
    }

    @Test func `a series that becomes one meeting is whole, so that the rest of it goes`() throws {
        try putWeekly()
        let before = try whole()
        try google.act("PATCH", "weekly", ["recurrence": []])
        let group = try #require(try changes(since: before)["weekly"])
        #expect(group.series == nil && !group.isPart)
        #expect(group.meetings.map(\.originalStart) == [nil])
    }

    // MARK: Single meetings

    @Test func `L11 made, moved, cancelled, deleted and brought back`() throws {
        let empty = try whole()
        try google.put(["id": "tea", "summary": "Tea", "start": "2026-01-05T09:00"])
        let made = try changes(since: empty)
        #expect(made["tea"]?.meetings.map(\.details.starts) == [1_767_600_000_000])
        try google.act("POST", "tea/move", ["by": "1d"])
        let moved = try changes(since: made)
        #expect(moved["tea"]?.meetings.map(\.uid) == ["tea@google.com"])
        #expect(moved["tea"]?.meetings.map(\.details.starts) == [1_767_686_400_000])
        #expect(moved["tea"]?.isPart == false)
        try google.act("POST", "tea/cancel")
        let cancelled = try changes(since: moved)
        #expect(cancelled.reading.gone == ["tea"] && cancelled.groups.isEmpty)
        try google.act("POST", "tea/undelete")
        let back = try changes(since: cancelled)
        #expect(back.reading.gone.isEmpty)
        #expect(back["tea"]?.meetings.map(\.details.status) == [.confirmed])
        try google.delete("tea")
        #expect(try changes(since: back).reading.gone == ["tea"])
        #expect(try whole().groups.isEmpty)
    }

    @Test func `L04 a deletion that is said is a tombstone, and nothing else is one`() throws {
        try google.put(["id": "kept", "start": "2026-01-05T09:00"])
        try google.put(["id": "deleted", "start": "2026-01-05T11:00"])
        let before = try whole()
        try google.delete("deleted")
        let after = try changes(since: before)
        #expect(after.reading.gone == ["deleted"])
        #expect(after.reading.items.isEmpty)
    }

    @Test func `B03 the same content has the same mark, however it was read`() throws {
        try google.put(["id": "tea", "start": "2026-01-05T09:00"])
        let first = try whole()
        try google.act("PATCH", "tea", ["summary": "Tea"])
        let changed = try changes(since: first)
        let second = try whole()
        #expect(first.reading.items != second.reading.items)
        #expect(changed.reading.items == second.reading.items)
        #expect(changed["tea"] == second["tea"])
    }

    // MARK: Calendars

    @Test func `G15 A08 the list of calendars: names, colours, zones, access, all pages`() throws {
        try google.control(
            "PUT", "calendars/team@group.calendar.google.com",
            [
                "summary": "Team", "summaryOverride": "The team", "timeZone": "Asia/Tokyo", "accessRole": "writer",
                "description": "Of all", "selected": true,
            ])
        try google.control(
            "PUT", "calendars/en.german#holiday@group.v.calendar.google.com",
            ["summary": "Holidays", "accessRole": "reader"])
        try google.control("PUT", "calendars/boss@example.test", ["accessRole": "freeBusyReader"])
        try google.control("PUT", "paging", ["largest": 1, "emptyPages": 1])
        let found = try google.source().calendars()
        #expect(found.isComplete)
        let calendars = Dictionary(uniqueKeysWithValues: found.calendars.map { ($0.path, $0) })
        #expect(calendars.count == 4)
        let team = try #require(calendars["team@group.calendar.google.com"])
        #expect(team.name == "The team" && team.zone == "Asia/Tokyo" && team.access == .write && team.isShown)
        #expect(team.description == "Of all" && team.colour == "#9fe1e7" && !team.isPrimary && !team.isSubscribed)
        let holidays = try #require(calendars["en.german#holiday@group.v.calendar.google.com"])
        #expect(holidays.access == .read && holidays.isSubscribed && !holidays.isShown)
        #expect(calendars["boss@example.test"]?.access == .busyOnly)
    }

    @Test func `L14 the primary calendar has its real id, and no calendar is called primary`() throws {
        let calendars = try google.source().calendars().calendars
        #expect(calendars.map(\.path) == ["me@example.test"])
        #expect(calendars.map(\.isPrimary) == [true])
        #expect(calendars.map(\.access) == [.own])
    }

    @Test func `G15 L21 calendars that were hidden or deleted are not listed, new ones are`() throws {
        for id in ["a@example.test", "b@example.test", "c@example.test"] {
            try google.control("PUT", "calendars/\(id)", ["summary": id])
        }
        try google.control("PUT", "calendars/a@example.test", ["hidden": true])
        try google.control("DELETE", "calendars/b@example.test")
        #expect(
            try google.source().calendars().calendars.map(\.path).sorted() == ["c@example.test", "me@example.test"])
        try google.control("PUT", "calendars/b@example.test", ["summary": "again"])
        #expect(try google.source().calendars().calendars.map(\.name).contains("again"))
    }

    @Test func `G15 410 while the list of calendars is read begins it once more`() throws {
        try google.fault("calendarList.list", "status:410|reason:fullSyncRequired")
        #expect(try google.source().calendars().calendars.count == 1)
        #expect(try google.requests("calendarList.list").count == 2)
    }

    @Test func `an id with signs that end a path is read all the same`() throws {
        let id = "en.german#holiday@group.v.calendar.google.com"
        try google.control("PUT", "calendars/\(id)", ["accessRole": "reader"])
        try google.put(["id": "newyear", "summary": "New Year", "start": "2026-01-01"], in: id)
        #expect(try google.haul(since: nil, id)?.identifiers == ["newyear"])
    }

    @Test func `G16 a calendar that shows only when somebody is busy is read as busy times`() throws {
        try google.control("PUT", "calendars/boss@example.test", ["accessRole": "freeBusyReader"])
        try google.put(
            ["id": "secret", "summary": "Secret", "location": "There", "start": "2026-01-05T09:00"],
            in: "boss@example.test")
        let group = try #require(try google.haul(since: nil, "boss@example.test", access: .busyOnly)?["secret"])
        let details = try #require(group.meetings.first?.details)
        #expect(details.kind == .busy)
        #expect(details.title == nil && details.location == nil)
        #expect(details.starts == 1_767_603_600_000)
    }

    @Test func `L16 a changed access kills the token, and everything is read`() throws {
        try google.control("PUT", "calendars/boss@example.test", ["accessRole": "reader"])
        try google.put(["id": "tea", "summary": "Tea", "start": "2026-01-05T09:00"], in: "boss@example.test")
        let before = try #require(try google.haul(since: nil, "boss@example.test"))
        try google.control("PUT", "calendars/boss@example.test", ["accessRole": "freeBusyReader"])
        let after = try #require(try google.haul(since: before.reading.cursor, "boss@example.test"))
        #expect(after.reading.reason == .cursorRefused)
        #expect(after.meetings.map(\.details.kind) == [.busy])
        #expect(after.reading.items != before.reading.items)
    }
}
