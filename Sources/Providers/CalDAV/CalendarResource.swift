import Entries
import ICalendar

/// Turns the text of one resource into what the stages know.
struct CalendarResource {
    let zones: ZoneBook
    /// The zone that the server gives the calendar.
    let calendarZone: String?
    let floatingZone: String?
    let window: ReadingWindow

    struct Found {
        /// Nil where it holds nothing that Daybook reads.
        var group: FoundGroup?
        /// When more of it comes into the window.
        var later: Int64?
    }

    /// A resource is one event with its overrides and rarely large; what was attached to it is passed over.
    private static var limits: ICalendar.Limits {
        var limits = ICalendar.Limits()
        limits.bodyBytes = DAVFetch.mostBytes
        limits.components = 20_000
        return limits
    }

    func read(_ bytes: [UInt8], _ member: DAVMember, mark: String) -> Found {
        let text = CalendarText(bytes, limits: Self.limits)
        var group = FoundGroup(identifier: member.name, path: member.href, mark: mark)
        guard text.isWhole || CalendarFiles.endsWhole(text) else {
            let flaw = text.flaws.first ?? Flaw(component: "", line: 1, problem: .cutOff)
            group.problems = [FoundProblem(flaw)]
            return Found(group: group)
        }
        // Tasks and journals are no business of Daybook's.
        guard !text.objects.isEmpty else { return Found() }
        let reader = GroupReader(
            clock: EventClock(
                zones: zones, definitions: text.zoneDefinitions, calendarZone: text.properties.zone ?? calendarZone,
                floatingZone: floatingZone),
            definitions: text.zoneDefinitions, window: window)
        let isShared = text.objects.count > 1
        for object in text.objects {
            let part = reader.group(
                object, identifier: member.name, path: member.href, mark: mark, unfolds: isShared)
            group.series = part.series
            group.meetings += part.meetings
            group.problems += part.problems
        }
        if !text.isWhole, let flaw = text.flaws.first { group.problems.append(FoundProblem(flaw)) }
        var later = group.meetings.compactMap { start($0.details) }.filter { $0 >= window.to }.min()
        if isShared || text.objects.contains(where: Self.isOpen) {
            // What was unfolded here is true for this window only.
            group.mark += " until \(window.to / Self.day)"
            later = min(later ?? .max, window.to + Self.day)
        }
        return Found(group: group, later: later)
    }

    /// One override stands for all that follow, so its occurrences cannot be left to the rule.
    private static func isOpen(_ object: CalendarObject) -> Bool {
        object.components.contains { $0.first("RECURRENCE-ID")?.parameter("RANGE") != nil }
    }

    /// When to ask again for what the server did not give: its fault may be over, and no report will say so.
    var again: Int64 { window.to + Self.day }

    private static let day: Int64 = 86_400_000

    private func start(_ details: MeetingDetails) -> Int64? {
        details.starts
            ?? details.firstDay.flatMap { EventTime(Array($0.utf8.filter { $0 != UInt8(ascii: "-") })[...]) }
            .map { Int64($0.local.seconds) * 1_000 }
    }
}
