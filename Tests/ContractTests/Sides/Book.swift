/// What one calendar holds, as its owner sees it: meetings, and what was changed in single ones of a series.
struct Book {
    struct Entry {
        var meeting: Meeting
        /// By the start that they would have by the rule.
        var changed: [String: Meeting] = [:]
        var cancelled: Set<String> = []
        /// How often it was changed.
        var revision = 0
        /// Not what it should be.
        var isBroken = false
    }

    private(set) var entries: [String: Entry] = [:]

    mutating func put(_ meeting: Meeting) {
        guard var entry = entries[meeting.uid] else {
            entries[meeting.uid] = Entry(meeting: meeting)
            return
        }
        entry.meeting = meeting
        entry.isBroken = false
        entry.revision += 1
        entries[meeting.uid] = entry
    }

    mutating func change(_ uid: String, _ change: (inout Entry) -> Void) {
        guard var entry = entries[uid] else { return }
        change(&entry)
        entry.revision += 1
        entries[uid] = entry
    }

    mutating func remove(_ uid: String) { entries[uid] = nil }

    subscript(uid: String) -> Meeting? { entries[uid]?.meeting }
}

/// The texts that iCalendar makes of it.
extension Book {
    /// Everything in one text.
    func text(name: String) -> String {
        let events = entries.values.sorted { $0.meeting.uid < $1.meeting.uid }.map(\.events).joined()
        return Self.calendar(events, properties: "X-WR-CALNAME:\(name)\r\n")
    }

    /// One meeting with all that belongs to it.
    func text(of uid: String) -> String { Self.calendar(entries[uid]?.events ?? "") }

    private static func calendar(_ events: String, properties: String = "") -> String {
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Contract//EN\r\n\(properties)"
            + (events.contains("TZID=") ? zones : "") + events + "END:VCALENDAR\r\n"
    }

    private static let zones =
        zone("Europe/Berlin", "+0100", "+0200", "3;BYDAY=-1SU", "T020000", "10;BYDAY=-1SU", "T030000")
        + zone("America/New_York", "-0500", "-0400", "3;BYDAY=2SU", "T020000", "11;BYDAY=1SU", "T020000")

    private static func zone(
        _ name: String, _ winter: String, _ summer: String, _ spring: String, _ springs: String, _ autumn: String,
        _ autumns: String
    ) -> String {
        """
        BEGIN:VTIMEZONE
        TZID:\(name)
        BEGIN:DAYLIGHT
        TZOFFSETFROM:\(winter)
        TZOFFSETTO:\(summer)
        DTSTART:20070325\(springs)
        RRULE:FREQ=YEARLY;BYMONTH=\(spring)
        END:DAYLIGHT
        BEGIN:STANDARD
        TZOFFSETFROM:\(summer)
        TZOFFSETTO:\(winter)
        DTSTART:20071028\(autumns)
        RRULE:FREQ=YEARLY;BYMONTH=\(autumn)
        END:STANDARD
        END:VTIMEZONE

        """.replacing("\n", with: "\r\n")
    }
}

extension Book.Entry {
    fileprivate var events: String {
        let overrides = changed.sorted { $0.key < $1.key }
        return event(meeting, original: nil) + overrides.map { event($0.value, original: $0.key) }.joined()
    }

    private func event(_ meeting: Meeting, original: String?) -> String {
        var lines = ["BEGIN:VEVENT", "UID:\(self.meeting.uid)", "DTSTAMP:20251201T000000Z", "SEQUENCE:\(revision)"]
        if let original { lines.append(time("RECURRENCE-ID", original, meeting.zone)) }
        lines.append(isBroken ? "DTSTART;TZID=Europe/Berlin:2025-13-45" : time("DTSTART", meeting.start, meeting.zone))
        lines.append(time("DTEND", meeting.end, meeting.zone))
        lines.append("SUMMARY:\(meeting.title)")
        if original == nil, let weeks = meeting.weeks { lines.append("RRULE:FREQ=WEEKLY;COUNT=\(weeks)") }
        if original == nil { lines += cancelled.sorted().map { time("EXDATE", $0, meeting.zone) } }
        if meeting.isPrivate { lines.append("CLASS:PRIVATE") }
        if meeting.isCancelled { lines.append("STATUS:CANCELLED") }
        let answer = meeting.answer == .declined ? "DECLINED" : "ACCEPTED"
        lines.append("ATTENDEE;CN=\(Meeting.me.name);PARTSTAT=\(answer):mailto:\(Meeting.me.email)")
        lines += meeting.guests.map { "ATTENDEE;CN=\($0.name);PARTSTAT=ACCEPTED:mailto:\($0.email)" }
        return (lines + ["END:VEVENT", ""]).joined(separator: "\r\n")
    }

    private func time(_ name: String, _ clock: String, _ zone: String) -> String {
        let digits = clock.filter { $0 != "-" && $0 != ":" }
        return clock.contains("T") ? "\(name);TZID=\(zone):\(digits)00" : "\(name);VALUE=DATE:\(digits)"
    }
}
