import Entries
import Ledger
import Providers
import SQLite

/// Makes the entries for what a source holds under one identifier: a series, meetings, or what could not be read.
struct GroupWriter {
    let desk: Desk
    let calendar: CalendarRow
    let window: ReadingWindow
    /// The user's own addresses, by which the user's answer is known.
    let ownAddresses: Set<String>
    var addresses: AddressBook
    var counts = Counts()
    /// The meetings and series that this reading found, whatever it found them under.
    private(set) var present: Set<String> = []

    struct Counts: Equatable {
        var created: Int64 = 0
        var updated: Int64 = 0
        var deleted: Int64 = 0
        var quarantined: Int64 = 0
    }

    var meetings: MeetingWriter {
        MeetingWriter(desk: desk, owner: calendar.owner, connection: calendar.connection, calendar: calendar.calendar)
    }

    /// - Parameter quarantined: the mark under which it could not be read before; nil where it could.
    mutating func drafts(
        _ group: FoundGroup, known: KnownCalendar.Item?, quarantined: String??, _ views: Connection
    ) throws -> [Draft] {
        let identifier = desk.names.provided(group.identifier)
        if let problem = group.problems.first, group.series == nil, group.meetings.isEmpty {
            let draft = quarantine(problem, group, identifier, known)
            // That it still cannot be read is known.
            return quarantined == .some(group.mark) ? [] : [draft]
        }
        var drafts: [Draft] = []
        var group = group.isPart ? try merged(group, known, &drafts, views) : group
        if let problem = group.problems.first {
            drafts.append(quarantine(problem, group, identifier, known))
        } else if quarantined != nil {
            drafts.append(released(identifier, .readable))
        }
        // Of what starts behind the window nothing is written yet, so the group is not to be taken for known: each reading of
        // the whole looks at it again.
        if group.meetings.contains(where: { startsBehindWindow($0.details) }) { group.mark += " in part" }
        if let series = group.series {
            drafts += try self.drafts(series, group, identifier, views)
        }
        var names: Set<String> = []
        for meeting in group.meetings {
            let (more, name) = try self.drafts(meeting, group, identifier, known, views)
            drafts += more
            names.insert(name)
        }
        present.formUnion(names)
        if group.series == nil, !group.isPart, let known { drafts += leftovers(known, names) }
        return drafts
    }

    // MARK: Series

    private mutating func drafts(
        _ found: FoundSeries, _ group: FoundGroup, _ identifier: String, _ views: Connection
    ) throws -> [Draft] {
        let series = desk.names.series(calendar: calendar.calendar, uid: found.uid)
        present.insert(series)
        let (details, attendees, emptied) = redacted(found.details, found.attendees, found.emptied)
        var drafts = try addresses.introduce(attendees, source: .meeting, meeting: nil, views)
        let whole = completed(details, attendees, group)
        let stream = "series/\(series)"
        guard let known = try KnownState(views).series(series), known.withdrawn == nil else {
            var seen = SeriesSeen()
            seen.series = series
            seen.connection = calendar.connection
            seen.calendar = calendar.calendar
            seen.providerID = identifier
            seen.icalUID = desk.names.uid(found.uid)
            seen.predecessor = found.predecessor.map { desk.names.series(calendar: calendar.calendar, uid: $0) }
            seen.recurrence = found.recurrence
            seen.details = whole
            drafts.append(desk.draft(seen, stream: stream, owner: calendar.owner))
            counts.created += 1
            return drafts
        }
        let change = DetailsChange(
            from: known.details, to: whole, emptied: emptied,
            omissionsClear: MeetingWriter.isNewer(whole, than: known.details))
        var changed = SeriesChanged()
        changed.series = series
        changed.connection = calendar.connection
        changed.calendar = calendar.calendar
        changed.details = change.details
        changed.cleared = change.cleared
        let recurrence = found.recurrence
        if recurrence.rules != known.recurrence.rules { changed.recurrence.rules = recurrence.rules }
        if recurrence.exceptions != known.recurrence.exceptions {
            changed.recurrence.exceptions = recurrence.exceptions
            if recurrence.exceptions.isEmpty { changed.cleared.append("exceptions") }
        }
        if recurrence.zoneDefinition != known.recurrence.zoneDefinition {
            changed.recurrence.zoneDefinition = recurrence.zoneDefinition
            if recurrence.zoneDefinition == nil { changed.cleared.append("zone_definition") }
        }
        let isSameRecurrence = changed.recurrence == Recurrence() && changed.cleared == change.cleared
        if isSameRecurrence, change.isEmpty || change.isOnlyRevision { return drafts }
        drafts.append(desk.draft(changed, stream: stream, owner: calendar.owner))
        counts.updated += 1
        return drafts
    }

