import Entries
import ICalendar

/// What an event of Google's says, in the words of the ledger.
struct GoogleDetails {
    var details = MeetingDetails()
    var attendees: [FoundAttendee] = []
    var emptied: Set<String> = []

    /// - Parameter isBusyOnly: the calendar shows its user only when it is busy.
    init(_ fields: JSONObject, _ clock: GoogleClock, isBusyOnly: Bool) throws(GoogleFlaw) {
        try place(fields, clock)
        if isBusyOnly { details.kind = .busy } else { details.kind = Self.kind(fields) }
        details.status = fields.word("status")
        if fields.text("transparency") == "transparent" { details.transparency = .transparent }
        details.privacy = Self.privacy(fields)
        details.sequence = fields.integer("sequence").map { max(0, $0) }
        details.modified = fields.instant("updated")
        details.providerPath = fields.text("id")
        readTexts(fields)
        readAttendees(fields)
    }

    // MARK: When

    private mutating func place(_ fields: JSONObject, _ clock: GoogleClock) throws(GoogleFlaw) {
        let (start, end) = try Self.times(fields)
        if case .day(let first) = start {
            var last = first
            if case .day(let end) = end { last = max(first, end + -1) }
            details.firstDay = first.description
            details.lastDay = last.description
            return
        }
        guard let starts = clock.resolved(start) else { return }
        let ends = end.flatMap { clock.resolved($0) }
        details.starts = starts.milliseconds
        details.ends = max(starts.milliseconds, ends?.milliseconds ?? starts.milliseconds)
        details.zone = starts.zone.name
        details.isFloating = starts.isFloating ? true : nil
    }

    /// Start and end, both of one kind; no end where Google only made one up.
    static func times(_ fields: JSONObject) throws(GoogleFlaw) -> (start: GoogleTime, end: GoogleTime?) {
        guard let start = fields.object("start").flatMap(GoogleTime.init) else {
            throw GoogleFlaw(.missingPart, "An event has no start that can be read; it was set aside.")
        }
        guard let given = fields.object("end"), fields.boolean("endTimeUnspecified") != true else {
            return (start, nil)
        }
        guard let end = GoogleTime(given) else {
            throw GoogleFlaw(.malformed, "The end of an event cannot be read; it was set aside.")
        }
        switch (start, end) {
        case (.day, .day): return (start, end)
        case (.day, _), (_, .day):
            throw GoogleFlaw(.malformed, "An event begins with a day and ends with a time, or the other way round.")
        default: return (start, end)
        }
    }

    // MARK: What

    /// Nil for a meeting. What nobody knows yet is none.
    private static func kind(_ fields: JSONObject) -> EventKind? {
        switch fields.text("eventType") {
        case nil, "default": nil
        case "workingLocation": .workingLocation
        case "focusTime": .focusTime
        case "outOfOffice": .outOfOffice
        case "birthday": .birthday
        case "fromGmail": .reservation
        default: .other
        }
    }

    /// A word that is not known is private: rather too little is shown than too much.
    private static func privacy(_ fields: JSONObject) -> Privacy? {
        switch fields.text("visibility") {
        case nil, "default", "public": nil
        case "confidential": .confidential
        default: .private
        }
    }

    private mutating func readTexts(_ fields: JSONObject) {
        take("title", fields.stated("summary"), \.title)
        take("description", fields.stated("description"), \.description) { GoogleText.plain($0) }
        take("location", fields.stated("location"), \.location)
        details.meetingURL = Self.meetingLink(fields)
        if details.meetingURL == nil, fields.stated("hangoutLink") == .empty || fields.isNull("conferenceData") {
            emptied.insert("meeting_url")
        }
        if let link = fields.text("htmlLink"), link.hasPrefix("https://") { details.providerLink = link }
    }

    private mutating func take(
        _ name: String, _ stated: Stated<String>, _ path: WritableKeyPath<MeetingDetails, String?>,
        _ change: (String) -> String = { $0 }
    ) {
        switch stated {
        case .absent: break
        case .empty: emptied.insert(name)
        case .value(let given):
            let text = change(given)
            if text.isEmpty { emptied.insert(name) } else { details[keyPath: path] = text }
        }
    }

