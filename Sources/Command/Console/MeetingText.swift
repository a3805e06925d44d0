import Application

/// Times of meetings and activities as the user reads them: in the user's own zone, which a heading names.
struct UserTimes {
    private let clock: UserClock

    init(_ zone: String?) { clock = UserClock(zone: zone) }

    func text(_ instant: Int64) -> String { clock.text(instant) }

    func zone(_ instants: [Int64]) -> String {
        var zones: [String] = []
        for zone in instants.map({ clock.zoneName(at: $0) }) where !zones.contains(zone) { zones.append(zone) }
        return zones.joined(separator: "/")
    }

    func textWithZone(_ instant: Int64) -> String { "\(clock.text(instant)) \(clock.zoneName(at: instant))" }

    /// From when to when: the second day only where it is another.
    func when(_ meeting: MeetingAnswer) -> String {
        if let starts = meeting.starts { return span(starts, meeting.ends ?? starts) }
        guard let first = meeting.firstDay else { return "no time" }
        let last = meeting.lastDay ?? first
        return first == last ? "\(first) all day" : "\(first) – \(last) all day"
    }

    private func span(_ starts: Int64, _ ends: Int64) -> String {
        if ends <= starts { return clock.text(starts) }
        let isOneDay = clock.day(of: starts) == clock.day(of: ends)
        return isOneDay
            ? "\(clock.text(starts))–\(clock.time(of: ends))" : "\(clock.text(starts)) – \(clock.text(ends))"
    }

    /// How long ago, in the largest unit that says enough.
    static func age(_ instant: Int64, at now: Int64) -> String {
        let minutes = max(0, now - instant) / 60_000
        switch minutes {
        case 0: return "just now"
        case 1..<120: return "\(minutes) min ago"
        case 120..<2_880: return "\(minutes / 60) h ago"
        default: return "\(minutes / 1_440) days ago"
        }
    }
}

extension MeetingAnswer {
    /// With whom: those whom the user knows, and how many others.
    var company: String {
        let known = known.joined(separator: ", ")
        if others == 0 { return known.isEmpty ? "–" : known }
        let count = "\(others) \(others == 1 ? "other" : "others")"
        return known.isEmpty ? count : "\(known) + \(count)"
    }

    /// What is to be known about it at a glance.
    var state: String {
        var words: [String] = []
        if isWithdrawn { words.append("withdrawn") }
        if status != "confirmed" { words.append(status) }
        if isDeclined { words.append("declined") }
        if isPrivate { words.append("private") }
        switch outcome {
        case "logged": words.append("logged ✓")
        case "waiting": words.append("not logged yet")
        case "going_on": words.append("now")
        case "not_logged":
            let isSaid = ["withdrawn", "cancelled", "declined", "private"].contains(rule ?? "")
            words.append(isSaid ? "not logged" : "not logged" + (reason.map { ": \($0)" } ?? ""))
        default: break
        }
        return words.joined(separator: ", ")
    }

    static func table(_ meetings: [MeetingAnswer], _ times: UserTimes, now instants: [Int64]) -> Table {
        let zone = times.zone(meetings.compactMap(\.starts) + (meetings.isEmpty ? instants : []))
        var table = Table([
            .init(heading: zone.isEmpty ? "when" : "when (\(zone))", isFixed: true),
            .init(heading: "title") { $0.name($1) },
            .init(heading: "with"), .init(heading: "calendar"),
            .init(heading: "state") { $1.contains("✓") ? $0.good($1) : $1.contains("not logged") ? $0.dim($1) : $1 },
            .init(heading: "id", isFixed: true) { $0.dim($1) },
        ])
        for meeting in meetings {
            var calendars: [String] = []
            for calendar in meeting.calendars where !calendars.contains(calendar) { calendars.append(calendar) }
            table.add([
                times.when(meeting), meeting.displayTitle, meeting.company, calendars.joined(separator: ", "),
                meeting.state, String(meeting.meeting.prefix(8)),
            ])
        }
        return table
    }
}

extension ActivityAnswer {
    static func table(_ activities: [ActivityAnswer], _ times: UserTimes, withPerson: Bool = true) -> Table {
        let zone = times.zone(activities.compactMap(\.occurred))
        var columns: [Table.Column] = [
            .init(heading: zone.isEmpty ? "when" : "when (\(zone))", isFixed: true),
            .init(heading: "person") { $0.name($1) },
            .init(heading: "what"), .init(heading: "minutes", isNumber: true), .init(heading: "title"),
            .init(heading: "also there"), .init(heading: "by"), .init(heading: "id", isFixed: true) { $0.dim($1) },
        ]
        if !withPerson { columns.remove(at: 1) }
        var table = Table(columns)
        for activity in activities {
            var cells = [
                activity.occurred.map(times.text) ?? "no time", activity.personName ?? "(no name)", activity.kind,
                activity.durationMinutes.map(String.init) ?? "–", activity.displayTitle,
                activity.participants.isEmpty ? "–" : activity.participants.joined(separator: ", "), activity.origin,
                String(activity.activity.prefix(8)),
            ]
            if !withPerson { cells.remove(at: 1) }
            table.add(cells)
        }
        return table
    }

    /// How it came to be, and what became of it.
    var origin: String {
        if let words = retractionWords { return "retracted: \(words)" }
        let origin = rule.map { rule in confidence.map { "\(rule) \($0)" } ?? rule } ?? "hand"
        return edited.isEmpty ? origin : "\(origin), edited"
    }
}
