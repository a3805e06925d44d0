import Application
import Entries

extension Routes {
    private static let tag = "activities"
    private static let activity = Parameter.id(.activity)
    private static let with = Parameter.only(.person, "Only those with this person.")
    private static let from = Parameter.moment("from", "Only those that took place from then on.")
    private static let to = Parameter.moment("to", "Only those that took place before.")
    private static let isRetracted = Parameter.flag("retracted", "Also those that do not hold any more.")
    private static let reason = Parameter.text("note", most: 2_000, "Why, in your words.")

    private static func request(_ call: Call) throws -> ActivitiesRequest {
        var request = ActivitiesRequest()
        request.user = call.user
        (request.since, request.until) = (try call[from], try call[to])
        request.withRetracted = try call[isRetracted]
        request.limit = try call[Parameter.limit]
        request.cursor = try call[Parameter.cursor]
        return request
    }

    private static let filters = [
        from.declaration, to.declaration, isRetracted.declaration, Parameter.limit.declaration,
        Parameter.cursor.declaration,
    ]

    static let activities: [Route] = [
        Route(
            .get, "\(root)/activities", "With whom you were in contact, the newest first", tag: tag,
            kind: "activities", [with.declaration] + filters
        ) { call in
            var request = try request(call)
            request.person = try call[with]
            return request
        },
        Route(
            .get, "\(root)/people/{person}/activities", "The timeline of a person", tag: tag, kind: "activities",
            [person.declaration] + filters
        ) { call in
            var request = try request(call)
            request.person = try call[person]
            return request
        },
        Route(
            .post, "\(root)/activities", "Write down a contact that no calendar knows of", tag: tag, kind: "activity",
            body: .json(NewActivityBody.self), success: 201, refusals: [409]
        ) { call in try call.body(NewActivityBody.self).request(call.user) },
        Route(
            .get, "\(root)/activities/{activity}", "One activity, and what became of it", tag: tag, kind: "activity",
            [activity.declaration]
        ) { call in ActivityRequest(user: call.user, activity: try call[activity]) },
        Route(
            .patch, "\(root)/activities/{activity}", "Change it by hand; the calendar does not change that any more",
            tag: tag, kind: "activity_edited", [activity.declaration], body: .json(ActivityBody.self), refusals: [409]
        ) { call in try call.body(ActivityBody.self).request(call.user, try call[activity]) },
        Route(
            .delete, "\(root)/activities/{activity}", "Say that it does not hold; no calendar brings it back", tag: tag,
            kind: "activity_retracted", [activity.declaration, reason.declaration], refusals: [409]
        ) { call in
            var request = RetractActivityRequest(user: call.user, activity: try call[activity])
            request.note = try call[reason]
            return request
        },
        Route(
            .post, "\(root)/auto-log", "Log what is due, and say why the rest is not", tag: tag, kind: "auto_log",
            body: .json(AutoLogBody.self), refusals: [409]
        ) { call in
            let body = try call.body(AutoLogBody.self)
            var request = AutoLogRequest(user: call.user)
            (request.limit, request.isDryRun) = (body.limit, body.isDryRun ?? false)
            return request
        },
    ]
}

enum ActivityNotes {
    static let all: [String: FieldNote] = [
        "kind": FieldNote("What it was."),
        "title": FieldNote("What it was about.", most: 1_000),
        "notes": FieldNote("What you want to remember of it.", most: 20_000),
        "description": FieldNote("What was written about it.", most: 20_000),
        "occurred": FieldNote("When it took place, as 2026-03-01T09:30:00Z or in your zone.", most: 40),
        "minutes": FieldNote("How long it took.", in: 0...44_640),
        "location": FieldNote("Where it was.", most: 1_000),
        "link": FieldNote("Where it was held, as a link.", most: 2_000),
    ]
}

struct ActivityBody: WebBody {
    let kind: ActivityKind?
    let title: String?
    let notes: String?
    let description: String?
    let occurred: String?
    let minutes: Int64?
    let location: String?
    let link: String?

    static let notes = ActivityNotes.all

    var changes: ActivityChanges {
        var changes = ActivityChanges()
        (changes.kind, changes.title, changes.notes) = (kind?.rawValue, title, notes)
        (changes.description, changes.occurred, changes.minutes) = (description, occurred, minutes)
        (changes.location, changes.link) = (location, link)
        return changes
    }

    func request(_ user: String, _ activity: String) -> EditActivityRequest {
        var request = EditActivityRequest(user: user, activity: activity)
        request.changes = changes
        return request
    }
}

struct NewActivityBody: WebBody {
    let person: String
    let with: [String]?
    let kind: ActivityKind?
    let title: String?
    let notes: String?
    let description: String?
    let occurred: String?
    let minutes: Int64?
    let location: String?
    let link: String?

    static let notes = ActivityNotes.all.merging([
        "person": FieldNote("With whom.", isFilled: true, identifies: .person),
        "with": FieldNote("Who else took part.", identifies: .person),
    ]) { $1 }

    func request(_ user: String) -> AddActivityRequest {
        var request = AddActivityRequest(user: user, person: person)
        request.with = with ?? []
        (request.details.kind, request.details.title, request.details.notes) = (kind?.rawValue, title, notes)
        (request.details.description, request.details.occurred) = (description, occurred)
        (request.details.minutes, request.details.location, request.details.link) = (minutes, location, link)
        return request
    }
}

struct AutoLogBody: WebBody {
    let limit: Int64?
    let isDryRun: Bool?

    static let notes = [
        "limit": FieldNote(
            "How many meetings at the most; what the settings say where nothing is said.", in: 1...100_000),
        "is_dry_run": FieldNote("Only says what would be logged."),
    ]
}
