/// What came of reading a VEVENT: an event, or a flaw that says why there is none; and what was noted on the way.
public struct EventReading: Sendable {
    /// Nil if the component was set aside.
    public let event: CalendarEvent?
    public let flaws: [Flaw]

    public init(_ component: Component) {
        var reader = EventReader(component)
        event = reader.read()
        flaws = reader.flaws
    }
}

/// Fills an event from the properties of its component, in one walk over its lines.
private struct EventReader {
    private(set) var flaws: [Flaw] = []
    private let component: Component
    private let limits: Limits
    private var event: CalendarEvent
    private var times = EventTimes()
    private var isGuessed = false
    private var propertyCount = 0
    private var htmlDescription: String?
    private var identity: Property?
    private var problems: Set<Flaw.Problem> = []

    init(_ component: Component) {
        self.component = component
        limits = component.text.limits
        event = CalendarEvent(schedule: Schedule(start: .day(CivilDay(number: 0))), line: component.line)
    }

    mutating func read() -> CalendarEvent? {
        var quarantine = component.problem
        var cursor = LineCursor(component)
        while quarantine == nil, let line = cursor.next() { quarantine = read(line) }
        if quarantine == nil { quarantine = finish() }
        // What spoiled the whole component stands among the flaws of the text already.
        if let quarantine, quarantine != component.problem { note(quarantine) }
        if isGuessed { note(.charactersGuessed) }
        for problem in times.problems { note(problem) }
        return quarantine == nil ? event : nil
    }

    private mutating func note(_ problem: Flaw.Problem) {
        guard problems.insert(problem).inserted else { return }
        flaws.append(
            Flaw(
                component: component.name, uid: event.uid ?? component.uid, line: component.line, problem: problem))
    }

    /// Answers why the component cannot be used, if that shows here.
    private mutating func read(_ line: Line) -> Flaw.Problem? {
        guard line.count <= limits.lineBytes, let property = Property(line, in: component.text) else {
            if line.count <= limits.lineBytes { note(.lineUnreadable) }
            return nil
        }
        guard let known = property.known else { return count() }
        switch known {
        case .attendee:
            guard event.attendees.count < limits.attendees else { return noted(.tooManyAttendees) }
            event.attendees.append(Attendee(property, guessing: &isGuessed))
            return nil
        case .rdate, .exdate:
            times.read(known, property, limit: limits.times)
            return nil
        default:
            fill(known, property)
            return count()
        }
    }

    private mutating func noted(_ problem: Flaw.Problem) -> Flaw.Problem? {
        note(problem)
        return nil
    }

    private mutating func count() -> Flaw.Problem? {
        propertyCount += 1
        return propertyCount > limits.properties ? .tooManyProperties : nil
    }

    private mutating func fill(_ known: KnownProperty, _ property: Property) {
        switch known {
        case .uid: if event.uid == nil { event.uid = text(property).value?.trimmed }
        case .recurrenceID: if identity == nil { identity = property }
        case .dtstart, .dtend, .duration, .rrule, .exrule, .allDay, .funambolAllDay, .msncAllDay:
            times.read(known, property, limit: limits.times)
        case .sequence: event.sequence = Int(word(property)).map { max(0, $0) } ?? event.sequence
        case .dtstamp: event.stamp = event.stamp ?? EventTime(property.rawValue)
        case .lastModified: event.modified = event.modified ?? EventTime(property.rawValue)
        case .created, .dcreated: event.created = event.created ?? EventTime(property.rawValue)
        case .summary: event.summary = stated(event.summary, property)
        case .description: event.description = stated(event.description, property)
        case .location: event.location = stated(event.location, property)
        case .url: event.url = stated(event.url, property)
        case .alternativeDescription: htmlDescription = htmlDescription ?? text(property).value
        case .status: event.status = CalendarEvent.Status(rawValue: word(property).lowercased()) ?? event.status
        case .classification: event.privacy = CalendarEvent.Privacy(word: word(property))
        case .transparency: event.isTransparent = CalendarEvent.isTransparent(word: word(property))
        case .busyStatus: event.busyStatus = CalendarEvent.BusyStatus(word: word(property)) ?? event.busyStatus
        case .intendedStatus: event.busyStatus = event.busyStatus ?? CalendarEvent.BusyStatus(word: word(property))
        case .organizer: event.organizer = event.organizer ?? Attendee(property, guessing: &isGuessed)
        case .categories: readCategories(property)
        case .color: event.colour = text(property).value ?? event.colour
        case .appleColor: event.colour = event.colour ?? text(property).value
        case .conference, .googleConference, .googleHangout, .teamsURL, .onlineMeetingURL, .onlineMeetingExternalURL:
            readConference(known, property)
        case .googleEventType: event.kind = CalendarEvent.Kind(googleWord: word(property)) ?? event.kind
        case .kdeBirthday, .kdeAnniversary: if isYes(property) { event.kind = .birthday }
        case .nextcloudBirthday: event.kind = .birthday
        case .attendee, .rdate, .exdate: break
        }
    }

