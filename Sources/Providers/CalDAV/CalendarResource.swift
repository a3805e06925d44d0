import Entries
import ICalendar

/// Turns the text of one resource into what the stages know.
struct CalendarResource {
    let zones: ZoneBook
    /// The zone that the server gives the calendar.
    let calendarZone: String?
    let floatingZone: String?
    let window: ReadingWindow

    /// A resource is one event with its overrides and rarely large; what was attached to it is passed over.
    private static var limits: ICalendar.Limits {
        var limits = ICalendar.Limits()
        limits.bodyBytes = DAVFetch.mostBytes
        limits.components = 20_000
        return limits
    }

    /// Nil where it holds nothing that Daybook reads.
    func read(_ bytes: [UInt8], _ member: DAVMember, mark: String) -> FoundGroup? {
        let text = CalendarText(bytes, limits: Self.limits)
        var group = FoundGroup(identifier: member.name, path: member.href, mark: mark)
        guard text.isWhole || CalendarFiles.endsWhole(text) else {
            let flaw = text.flaws.first ?? Flaw(component: "", line: 1, problem: .cutOff)
            group.problems = [FoundProblem(flaw)]
            return group
        }
        // Tasks and journals are no business of Daybook's.
        guard !text.objects.isEmpty else { return nil }
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
        if isShared || text.objects.contains(where: Self.isOpen) {
            // What was unfolded here is true for this window only, so the next reading of the whole is to do it again.
            group.mark += " until \(window.to / Self.day)"
        }
        return group
    }

    /// One override stands for all that follow, so its occurrences cannot be left to the rule.
    private static func isOpen(_ object: CalendarObject) -> Bool {
        object.components.contains { $0.first("RECURRENCE-ID")?.parameter("RANGE") != nil }
    }

    /// When to ask again for what the server did not give: its fault may be over, and no report will say so.
    var again: Int64 { window.to + Self.day }

    private static let day: Int64 = 86_400_000
}
