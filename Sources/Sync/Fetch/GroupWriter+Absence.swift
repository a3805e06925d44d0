import Entries
import Ledger

/// What is not there any more.
extension GroupWriter {
    /// What was absent before is withdrawn now; what is absent for the first time is only noted.
    mutating func absences(_ missing: [KnownCalendar.Item], _ known: KnownCalendar, _ drafts: inout [Draft])
        -> [Absence]
    {
        var absences: [Absence] = []
        for item in missing {
            if let series = item.series {
                if present.contains(series) { continue }
                if known.absentSeries.contains(series) {
                    drafts.append(withdrawal(ofSeries: series, .absent))
                } else {
                    var absence = Absence()
                    absence.series = series
                    absences.append(absence)
                }
                continue
            }
            for meeting in item.meetings where !present.contains(meeting) {
                if known.absentMeetings.contains(meeting) {
                    drafts.append(withdrawal(ofMeeting: meeting, .absent))
                } else {
                    var absence = Absence()
                    absence.meeting = meeting
                    absences.append(absence)
                }
            }
        }
        return absences
    }

    /// What the source says was deleted is withdrawn at once; unless this reading found it under another identifier.
    mutating func deletion(of identifier: String, _ known: KnownCalendar) -> [Draft] {
        guard let item = known.items[identifier] else { return [] }
        if let series = item.series {
            return present.contains(series) ? [] : [withdrawal(ofSeries: series, .deleted)]
        }
        return item.meetings.filter { !present.contains($0) }.map { withdrawal(ofMeeting: $0, .deleted) }
    }

    private mutating func withdrawal(ofMeeting meeting: String, _ reason: WithdrawalReason) -> Draft {
        counts.deleted += 1
        return meetings.withdrawal(of: meeting, reason, cause: nil)
    }

    private mutating func withdrawal(ofSeries series: String, _ reason: WithdrawalReason) -> Draft {
        counts.deleted += 1
        var withdrawn = SeriesWithdrawn()
        withdrawn.series = series
        withdrawn.connection = calendar.connection
        withdrawn.calendar = calendar.calendar
        withdrawn.reason = reason
        return desk.draft(withdrawn, stream: "series/\(series)", owner: calendar.owner)
    }
}
