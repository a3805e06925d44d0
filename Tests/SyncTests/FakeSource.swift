import Entries
import Providers

@testable import Sync

/// A calendar server that works, in a few lines: it holds items, tells what changed since a cursor, and remembers what it
/// was asked. What it tells can be made wrong.
final class FakeSource: CalendarSource {
    /// By identifier; what was removed stays as a tombstone.
    private var items: [String: (group: FoundGroup?, at: Int)] = [:]
    private var clock = 0
    private(set) var wishes: [ReadingWish] = []
    var listing: [FoundCalendar] = [FoundCalendar(path: "/cal/", name: "Work")]
    /// Cursors up to this are dead.
    var deadUntil = -1
    var failure: ReadingFailure?
    /// So many groups make a page.
    var page = 3
    /// The reading breaks off behind so many pages.
    var pagesLeft: Int?
    var coveredFrom: Int64?
    var coveredTo: Int64?
    /// Deletions are forgotten, so that only a whole reading shows them.
    var forgets = false
    /// A whole reading names what was deleted as well.
    var tellsDeletions = false

    func put(_ group: FoundGroup) {
        clock += 1
        items[group.identifier] = (group, clock)
    }

    /// It says something else, and nothing of a change.
    func mend(_ identifier: String, _ group: FoundGroup) { items[identifier]?.group = group }

    func remove(_ identifier: String) {
        clock += 1
        items[identifier] = forgets ? nil : (nil, clock)
    }

    func calendars() throws -> FoundCalendars { FoundCalendars(listing) }

    func read(_ calendar: CalendarPlace, _ wish: ReadingWish) throws -> Reading? {
        wishes.append(wish)
        if let failure { throw failure }
        guard let cursor = wish.cursor.flatMap(Int.init) else {
            return whole(wish.cursor == nil ? nil : .cursorRefused)
        }
        if cursor <= deadUntil { return whole(.cursorRefused) }
        let changed = items.filter { $0.value.at > cursor }
        if changed.isEmpty { return nil }
        var reading = reading(changed.values.compactMap(\.group))
        reading.scope = .changes
        reading.gone = changed.filter { $0.value.group == nil }.map(\.key)
        return reading
    }

    private func whole(_ reason: FullReason?) -> Reading {
        var reading = reading(
            items.values.compactMap(\.group).map { group in
                var group = group
                group.isPart = false
                return group
            })
        reading.reason = reason
        reading.coveredFrom = coveredFrom
        reading.coveredTo = coveredTo
        if tellsDeletions { reading.gone = items.filter { $0.value.group == nil }.map(\.key) }
        return reading
    }

    private func reading(_ groups: [FoundGroup]) -> Reading {
        let groups = groups.sorted { $0.identifier < $1.identifier }
        return Reading(
            items: groups.map { Reading.Item(identifier: $0.identifier, mark: $0.mark) }, isComplete: true,
            coveredFrom: nil, cursor: String(clock)
        ) { [self] wanted, hand in
            var rest = groups.filter { wanted(Reading.Item(identifier: $0.identifier, mark: $0.mark)) }[...]
            while !rest.isEmpty {
                if pagesLeft == 0 { throw ReadingFailure(.transient, "cut_off", "The server broke off.") }
                pagesLeft = pagesLeft.map { $0 - 1 }
                try hand(Array(rest.prefix(page)))
                rest = rest.dropFirst(page)
            }
        }
    }
}

extension FoundGroup {
    /// One meeting of an hour.
    static func meeting(
        _ uid: String, _ days: Int64, title: String? = nil, at identifier: String? = nil,
        with guests: [String] = ["bob"]
    ) -> FoundGroup {
        var group = FoundGroup(identifier: identifier ?? uid, mark: "\(uid) \(days) \(title ?? "") \(guests)")
        group.meetings = [.at(Time.at(days), uid, title: title, with: guests)]
        return group
    }

    /// Every Monday at nine.
    static func weekly(_ uid: String, from days: Int64 = -21, title: String? = nil) -> FoundGroup {
        var group = FoundGroup(identifier: uid, mark: "weekly \(days) \(title ?? "")")
        var series = FoundSeries(uid: uid)
        let start = Time.text(Time.at(days))
        let end = Time.text(Time.at(days) + Time.hour)
        series.recurrence.rules = ["DTSTART:\(start)", "DTEND:\(end)", "RRULE:FREQ=WEEKLY"]
        series.details.starts = Time.at(days)
        series.details.ends = Time.at(days) + Time.hour
        series.details.zone = "UTC"
        series.details.title = title ?? uid
        series.attendees = FoundMeeting.guests(["bob"])
        group.series = series
        return group
    }

    /// What a source that tells only changes says of one occurrence.
    static func part(_ uid: String, moved days: Int64, to place: Int64) -> FoundGroup {
        var group = FoundGroup(identifier: uid, mark: "part \(days) \(place)")
        group.isPart = true
        var meeting = FoundMeeting.at(Time.at(place), uid, title: "moved", with: ["bob"])
        meeting.originalStart = Time.at(days)
        group.meetings = [meeting]
        return group
    }

    static func part(_ uid: String, cancelled days: Int64) -> FoundGroup {
        var group = FoundGroup(identifier: uid, mark: "cancelled \(days)")
        group.isPart = true
        var exception = SeriesException()
        exception.originalStart = Time.at(days)
        exception.kind = .cancelled
        group.exceptions = [exception]
        return group
    }
}

extension FoundMeeting {
    static func at(_ start: Int64, _ uid: String, title: String? = nil, with guests: [String]) -> FoundMeeting {
        var meeting = FoundMeeting(uid: uid)
        meeting.details.starts = start
        meeting.details.ends = start + Time.hour
        meeting.details.zone = "UTC"
        meeting.details.title = title ?? uid
        meeting.attendees = Self.guests(guests)
        return meeting
    }

    static func guests(_ names: [String]) -> [FoundAttendee] {
        names.map { name in
            var attendee = FoundAttendee()
            attendee.email = name + "@example.org"
            return attendee
        }
    }
}