    /// The first value that is not empty; an empty one only if there is no other.
    private mutating func stated(_ before: Stated<String>, _ property: Property) -> Stated<String> {
        if case .value = before { before } else { text(property) }
    }

    private mutating func text(_ property: Property) -> Stated<String> {
        Stated(property.text(guessing: &isGuessed))
    }

    private func word(_ property: Property) -> String {
        TextDecoding.characters(of: property.rawValue)
    }

    private func isYes(_ property: Property) -> Bool {
        ["TRUE", "YES", "1"].contains(word(property).uppercased())
    }

    private mutating func readCategories(_ property: Property) {
        let most = 100
        for text in property.texts(separatedBy: ",", guessing: &isGuessed) where event.categories.count < most {
            let category = text.trimmed
            if !category.isEmpty { event.categories.append(category) }
        }
    }

    private mutating func readConference(_ known: KnownProperty, _ property: Property) {
        let most = 20
        guard event.conferences.count < most, let address = text(property).value?.trimmed else { return }
        event.conferences.append(
            CalendarEvent.Conference(
                address: address, label: property.parameter("LABEL"),
                features: property.parameterValues("FEATURE").map { $0.uppercased() },
                source: known == .conference ? .standard : .provider))
    }

    // MARK: Together

    private mutating func finish() -> Flaw.Problem? {
        if let identity {
            guard let time = EventTimes.time(identity) else { return .identityUnreadable }
            event.recurrenceIdentity = RecurrenceIdentity(
                time: time, coversFollowing: identity.parameter("RANGE")?.uppercased() == "THISANDFUTURE")
        }
        do throws(EventTimes.NoStart) {
            event.schedule = try times.schedule(allowingUnstarted: event.recurrenceIdentity?.time)
        } catch {
            return error.problem
        }
        if case .absent = event.description, let htmlDescription {
            event.description = Stated(plainText(fromHTML: htmlDescription))
        }
        if event.kind == .meeting { event.kind = impliedKind }
        return nil
    }

    /// Outlook's words for a time count only where nobody else is invited: one may meet people out of the office.
    private var impliedKind: CalendarEvent.Kind {
        let isAlone = event.attendees.isEmpty
        if isAlone, event.busyStatus == .outOfOffice { return .outOfOffice }
        if isAlone, event.busyStatus == .workingElsewhere { return .workingLocation }
        if isAlone, event.schedule.start.isDay,
            event.categories.contains(where: { ["birthday", "birthdays"].contains($0.lowercased()) })
        {
            return .birthday
        }
        return .meeting
    }
}

extension CalendarEvent {
    fileprivate static func isTransparent(word: String) -> Bool {
        // vCalendar 1.0 counts: 0 is opaque, more is transparent.
        word.uppercased() == "TRANSPARENT" || (Int(word) ?? 0) > 0
    }
}

extension CalendarEvent.Privacy {
    /// A word that is not known is private, as RFC 5545 asks for; only "public" and nothing are public.
    fileprivate init(word: String) {
        self =
            switch word.uppercased() {
            case "PUBLIC", "": .ordinary
            case "CONFIDENTIAL": .confidential
            default: .private
            }
    }
}

extension CalendarEvent.BusyStatus {
    fileprivate init?(word: String) {
        switch word.uppercased() {
        case "FREE": self = .free
        case "TENTATIVE": self = .tentative
        case "BUSY": self = .busy
        case "OOF": self = .outOfOffice
        case "WORKINGELSEWHERE": self = .workingElsewhere
        default: return nil
        }
    }
}

extension CalendarEvent.Kind {
    /// The types of Google's programming interface, which its exporters write.
    fileprivate init?(googleWord: String) {
        switch googleWord {
        case "focusTime": self = .focusTime
        case "outOfOffice": self = .outOfOffice
        case "workingLocation": self = .workingLocation
        case "birthday": self = .birthday
        default: return nil
        }
    }
}
