import Entries
public import ICalendar

/// Turns what a calendar as text says about one event into what the stages know: a series, meetings, or a problem.
///
/// Files, feeds and CalDAV all hold such texts, so they share it.
public struct GroupReader {
    private let clock: EventClock
    private let definitions: [Component]
    private let window: ReadingWindow

    /// - Parameter clock: resolves the times of the text.
    public init(clock: EventClock, definitions: [Component], window: ReadingWindow) {
        self.clock = clock
        self.definitions = definitions
        self.window = window
    }

    /// - Parameter unfolds: makes a meeting of each occurrence in the window instead of a series.
    public func group(
        _ object: CalendarObject, identifier: String, path: String?, mark: String, unfolds: Bool = false
    ) -> FoundGroup {
        var group = FoundGroup(identifier: identifier, path: path, mark: mark)
        let reading = object.read()
        if reading.hasQuarantine { group.problems.append(Self.problem(object, reading)) }
        // Without its rule a series would be one meeting, and all its others would count as gone.
        if let problem = Self.problemOfRule(reading) {
            group.problems = [problem]
            return group
        }
        let lineage = EventClock.lineage(object.uid)
        if let master = reading.master, master.schedule.isRecurring {
            if unfolds || reading.overrides.contains(where: { $0.recurrenceIdentity?.coversFollowing == true }) {
                group.meetings = occurrences(master, reading.overrides, object.uid)
            } else {
                group.series = series(master, reading.overrides, object.uid, lineage)
                group.meetings = reading.overrides.map { override($0, of: master, object.uid) }
            }
        } else {
            // A single meeting may be written with overrides of itself by those who made it from a series.
            group.meetings = reading.master.map { [meeting($0, object.uid)] } ?? []
            if !group.meetings.isEmpty { group.meetings[0].otherUID = object.otherUID }
            group.meetings += reading.overrides.map { override($0, of: reading.master, object.uid) }
        }
        return group
    }

    /// What was set aside. Where the component itself is spoiled, it says so and its reading does not.
    private static func problem(_ object: CalendarObject, _ reading: CalendarObject.Reading) -> FoundProblem {
        if let flaw = reading.flaws.first(where: \.isQuarantine) { return FoundProblem(flaw) }
        let spoiled = object.components.first { $0.problem != nil }
        return FoundProblem(
            Flaw(
                component: "VEVENT", line: spoiled?.line ?? object.components.first?.line ?? 1,
                problem: spoiled?.problem ?? .notEnded))
    }

    private static func problemOfRule(_ reading: CalendarObject.Reading) -> FoundProblem? {
        if let flaw = reading.flaws.first(where: { $0.problem == .ruleUnreadable }) { return FoundProblem(flaw) }
        guard let master = reading.master else { return nil }
        for rule in master.schedule.rules + master.schedule.exclusionRules {
            do {
                // No meeting does: it is a mistake, or meant to do harm.
                guard try RecurrenceRule(rule).frequency > .minutely else {
                    return FoundProblem(
                        .unsupportedRule,
                        "VEVENT, line \(master.line): It repeats every minute or second; it was set aside.")
                }
            } catch {
                return FoundProblem(.unsupportedRule, "VEVENT, line \(master.line): \(error)")
            }
        }
        return nil
    }

    // MARK: Meetings

    private func meeting(_ event: CalendarEvent, _ uid: String) -> FoundMeeting {
        var found = FoundMeeting(uid: uid)
        (found.details, found.attendees, found.emptied) = parts(event, uid)
        return found
    }

    private func override(_ event: CalendarEvent, of master: CalendarEvent?, _ uid: String) -> FoundMeeting {
        var found = meeting(event, uid)
        if let identity = event.recurrenceIdentity {
            switch clock.original(identity.time, of: master?.schedule ?? event.schedule, isMaster: master != nil) {
            case .day(let day): found.originalDay = day
            case .instant(let instant): found.originalStart = instant
            }
        }
        return found
    }

    // MARK: Series

    private func series(
        _ master: CalendarEvent, _ overrides: [CalendarEvent], _ uid: String, _ lineage: String
    ) -> FoundSeries {
        var found = FoundSeries(uid: uid)
        found.predecessor = lineage == uid ? nil : lineage
        (found.details, found.attendees, found.emptied) = parts(master, uid)
        found.recurrence.rules = ScheduleText.lines(of: master.schedule)
        found.recurrence.zoneDefinition = clock.definitionText(of: master.schedule, definitions)
        found.recurrence.exceptions = overrides.compactMap { override in
            guard let identity = override.recurrenceIdentity else { return nil }
            var exception = SeriesException()
            switch clock.original(identity.time, of: master.schedule, isMaster: true) {
            case .day(let day): exception.originalDay = day
            case .instant(let instant): exception.originalStart = instant
            }
            exception.kind = .overridden
            return exception
        }
        return found
    }

