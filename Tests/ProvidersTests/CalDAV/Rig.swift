import Entries
import Foundation
import HTTP
import ICalendar

@testable import Providers

/// What a source is read with in tests, and a memory of what it told, as the stages have one.
enum Rig {
    /// 2026-03-02T12:00:00Z
    static let now: Int64 = 1_772_452_800_000
    static let window = ReadingWindow(from: now - 90 * 86_400_000, to: now + 30 * 86_400_000)

    static func zones() -> ZoneBook {
        ZoneBook { name in FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name).map { Array($0) } }
    }

    static func means(
        _ transport: any Transport, now: Int64 = now, memory: ServerMemory = ServerMemory()
    ) -> Means {
        Means(
            transport: transport, now: { now }, zones: zones(), floatingZone: "Europe/Berlin", mark: mark,
            memory: memory)
    }

    static func mark(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }

    /// One meeting in March 2026, as a calendar of its own.
    static func event(_ uid: String, _ title: String, day: String = "20260310", more: String = "") -> String {
        calendar(component(uid, title, day: day, more: more))
    }

    static func component(_ uid: String, _ title: String, day: String = "20260310", more: String = "") -> String {
        """
        BEGIN:VEVENT
        UID:\(uid)
        DTSTAMP:20260101T000000Z
        DTSTART;TZID=Europe/Berlin:\(day)T100000
        DTEND;TZID=Europe/Berlin:\(day)T110000
        SUMMARY:\(title)
        \(more.isEmpty ? "" : more + "\n")END:VEVENT

        """
    }

    static func calendar(_ components: String) -> String {
        let text = """
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//Test//EN
            BEGIN:VTIMEZONE
            TZID:Europe/Berlin
            BEGIN:STANDARD
            DTSTART:19961027T030000
            RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
            TZOFFSETFROM:+0200
            TZOFFSETTO:+0100
            END:STANDARD
            BEGIN:DAYLIGHT
            DTSTART:19810329T020000
            RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
            TZOFFSETFROM:+0100
            TZOFFSETTO:+0200
            END:DAYLIGHT
            END:VTIMEZONE
            \(components)END:VCALENDAR

            """
        return text.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
    }
}

/// Keeps what a calendar told, and answers what one more reading brought, as the stages take it.
struct Shadow {
    var groups: [String: FoundGroup] = [:]
    var cursor: String?
    var window = Rig.window

    struct Round: Equatable {
        var scope: Reading.Scope
        /// The identifiers of what was handed over.
        var handed: [String] = []
        var gone: [String] = []
        /// Known, and not in a complete reading of the whole.
        var absent: [String] = []
        var reason: FullReason?
        var isComplete = true
        /// Titles of what was handed over and is different from what was known.
        var news: [String] = []
    }

    /// Nil where nothing changed.
    mutating func read(_ source: any CalendarSource, _ path: String) throws -> Round? {
        let known = Set(groups.keys)
        let marks = groups.mapValues(\.mark)
        let wish = ReadingWish(
            cursor: cursor, window: window, isKnown: { known.contains($0) },
            isSame: { marks[$0.identifier] == $0.mark })
        guard let reading = try source.read(CalendarPlace(path: path), wish) else { return nil }
        var round = Round(scope: reading.scope, reason: reading.reason, isComplete: reading.isComplete)
        var handed: [FoundGroup] = []
        try reading.forEachPage(where: { marks[$0.identifier] != $0.mark }, { handed += $0 })
        round.handed = handed.map(\.identifier).sorted()
        round.gone = reading.gone.filter { known.contains($0) }.sorted()
        for group in handed {
            var before = groups[group.identifier]
            before?.mark = group.mark
            if before != group { round.news += group.meetings.map { $0.details.title ?? "" } }
            groups[group.identifier] = group
        }
        for name in reading.gone { groups[name] = nil }
        if reading.scope == .whole, reading.isComplete {
            let there = Set(reading.items.map(\.identifier))
            round.absent = known.filter { !there.contains($0) }.sorted()
            for name in round.absent { groups[name] = nil }
        }
        round.news.sort()
        cursor = reading.cursor
        return round
    }

    var titles: [String] {
        groups.values.flatMap { group in
            group.meetings.map { $0.details.title ?? "" } + (group.series.map { [$0.details.title ?? ""] } ?? [])
        }.sorted()
    }
}
