import Entries
import ICalendar

/// Makes meetings of events: which meeting it is, when it takes place, and what is said of it.
struct MeetingMaker {
    let zones: ZoneBook

    /// Why no meeting could be made of an event.
    struct Unreadable: Error {
        let problem: FoundProblem

        init(_ problem: Problem, _ message: String) { self.problem = FoundProblem(problem, message) }
    }

    /// - Parameter master: the series of an occurrence or an exception; nil where it is no more, or cannot be read.
    func meeting(_ event: GraphEvent, master: GraphEvent?) throws(Unreadable) -> FoundMeeting {
        // An occurrence is like its series; what else it says of itself is the same, said again.
        let whole = event.kind == .occurrence ? master ?? event : event
        var found = FoundMeeting(uid: uid(event, master))
        try place(event, isAllDay: whole.isAllDay, in: &found.details)
        try identify(event, master, &found)
        describe(whole, &found)
        found.details.providerPath = event.identifier
        return found
    }

    // MARK: Which meeting

    /// Graph gives each occurrence an `iCalUId` of its own, and other calendars know the one of the series.
    private func uid(_ event: GraphEvent, _ master: GraphEvent?) -> String {
        guard event.kind != .single else {
            // An invitation to one occurrence alone: its series is not here, and several of one are not one meeting.
            guard let own = event.iCalUID, let known = GlobalObjectID(own), !known.isOfOccurrence else {
                return event.iCalUID ?? event.identifier
            }
            return known.seriesUID
        }
        guard let name = master?.iCalUID ?? event.iCalUID else { return event.master ?? event.identifier }
        return GlobalObjectID(name)?.seriesUID ?? name
    }

    private func identify(
        _ event: GraphEvent, _ master: GraphEvent?, _ found: inout FoundMeeting
    ) throws(Unreadable) {
        switch event.kind {
        case .single, .master: return
        case .occurrence:
            found.originalStart = found.details.starts
            found.originalDay = found.details.firstDay
        case .exception:
            guard let original = event.originalStart else {
                throw Unreadable(
                    .missingPart, "It is one of a series, and Microsoft does not say which; it was set aside.")
            }
            if (master ?? event).isAllDay {
                found.originalDay = day(of: original, master ?? event).description
            } else {
                found.originalStart = original.instant
            }
        }
    }

    /// The day that an instant means. Midnight in UTC is how Graph writes days; else it is the midnight of some zone.
    private func day(of original: GraphTime, _ series: GraphEvent) -> CivilDay {
        let seconds = Int(original.instant / 1_000)
        let local = LocalTime(seconds: seconds)
        if local.secondOfDay == 0 { return local.day }
        if let zone = series.zone.flatMap({ zones.find($0)?.zone }) { return zone.local(at: seconds).day }
        return LocalTime(seconds: seconds + 43_200).day
    }

    // MARK: When

    private func place(_ event: GraphEvent, isAllDay: Bool, in details: inout MeetingDetails) throws(Unreadable) {
        guard let start = event.start, let end = event.end else {
            throw Unreadable(.missingPart, "Microsoft does not say when it starts and ends; it was set aside.")
        }
        if isAllDay {
            // Days are days, in whatever zone they are written; the day that it ends on is no part of it.
            details.firstDay = start.local.day.description
            details.lastDay = max(start.local.day, end.local.day + -1).description
            return
        }
        guard let written = zones.find(event.writtenZone ?? "UTC")?.zone else {
            throw Unreadable(.unknownZone, "It is written in a time zone that is not known; it was set aside.")
        }
        let starts = start.instant(in: written)
        details.starts = starts
        details.ends = max(starts, end.instant(in: written))
    }

    // MARK: What

    private func describe(_ event: GraphEvent, _ found: inout FoundMeeting) {
        var details = found.details
        let shown = GraphWords.shown(event.showAs)
        details.transparency = shown.transparency
        details.response = event.isOrganizer ? .accepted : GraphWords.ownResponse(event.response)
        // An invitation that waits for an answer is shown as tentative too, and takes place all the same.
        let isInvitation = ![nil, "none", "organizer"].contains(event.response?.lowercased())
        details.status = event.isCancelled ? .cancelled : isInvitation ? nil : shown.status
        details.privacy = GraphWords.privacy(event.sensitivity)
        details.kind = Self.isAlone(event) ? shown.kindAlone : nil
        if details.starts != nil { details.zone = event.zone.flatMap { zones.find($0)?.zone.name } }
        details.modified = event.modified
        details.meetingURL = Self.link(event)
        if let link = event.webLink, link.lowercased().hasPrefix("https://") { details.providerLink = link }
        func state(_ name: String, _ stated: Stated<String>, _ path: WritableKeyPath<MeetingDetails, String?>) {
            if let value = stated.value { details[keyPath: path] = value }
            if stated == .empty { found.emptied.insert(name) }
        }
        state("title", event.subject, \.title)
        state("description", event.description, \.description)
        state("location", event.location, \.location)
        found.attendees = Self.attendees(event)
        if found.attendees.isEmpty, event.hasNoAttendees { found.emptied.insert("attendees") }
        if event.isCut || event.hidesAttendees && !event.isOrganizer { details.isPartial = true }
        found.details = details
    }

    private static func isAlone(_ event: GraphEvent) -> Bool {
        event.attendees.allSatisfy { $0.kind != .individual || $0.email != nil && $0.email == event.organizer?.email }
    }

    private static func link(_ event: GraphEvent) -> String? {
        if let url = event.joinURL {
            if let known = MeetingLink.first(in: url) { return known.address }
            // A service of the organisation's own choice.
            if url.lowercased().hasPrefix("https://"), url.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) { return url }
        }
        return event.linkInText ?? event.location.value.flatMap { MeetingLink.first(in: $0)?.address }
    }

    /// Whoever calls a meeting comes to it, unless it says otherwise.
    private static func attendees(_ event: GraphEvent) -> [FoundAttendee] {
        guard var organizer = event.organizer else { return event.attendees }
        var attendees = event.attendees
        if let place = attendees.firstIndex(where: { $0.email != nil && $0.email == organizer.email }) {
            attendees[place].isOrganizer = true
            attendees[place].isSelf = event.isOrganizer
            attendees[place].name = attendees[place].name ?? organizer.name
            // Graph knows no answer of the organizer to the own meeting.
            if [nil, .needsAction].contains(attendees[place].response) { attendees[place].response = .accepted }
            return attendees
        }
        organizer.isOrganizer = true
        organizer.isSelf = event.isOrganizer
        organizer.response = .accepted
        return [organizer] + attendees
    }
}
