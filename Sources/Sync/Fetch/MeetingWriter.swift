import Entries
import Ledger
import Providers
import SQLite

/// Makes the entries that take one calendar's view of a meeting from what is known to what was found; none if it is the
/// same. Fetching and unfolding share it, so an occurrence and a single meeting are written alike.
struct MeetingWriter {
    let desk: Desk
    let owner: String
    let connection: String
    let calendar: String

    enum Outcome { case created, updated, unchanged }

    struct Meeting {
        var meeting: String
        var providerID: String
        var icalUID: String?
        var series: String?
        var original: OriginalStart?
        var details: MeetingDetails
        var emptied: Set<String> = []
        /// The details are all that there is: what they leave out is empty.
        var isWhole = false
    }

    func drafts(_ found: Meeting, cause: Int64?, _ views: Connection) throws -> ([Draft], Outcome) {
        let stream = "meeting/\(found.meeting)"
        let state = KnownState(views)
        guard let known = try state.sighting(found.meeting, in: calendar) else {
            return (try appearance(found, cause, state), .created)
        }
        // The same meeting under another identifier: it is the part of a series that goes on from here.
        guard known.providerID == found.providerID else { return (try appearance(found, cause, state), .updated) }
        let change = DetailsChange(
            from: known.details, to: found.details, emptied: found.emptied,
            omissionsClear: found.isWhole || Self.isNewer(found.details, than: known.details))
        var drafts: [Draft] = []
        if known.withdrawn != nil {
            var restored = MeetingRestored()
            restored.meeting = found.meeting
            restored.connection = connection
            restored.calendar = calendar
            drafts.append(desk.draft(restored, stream: stream, owner: owner, cause: cause))
        }
        // A mark alone says nothing about the meeting; without it the same is found unchanged next time as well.
        if !change.isEmpty, !change.isOnlyRevision {
            var changed = MeetingChanged()
            changed.meeting = found.meeting
            changed.connection = connection
            changed.calendar = calendar
            changed.details = change.details
            changed.cleared = change.cleared
            drafts.append(desk.draft(changed, stream: stream, owner: owner, cause: cause))
        }
        return (drafts, drafts.isEmpty ? .unchanged : .updated)
    }

    /// That the calendar shows it, and what of the meeting as it was kept does not hold any more: a sighting adds to what
    /// other calendars say, and takes nothing away.
    private func appearance(_ found: Meeting, _ cause: Int64?, _ state: KnownState) throws -> [Draft] {
        let stream = "meeting/\(found.meeting)"
        let seen = desk.draft(seen(found), stream: stream, owner: owner, cause: cause)
        guard let remains = try state.remains(of: found.meeting, besides: calendar) else { return [seen] }
        let change = DetailsChange(from: remains, to: found.details, emptied: [], omissionsClear: true)
        var changed = MeetingChanged()
        changed.meeting = found.meeting
        changed.connection = connection
        changed.calendar = calendar
        changed.cleared = change.cleared.filter { Self.keptBySightings.contains($0) }
        let guests = Set(found.details.attendees.map(\.address))
        if remains.attendees.contains(where: { !guests.contains($0.address) }) {
            changed.details.attendees = found.details.attendees
        }
        let isNothing = changed.cleared.isEmpty && changed.details.attendees.isEmpty
        return isNothing ? [seen] : [seen, desk.draft(changed, stream: stream, owner: owner, cause: cause)]
    }

    private static let keptBySightings: Set = [
        "title", "description", "location", "meeting_url", "provider_link", "attendees",
    ]

    func withdrawal(of meeting: String, _ reason: WithdrawalReason, cause: Int64?) -> Draft {
        var withdrawn = MeetingWithdrawn()
        withdrawn.meeting = meeting
        withdrawn.connection = connection
        withdrawn.calendar = calendar
        withdrawn.reason = reason
        return desk.draft(withdrawn, stream: "meeting/\(meeting)", owner: owner, cause: cause)
    }

    private func seen(_ found: Meeting) -> MeetingSeen {
        var seen = MeetingSeen()
        seen.meeting = found.meeting
        seen.connection = connection
        seen.calendar = calendar
        seen.providerID = found.providerID
        seen.icalUID = found.icalUID
        seen.series = found.series
        switch found.original {
        case .instant(let instant): seen.originalStart = instant
        case .day(let day): seen.originalDay = day
        case nil: break
        }
        seen.details = found.details
        return seen
    }

    /// Newer by its own account: what it does not speak of was taken out, and not lost on the way.
    static func isNewer(_ new: MeetingDetails, than old: MeetingDetails) -> Bool {
        if let now = new.sequence, let before = old.sequence, now != before { return now > before }
        if let now = new.modified, let before = old.modified { return now > before }
        return false
    }
}