    /// Where an override stands for all that follow, a rule cannot say what is to come: each occurrence in the window is a
    /// meeting of its own.
    private func occurrences(_ master: CalendarEvent, _ overrides: [CalendarEvent], _ uid: String) -> [FoundMeeting] {
        clock.occurrences(master.schedule, overrides, window).map { occurrence in
            let event = occurrence.override.map { overrides[$0] } ?? master
            var found = FoundMeeting(uid: uid)
            (found.details, found.attendees, found.emptied) = parts(event, uid)
            occurrence.place(in: &found.details)
            switch occurrence.original {
            case .day(let day): found.originalDay = day
            case .instant(let instant): found.originalStart = instant
            }
            return found
        }
    }

    // MARK: What it says

    private func parts(_ event: CalendarEvent, _ uid: String) -> (MeetingDetails, [FoundAttendee], Set<String>) {
        var details = MeetingDetails()
        details.status = event.status.flatMap { MeetingStatus(rawValue: $0.rawValue) }
        details.transparency = event.isTransparent ? .transparent : nil
        switch event.privacy {
        case .ordinary: break
        case .private: details.privacy = .private
        case .confidential: details.privacy = .confidential
        }
        details.kind = Self.kind(event.kind)
        clock.place(event.schedule, in: &details)
        details.sequence = Int64(event.sequence)
        details.modified = event.modified.flatMap { clock.instant($0) }
        var emptied: Set<String> = []
        func state(_ name: String, _ stated: Stated<String>, _ path: WritableKeyPath<MeetingDetails, String?>) {
            if let value = stated.value { details[keyPath: path] = value }
            if stated == .empty { emptied.insert(name) }
        }
        state("title", event.summary, \.title)
        state("description", event.description, \.description)
        state("location", event.location, \.location)
        details.meetingURL = MeetingLink.find(in: event)?.address
        if let url = event.url.value, url.hasPrefix("https://") || url.hasPrefix("http://") {
            details.providerLink = url
        }
        details.providerPath = uid
        return (details, attendees(event), emptied)
    }

    private static func kind(_ kind: CalendarEvent.Kind) -> EventKind? {
        switch kind {
        case .meeting: nil
        case .focusTime: .focusTime
        case .outOfOffice: .outOfOffice
        case .workingLocation: .workingLocation
        case .birthday: .birthday
        }
    }

    /// The attendees, and the organizer among them: whoever calls a meeting comes to it, unless it says otherwise.
    private func attendees(_ event: CalendarEvent) -> [FoundAttendee] {
        var attendees = event.attendees.map { Self.attendee($0) }
        guard let organizer = event.organizer else { return attendees }
        if let place = attendees.firstIndex(where: { $0.email != nil && $0.email == organizer.address }) {
            attendees[place].isOrganizer = true
            attendees[place].name = attendees[place].name ?? organizer.name
            return attendees
        }
        var first = Self.attendee(organizer)
        first.isOrganizer = true
        first.response = .accepted
        first.isOptional = false
        return first.email == nil && first.name == nil ? attendees : [first] + attendees
    }

    private static func attendee(_ attendee: ICalendar.Attendee) -> FoundAttendee {
        var found = FoundAttendee()
        found.email = attendee.address
        found.name = attendee.name
        switch attendee.kind {
        case .individual, .unknown: found.kind = .individual
        case .group: found.kind = .group
        case .room: found.kind = .room
        case .resource: found.kind = .resource
        }
        switch attendee.response {
        case .accepted: found.response = .accepted
        case .declined, .delegated: found.response = .declined
        case .tentative: found.response = .tentative
        case .needsAction: found.response = .needsAction
        }
        found.isOptional = attendee.role == .optional || attendee.role == .informed
        return found
    }
}

extension FoundProblem {
    /// What is wrong with a component, in the words of the ledger.
    public init(_ flaw: Flaw) {
        let problem: Problem =
            switch flaw.problem {
            case .tooLarge, .lineTooLong: .tooLarge
            case .tooDeep, .tooManyParts, .tooManyProperties, .tooManyComponents: .tooMany
            case .startMissing: .missingPart
            case .ruleUnreadable: .unsupportedRule
            default: .malformed
            }
        self.init(
            problem, "\(flaw.component.isEmpty ? "The text" : flaw.component), line \(flaw.line): \(flaw.sentence)")
    }
}
