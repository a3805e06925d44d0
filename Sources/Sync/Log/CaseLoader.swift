import Entries
public import SQLite

/// Reads meetings from the views as the rules want them.
public struct CaseLoader {
    private let views: Connection

    public init(_ views: Connection) { self.views = views }

    public func meeting(_ meeting: String) throws -> MeetingCase? {
        let found = try views.prepare(
            """
            SELECT meeting, owner, status, privacy, kind, starts, ends, first_day, last_day, zone, title, description,
                location, meeting_url, hidden_behind, position, decided
            FROM meeting WHERE meeting = ?
            """
        ).first(.text(meeting)) { row in
            var found = MeetingCase()
            found.meeting = row.text(0)
            found.owner = row.text(1)
            found.status = row.word(2) ?? .confirmed
            found.privacy = row.word(3) ?? .normal
            found.kind = row.word(4) ?? .meeting
            found.starts = row.integerIfPresent(5)
            found.ends = row.integerIfPresent(6) ?? found.starts
            found.firstDay = row.textIfPresent(7)
            found.lastDay = row.textIfPresent(8)
            found.zone = row.textIfPresent(9)
            found.title = row.textIfPresent(10)
            found.description = row.textIfPresent(11)
            found.location = row.textIfPresent(12)
            found.meetingURL = row.textIfPresent(13)
            found.hiddenBehind = row.textIfPresent(14)
            found.position = row.integer(15)
            found.isDecided = !row.isNull(16)
            return found
        }
        guard var found else { return nil }
        found.sightings = try sightings(meeting)
        found.attendees = try attendees(meeting)
        found.activities = try activities(meeting)
        return found
    }

    private func sightings(_ meeting: String) throws -> [MeetingCase.Sighting] {
        try views.prepare(
            """
            SELECT meeting_sighting.calendar, meeting_sighting.connection, meeting_sighting.response,
                meeting_sighting.withdrawn, connection.is_auto_log_enabled, connection.auto_log_from
            FROM meeting_sighting LEFT JOIN connection ON connection.connection = meeting_sighting.connection
            WHERE meeting_sighting.meeting = ? ORDER BY meeting_sighting.calendar
            """
        ).map(.text(meeting)) { row in
            var sighting = MeetingCase.Sighting()
            sighting.calendar = row.text(0)
            sighting.connection = row.text(1)
            sighting.response = row.word(2)
            sighting.withdrawn = row.textIfPresent(3)
            sighting.isAutoLogEnabled = row.integer(4) == 1
            sighting.autoLogFrom = row.integerIfPresent(5)
            return sighting
        }
    }

    private func attendees(_ meeting: String) throws -> [MeetingCase.Attending] {
        try views.prepare(
            """
            SELECT meeting_attendee.address, address.email, address.name, meeting_attendee.response,
                meeting_attendee.is_organizer, meeting_attendee.is_optional, meeting_attendee.is_resource,
                meeting_attendee.is_group, meeting_attendee.is_self, address.claimed_by, address.exclusion,
                address.answer, address.person, address.rule, address.confidence, address.reason, address.answered
            FROM meeting_attendee LEFT JOIN address ON address.address = meeting_attendee.address
            WHERE meeting_attendee.meeting = ? ORDER BY meeting_attendee.number, meeting_attendee.address
            """
        ).map(.text(meeting)) { row in
            var attending = MeetingCase.Attending()
            attending.address = row.text(0)
            attending.email = row.textIfPresent(1)
            attending.name = row.textIfPresent(2)
            attending.response = row.word(3)
            attending.isOrganizer = row.integer(4) == 1
            attending.isOptional = row.integer(5) == 1
            attending.isResource = row.integer(6) == 1
            attending.isGroup = row.integer(7) == 1
            attending.isExcluded = !row.isNull(10)
            attending.answer = row.textIfPresent(11)
            attending.person = row.textIfPresent(12)
            attending.rule = row.word(13)
            attending.confidence = row.integer(14)
            attending.reason = row.word(15)
            attending.isOwn = row.integer(8) == 1 || !row.isNull(9) || attending.reason == .ownAddress
            attending.answered = row.integerIfPresent(16)
            return attending
        }
    }

    private func activities(_ meeting: String) throws -> [MeetingCase.Logged] {
        var activities = try views.prepare(
            """
            SELECT activity, person, trigger, rule, confidence, kind, occurred, duration_minutes, zone, title,
                description, location, meeting_url, note, retracted, retraction_reason, first_position
            FROM activity WHERE meeting = ? ORDER BY first_position
            """
        ).map(.text(meeting)) { row in
            var logged = MeetingCase.Logged()
            logged.activity = row.text(0)
            logged.person = row.text(1)
            logged.trigger = row.word(2) ?? .scheduled
            logged.rule = row.word(3)
            logged.confidence = row.integerIfPresent(4)
            logged.details.kind = row.word(5)
            logged.details.occurred = row.integerIfPresent(6)
            logged.details.durationMinutes = row.integerIfPresent(7)
            logged.details.zone = row.textIfPresent(8)
            logged.details.title = row.textIfPresent(9)
            logged.details.description = row.textIfPresent(10)
            logged.details.location = row.textIfPresent(11)
            logged.details.meetingURL = row.textIfPresent(12)
            logged.details.note = row.textIfPresent(13)
            logged.isRetracted = !row.isNull(14)
            logged.retraction = row.word(15)
            logged.position = row.integer(16)
            return logged
        }
        for index in activities.indices {
            let activity = Value.text(activities[index].activity)
            activities[index].details.participants = try views.prepare(
                "SELECT person FROM activity_participant WHERE activity = ? ORDER BY person"
            ).map(activity) { $0.text(0) }
            activities[index].edited = Set(
                try views.prepare("SELECT field FROM activity_edit WHERE activity = ?").map(activity) { $0.text(0) })
        }
        return activities
    }
}

extension Row {
    /// A word of the vocabulary; nil where there is none, or one that a later version added.
    borrowing func word<Word: FieldWord>(_ column: Int) -> Word? {
        isNull(column) ? nil : Word(rawValue: text(column))
    }
}