    /// Where a link is most surely meant: the video of the conference, the link to Meet, then what was written.
    private static func meetingLink(_ fields: JSONObject) -> String? {
        var event = CalendarEvent(schedule: Schedule(start: .day(CivilDay(number: 0))))
        let entries = fields.object("conferenceData")?.objects("entryPoints") ?? []
        for entry in entries.prefix(Self.mostEntryPoints) where entry.text("entryPointType") == "video" {
            guard let uri = entry.text("uri") else { continue }
            event.conferences.append(CalendarEvent.Conference(address: uri, source: .standard))
        }
        if let link = fields.text("hangoutLink") {
            event.conferences.append(CalendarEvent.Conference(address: link, source: .provider))
        }
        event.description = fields.stated("description")
        event.location = fields.stated("location")
        return MeetingLink.find(in: event)?.address
    }

    /// A conference has one video, and some telephone numbers.
    private static let mostEntryPoints = 100

    // MARK: Who

    /// As many as an event of any other source may have; more are left out, and that is said.
    private static let mostAttendees = Limits().attendees

    private mutating func readAttendees(_ fields: JSONObject) {
        let stated = fields.statedElements("attendees")
        if stated == .empty { emptied.insert("attendees") }
        let elements = stated.value ?? []
        if fields.boolean("attendeesOmitted") == true || elements.count > Self.mostAttendees {
            details.isPartial = true
        }
        // The user's own answer is looked for among all.
        let listed = elements.compactMap { $0.object.map(GoogleAttendee.init) }
        let own = listed.first(where: \.found.isSelf)
        details.response = own?.found.response
        attendees = listed.prefix(Self.mostAttendees).filter(\.isSomebody).map(\.found)
        if let own, own.isSomebody, !attendees.contains(where: \.isSelf) { attendees.append(own.found) }
        addOrganizer(fields)
    }

    /// Whoever calls a meeting comes to it, unless it says otherwise.
    private mutating func addOrganizer(_ fields: JSONObject) {
        guard let given = fields.object("organizer") else { return }
        var organizer = GoogleAttendee(given)
        if let place = attendees.firstIndex(where: { $0.email != nil && $0.email == organizer.found.email }) {
            attendees[place].isOrganizer = true
            attendees[place].name = attendees[place].name ?? organizer.found.name
            return
        }
        guard organizer.isSomebody, !organizer.isCalendar, !attendees.contains(where: \.isOrganizer) else { return }
        organizer.found.isOrganizer = true
        organizer.found.response = .accepted
        attendees.insert(organizer.found, at: 0)
    }
}

/// Somebody in the list of an event.
private struct GoogleAttendee {
    var found = FoundAttendee()

    init(_ fields: JSONObject) {
        found.email = fields.text("email").flatMap { ICalendar.Attendee.address(in: $0) }
        let name = fields.text("displayName")
        // A name that only repeats the address says nothing about what somebody is called.
        found.name = name.flatMap { $0.lowercased() == found.email ? nil : $0 }
        found.response =
            switch fields.text("responseStatus") {
            case "accepted": .accepted
            case "declined": .declined
            case "tentative": .tentative
            case "needsAction": .needsAction
            default: nil
            }
        found.isOrganizer = fields.boolean("organizer") == true
        found.isOptional = fields.boolean("optional") == true
        found.isSelf = fields.boolean("self") == true
        if fields.boolean("resource") == true || isAt("resource.calendar.google.com") {
            found.kind = .resource
        } else if isCalendar || isAt("googlegroups.com") {
            found.kind = .group
        }
    }

    var isSomebody: Bool { found.email != nil || found.name != nil }

    /// A calendar that people share has an address of its own, and is nobody.
    var isCalendar: Bool { ["", "group.", "group.v.", "import."].contains { isAt($0 + "calendar.google.com") } }

    private func isAt(_ domain: String) -> Bool { found.email?.hasSuffix("@" + domain) == true }
}