    // MARK: Meetings

    private mutating func drafts(
        _ found: FoundMeeting, _ group: FoundGroup, _ identifier: String, _ known: KnownCalendar.Item?,
        _ views: Connection
    ) throws -> ([Draft], String) {
        let original: OriginalStart? =
            found.originalDay.map(OriginalStart.day) ?? found.originalStart.map(OriginalStart.instant)
        let (uid, name) = try identity(found, original, known, views)
        let isKnown = known?.meetings.contains(name) == true
        // Leaving the window deletes nothing, and only what enters it is written down.
        if !isKnown, !overlapsWindow(found.details) { return ([], name) }
        let (details, attendees, emptied) = redacted(found.details, found.attendees, found.emptied)
        var drafts = try addresses.introduce(attendees, source: .meeting, meeting: name, views)
        let meeting = MeetingWriter.Meeting(
            meeting: name, providerID: identifier, icalUID: uid,
            series: group.series.map { desk.names.series(calendar: calendar.calendar, uid: $0.uid) }
                ?? (group.isPart ? known?.series : nil),
            original: original, details: completed(details, attendees, group), emptied: emptied)
        let (more, outcome) = try meetings.drafts(meeting, cause: nil, views)
        switch outcome {
        case .created: counts.created += 1
        case .updated: counts.updated += 1
        case .unchanged: break
        }
        drafts += more
        return (drafts, name)
    }

    /// The UID and the name of a meeting: those under which it is known already, if only others came to its UID or left it.
    private func identity(
        _ found: FoundMeeting, _ original: OriginalStart?, _ known: KnownCalendar.Item?, _ views: Connection
    ) throws -> (uid: String, name: String) {
        let uid = desk.names.uid(found.uid)
        let name = desk.names.meeting(calendar.owner, uid: uid, original: original)
        guard let otherUID = found.otherUID, original == nil, known?.meetings.contains(name) != true else {
            return (uid, name)
        }
        let state = KnownState(views)
        let other = desk.names.uid(otherUID)
        let otherName = desk.names.meeting(calendar.owner, uid: other, original: nil)
        guard try state.sighting(name, in: calendar.calendar) == nil,
            let before = try state.sighting(otherName, in: calendar.calendar)?.details,
            before.starts == found.details.starts, before.firstDay == found.details.firstDay
        else { return (uid, name) }
        return (other, otherName)
    }

    /// What stood under the identifier before, and stands there no more. What lies before the window stays as it was.
    private mutating func leftovers(_ known: KnownCalendar.Item, _ present: Set<String>) -> [Draft] {
        var drafts: [Draft] = []
        for meeting in known.meetings where !present.contains(meeting) {
            if let end = known.endOfMeeting[meeting], end < window.from { continue }
            drafts.append(
                meetings.withdrawal(of: meeting, known.series == nil ? .deleted : .seriesChanged, cause: nil))
            counts.deleted += 1
        }
        if let series = known.series {
            var withdrawn = SeriesWithdrawn()
            withdrawn.series = series
            withdrawn.connection = calendar.connection
            withdrawn.calendar = calendar.calendar
            withdrawn.reason = .seriesChanged
            var unfolded = SeriesUnfolded()
            unfolded.series = series
            unfolded.coveredFrom = window.from
            unfolded.coveredTo = window.to
            unfolded.deleted = Int64(drafts.count)
            drafts.append(desk.draft(withdrawn, stream: "series/\(series)", owner: calendar.owner))
            drafts.append(desk.draft(unfolded, stream: "series/\(series)", owner: calendar.owner))
        }
        return drafts
    }

