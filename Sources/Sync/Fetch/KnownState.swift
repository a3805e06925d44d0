import Entries
import SQLite

/// The state of meetings and series as the views have it, in the form in which entries tell it.
struct KnownState {
    private let views: Connection

    init(_ views: Connection) { self.views = views }

    struct Sighting {
        var details: MeetingDetails
        /// The keyed hash of the source's identifier under which it stood last.
        var providerID: String
        /// Why the calendar shows it no longer; nil while it does.
        var withdrawn: String?
    }

    /// A meeting as one calendar shows it; nil where it never did.
    func sighting(_ meeting: String, in calendar: String) throws -> Sighting? {
        let sighting = try views.prepare(
            """
            SELECT meeting.status, meeting_sighting.response, meeting.transparency, meeting.privacy, meeting.kind,
                meeting.starts, meeting.ends, meeting.first_day, meeting.last_day, meeting.zone, meeting.is_floating,
                meeting.is_partial, meeting.sequence, meeting.modified, meeting_sighting.revision, meeting.title,
                meeting.description, meeting.location, meeting.meeting_url, meeting.provider_link,
                meeting_sighting.provider_path, meeting_sighting.withdrawn, meeting_sighting.provider_id
            FROM meeting_sighting JOIN meeting ON meeting.meeting = meeting_sighting.meeting
            WHERE meeting_sighting.meeting = ? AND meeting_sighting.calendar = ?
            """
        ).first(.text(meeting), .text(calendar)) { row in
            Sighting(details: Self.details(row), providerID: row.text(22), withdrawn: row.textIfPresent(21))
        }
        guard var sighting else { return nil }
        sighting.details.attendees = try attendees(meeting)
        return sighting
    }

    /// What is kept of a meeting that no other calendar shows; nil where one does, or nothing is.
    func remains(of meeting: String, besides calendar: String) throws -> MeetingDetails? {
        let details = try views.prepare(
            """
            SELECT status, NULL, transparency, privacy, kind, starts, ends, first_day, last_day, zone, is_floating,
                is_partial, sequence, modified, NULL, title, description, location, meeting_url, provider_link, NULL
            FROM meeting
            WHERE meeting = ?1 AND NOT EXISTS (
                SELECT 1 FROM meeting_sighting
                WHERE meeting_sighting.meeting = ?1 AND calendar <> ?2 AND withdrawn IS NULL
            )
            """
        ).first(.text(meeting), .text(calendar)) { Self.details($0) }
        guard var details else { return nil }
        details.attendees = try attendees(meeting)
        return details
    }

    struct Series {
        var details: MeetingDetails
        var recurrence: Recurrence
        var withdrawn: String?
    }

    func series(_ series: String) throws -> Series? {
        try views.prepare(
            """
            SELECT status, response, transparency, privacy, kind, starts, ends, first_day, last_day, zone, is_floating,
                is_partial, sequence, modified, revision, title, description, location, meeting_url, provider_link,
                provider_path, withdrawn, attendees, rules, exceptions, zone_definition
            FROM series WHERE series = ?
            """
        ).first(.text(series)) { row in
            var known = Series(
                details: Self.details(row), recurrence: Recurrence(), withdrawn: row.textIfPresent(21))
            known.details.attendees = JSONList.elements(row.textIfPresent(22), as: Attendee.self)
            known.recurrence.rules = JSONList.texts(row.textIfPresent(23))
            known.recurrence.exceptions = JSONList.elements(row.textIfPresent(24), as: SeriesException.self)
            known.recurrence.zoneDefinition = row.textIfPresent(25)
            return known
        }
    }

    private static func details(_ row: borrowing Row) -> MeetingDetails {
        var details = MeetingDetails()
        details.status = row.word(0)
        details.response = row.word(1)
        details.transparency = row.word(2)
        details.privacy = row.word(3)
        details.kind = row.word(4)
        details.starts = row.integerIfPresent(5)
        details.ends = row.integerIfPresent(6)
        details.firstDay = row.textIfPresent(7)
        details.lastDay = row.textIfPresent(8)
        details.zone = row.textIfPresent(9)
        details.isFloating = row.integer(10) == 1 ? true : nil
        details.isPartial = row.integer(11) == 1 ? true : nil
        details.sequence = row.integerIfPresent(12)
        details.modified = row.integerIfPresent(13)
        details.revision = row.textIfPresent(14)
        details.title = row.textIfPresent(15)
        details.description = row.textIfPresent(16)
        details.location = row.textIfPresent(17)
        details.meetingURL = row.textIfPresent(18)
        details.providerLink = row.textIfPresent(19)
        details.providerPath = row.textIfPresent(20)
        return details
    }

    private func attendees(_ meeting: String) throws -> [Attendee] {
        try views.prepare(
            """
            SELECT address, response, is_organizer, is_optional, is_resource, is_self, is_group
            FROM meeting_attendee WHERE meeting = ? ORDER BY number, address
            """
        ).map(.text(meeting)) { row in
            var attendee = Attendee()
            attendee.address = row.text(0)
            attendee.response = row.word(1)
            attendee.isOrganizer = row.integer(2) == 1 ? true : nil
            attendee.isOptional = row.integer(3) == 1 ? true : nil
            attendee.isResource = row.integer(4) == 1 ? true : nil
            attendee.isSelf = row.integer(5) == 1 ? true : nil
            attendee.isGroup = row.integer(6) == 1 ? true : nil
            return attendee
        }
    }
}
