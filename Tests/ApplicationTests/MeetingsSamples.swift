@testable import Application

/// Requests that read, each with everything in it that it can have, behind those that decide.
enum ReadingSamples {
    /// Ids are made from paths, so two homes that are to be the same read the same file.
    private static let place = try? temporaryPlace()

    static func requests() -> [any Request] {
        guard let path = place.map({ $0 + "/reading.ics" }), (try? write(calendar, to: path)) != nil else { return [] }
        var meetings = MeetingsRequest()
        (meetings.since, meetings.until, meetings.text, meetings.isAll) = ("90d", "+7d", "lunch", true)
        var activities = ActivitiesRequest()
        (activities.person, activities.since, activities.withRetracted) = ("Jane", "90d", true)
        var add = AddActivityRequest(user: nil, person: "Jane")
        (add.details.kind, add.details.title, add.details.occurred) = ("call", "About the fair", "3h")
        var edit = EditActivityRequest(user: nil, activity: "About the fair")
        (edit.changes.notes, edit.changes.minutes) = ("Zoë 日本\u{202e}", 20)
        var retract = RetractActivityRequest(user: nil, activity: "About the fair")
        retract.note = "It was another."
        var audit = AuditRequest(user: nil)
        (audit.since, audit.person) = ("90d", "Jane")
        var explain = ExplainRequest(user: nil, subject: "Lunch")
        explain.kind = .meeting
        return [
            ConnectFilesRequest(path: path), SyncRequest(), meetings, MeetingRequest(user: nil, meeting: "Lunch"),
            PersonRequest(user: nil, person: "Jane"), add, edit, activities,
            ActivityRequest(user: nil, activity: "About the fair"), retract, audit, explain, StatusRequest(user: nil),
            WatchesRequest(user: nil),
        ]
    }

    private static let calendar = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:lunch", "DTSTAMP:20251201T000000Z",
        "DTSTART:20251215T110000Z", "DURATION:PT1H", "SUMMARY:Lunch", "ATTENDEE:mailto:jane@doe.example", "END:VEVENT",
        "END:VCALENDAR", "",
    ].joined(separator: "\r\n")
}