    private func overlapsWindow(_ details: MeetingDetails) -> Bool {
        if let starts = details.starts { return starts < window.to && (details.ends ?? starts) >= window.from }
        guard let first = details.firstDay.flatMap(Days.start), let last = details.lastDay.flatMap(Days.start) else {
            return false
        }
        return first < window.to && last + Days.milliseconds > window.from
    }

    private func startsBehindWindow(_ details: MeetingDetails) -> Bool {
        (details.starts ?? details.firstDay.flatMap(Days.start)).map { $0 >= window.to } ?? false
    }

    // MARK: Details

    /// The details with what only we can say: the ids of the attendees, and what the user answered.
    private func completed(_ details: MeetingDetails, _ attendees: [FoundAttendee], _ group: FoundGroup)
        -> MeetingDetails
    {
        var whole = details
        whole.revision = group.mark
        whole.providerPath = whole.providerPath ?? group.path
        var seen: Set<String> = []
        for found in attendees {
            guard let address = addresses.identifier(found), seen.insert(address).inserted else { continue }
            let isOwn = found.isSelf || found.email.map(ownAddresses.contains) == true
            if isOwn, let response = found.response, whole.response == nil { whole.response = response }
            var attendee = Attendee()
            attendee.address = address
            attendee.response = found.response
            attendee.isOrganizer = found.isOrganizer ? true : nil
            attendee.isOptional = found.isOptional ? true : nil
            attendee.isResource = found.kind == .room || found.kind == .resource ? true : nil
            attendee.isSelf = found.isSelf ? true : nil
            attendee.isGroup = found.kind == .group ? true : nil
            whole.attendees.append(attendee)
        }
        return whole
    }

    /// What may not be shown is not kept: of a private meeting only that there is one.
    private func redacted(_ details: MeetingDetails, _ attendees: [FoundAttendee], _ emptied: Set<String>)
        -> (MeetingDetails, [FoundAttendee], Set<String>)
    {
        guard calendar.privatePolicy == .busyOnly, let privacy = details.privacy, privacy != .normal else {
            return (details, attendees, emptied)
        }
        var bare = details
        bare.title = nil
        bare.description = nil
        bare.location = nil
        bare.meetingURL = nil
        bare.providerLink = nil
        return (
            bare, [],
            ["title", "description", "location", "meeting_url", "provider_link", "attendees"]
        )
    }

    // MARK: What cannot be read

    private mutating func quarantine(
        _ problem: FoundProblem, _ group: FoundGroup, _ identifier: String, _ known: KnownCalendar.Item?
    ) -> Draft {
        counts.quarantined += 1
        var quarantined = MeetingQuarantined()
        quarantined.connection = calendar.connection
        quarantined.calendar = calendar.calendar
        quarantined.providerID = identifier
        quarantined.meeting = known?.series == nil ? known?.meetings.first : nil
        quarantined.series = known?.series
        quarantined.problem = problem.problem
        quarantined.contentHash = group.mark
        quarantined.message = problem.message
        quarantined.providerPath = group.path
        return desk.draft(quarantined, stream: "calendar/\(calendar.calendar)", owner: calendar.owner)
    }

    func released(_ identifier: String, _ reason: ReleaseReason) -> Draft {
        var released = MeetingReleased()
        released.connection = calendar.connection
        released.calendar = calendar.calendar
        released.providerID = identifier
        released.reason = reason
        return desk.draft(released, stream: "calendar/\(calendar.calendar)", owner: calendar.owner)
    }
}
