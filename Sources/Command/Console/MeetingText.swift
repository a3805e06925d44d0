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

    /// Of today, as `21:05`.
    func time(_ instant: Int64) -> String { clock.time(of: instant) }

    /// With its seconds, as an entry was recorded.
    func exact(_ instant: Int64) -> String { "\(clock.text(instant)):\(clock.seconds(of: instant))" }

    func exactWithZone(_ instant: Int64) -> String { "\(exact(instant)) \(clock.zoneName(at: instant))" }

    /// A column of times with its zone, or zones, in the heading.
    func column(_ heading: String, of instants: [Int64], spare: Int = 0) -> Table.Column {
        .times(heading, zone(instants), spare: spare)
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
        var table = Table([
            times.column("when", of: meetings.compactMap(\.starts) + (meetings.isEmpty ? instants : [])),
            .init(heading: "title") { $0.name($1) },
            .init(heading: "with"), .init(heading: "calendar", spare: 1),
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
        var columns: [Table.Column] = [
            times.column("when", of: activities.compactMap(\.occurred)),
            .init(heading: "person") { $0.name($1) },
            .init(heading: "what", spare: 2), .init(heading: "minutes", isNumber: true, spare: 1),
            .init(heading: "title") { $1.hasPrefix(retractedMark) ? $0.dim($1) : $1 },
            .init(heading: "also there", spare: 4), .init(heading: "by", spare: 3),
            .init(heading: "id", isFixed: true) { $0.dim($1) },
        ]
        if !withPerson { columns.remove(at: 1) }
        var table = Table(columns)
        for activity in activities {
            var cells = [
                activity.occurred.map(times.text) ?? "no time", activity.personName ?? "(no name)", activity.kind,
                activity.durationMinutes.map(String.init) ?? "–",
                (activity.retracted == nil ? "" : retractedMark) + activity.displayTitle,
                activity.participants.isEmpty ? "–" : activity.participants.joined(separator: ", "), activity.origin,
                String(activity.activity.prefix(8)),
            ]
            if !withPerson { cells.remove(at: 1) }
            table.add(cells)
        }
        return table
    }

    /// It stands before the title, for why it was retracted is left out where there is little room.
    private static let retractedMark = "[retracted] "

    /// How it came to be, and what became of it.
    var origin: String {
        if let words = retractionWords { return "retracted: \(words)" }
        let origin = rule.map { rule in confidence.map { "\(rule) \($0)" } ?? rule } ?? "hand"
        return edited.isEmpty ? origin : "\(origin), edited"
    }
}
