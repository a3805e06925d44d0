import Application
import WebServer

extension Routes {
    static let person = Parameter.id(.person)
    private static let tag = "people"
    private static let words = Parameter.text("text", "A part of a name, an organization or an address.")
    private static let isDry = Parameter.flag("dry_run", "Only says what would be done.")
    private static let book = Parameter.text(
        "book", most: 200, "What the book is called; “Import” where nothing is said.")
    private static let format = Parameter.word(
        "format", PeopleFormat.allCases.map(\.rawValue), "vcard where nothing is said.")
    private static let isRaw = Parameter.flag(
        "raw", "Without the mark that keeps a spreadsheet from calculating a name.")

    static let people: [Route] = [
        Route(
            .get, "\(root)/people", "The people whom you know", tag: tag, kind: "people",
            [words.declaration, Parameter.limit.declaration, Parameter.cursor.declaration]
        ) { call in
            var request = PeopleRequest(user: call.user, text: try call[words], limit: try call[Parameter.limit])
            request.cursor = try call[Parameter.cursor]
            return request
        },
        Route(
            .post, "\(root)/people", "Make somebody known, from an attendee or by hand", tag: tag, kind: "person_added",
            body: .json(PersonBody.self), success: 201, refusals: [409]
        ) { call in try call.body(PersonBody.self).request(call.user) },
        Route(
            .get, "\(root)/people/{person}", "One person: who it is, and when you met", tag: tag, kind: "person",
            [person.declaration]
        ) { call in PersonRequest(user: call.user, person: try call[person]) },
        Route(
            .patch, "\(root)/people/{person}", "Change what is known of a person", tag: tag, kind: "person_changed",
            [person.declaration], body: .json(PersonChangeBody.self), refusals: [409]
        ) { call in try call.body(PersonChangeBody.self).request(call.user, try call[person]) },
        Route(
            .delete, "\(root)/people/{person}", "Say that somebody is not kept any more", tag: tag,
            kind: "person_removed", [person.declaration, isDry.declaration], refusals: [409]
        ) { call in
            var request = RemovePersonRequest(user: call.user, person: try call[person])
            request.isDryRun = try call[isDry]
            return request
        },
        Route(
            .post, "\(root)/people/{person}/merge", "Say that two are one", tag: tag, kind: "people_merged",
            [person.declaration], body: .json(MergeBody.self), refusals: [409]
        ) { call in
            let body = try call.body(MergeBody.self)
            var request = MergePeopleRequest(user: call.user, person: try call[person], into: body.into)
            request.isDryRun = body.isDryRun ?? false
            return request
        },
        Route(
            .post, "\(root)/people/{person}/forget", "Erase what tells about a person, for good", tag: tag,
            kind: "person_forgotten", [person.declaration], body: .json(ForgetPersonBody.self), refusals: [409]
        ) { call in try call.body(ForgetPersonBody.self).request(call.user, try call[person]) },
        Route(
            .get, "\(root)/people/{person}/explanation", "Why a person is known, and by which addresses", tag: tag,
            kind: "explained", [person.declaration]
        ) { call in ExplainRequest(user: call.user, try call[person], .person) },
        Route(
            .post, "\(root)/people-imports", "Take over an address book, as vCard or CSV", tag: tag,
            kind: "people_imported", [book.declaration, isDry.declaration], body: .file(["text/vcard", "text/csv"]),
            refusals: [409, 422]
        ) { call in
            guard let text = String(validating: call.visit.body, as: UTF8.self) else {
                throw Refusal(.badRequest, "the body is not UTF-8")
            }
            let isTable = call.visit.header("Content-Type")?.lowercased().hasPrefix("text/csv") ?? false
            var request = UploadPeopleRequest(
                user: call.user, book: try call[book] ?? "Import", format: isTable ? .csv : .vcard, text: text)
            request.isDryRun = try call[isDry]
            return request
        },
        Route(
            .get, "\(root)/people-export", "Your people for another program, as vCard or CSV", tag: tag,
            [format.declaration, isRaw.declaration], answer: .text("text/vcard")
        ) { call in
            let format = try call[format].flatMap(PeopleFormat.init(rawValue:)) ?? .vcard
            var request = ExportPeopleRequest(user: call.user, format: format)
            request.isRaw = try call[isRaw]
            return .text(
                200, try call.ask(request).text,
                type: format == .csv ? "text/csv; charset=utf-8" : "text/vcard; charset=utf-8")
        }.thorough,
    ]
}

struct PersonBody: WebBody {
    let name: String?
    let emails: [String]?
    let organization: String?
    let note: String?
    let attendee: String?
    let known: String?

    static let notes = [
        "name": FieldNote("What the person is called; guessed from the attendee where nothing is said.", most: 200),
        "emails": FieldNote("The addresses of the person.", most: 320),
        "organization": FieldNote("For whom the person works.", most: 200),
        "note": FieldNote("What you want to remember.", most: 20_000),
        "attendee": FieldNote(
            "An attendee who is the person: an address that came up.", most: 320, identifies: .address),
        "known": FieldNote("Who gets the addresses; somebody new where nothing is said.", identifies: .person),
    ]

    func request(_ user: String) -> AddPersonRequest {
        var request = AddPersonRequest(user: user)
        (request.newName, request.emails, request.organization) = (name, emails ?? [], organization)
        (request.note, request.attendee, request.known) = (note, attendee, known)
        return request
    }
}

struct PersonChangeBody: WebBody {
    let name: String?
    let organization: String?
    let note: String?
    let emails: [String]?

    static let notes = [
        "name": FieldNote("The new name.", most: 200, isFilled: true),
        "organization": FieldNote("For whom the person works; an empty text empties it.", most: 200),
        "note": FieldNote("What you want to remember; an empty text empties it.", most: 20_000),
        "emails": FieldNote("All addresses that the person has from now on.", most: 320),
    ]

    func request(_ user: String, _ person: String) -> ChangePersonRequest {
        var request = ChangePersonRequest(user: user, person: person)
        (request.newName, request.organization, request.note, request.emails) = (name, organization, note, emails)
        return request
    }
}

struct MergeBody: WebBody {
    let into: String
    let isDryRun: Bool?

    static let notes = [
        "into": FieldNote("Who is kept.", isFilled: true, identifies: .person),
        "is_dry_run": FieldNote("Only says what would be done."),
    ]
}

struct ForgetPersonBody: WebBody {
    let note: String?
    let erasesTitles: Bool?
    let isDryRun: Bool?

    static let notes = [
        "note": FieldNote("Why. It is kept, and should name nobody.", most: 500),
        "erases_titles": FieldNote("Also the titles and texts of meetings that name the person."),
        "is_dry_run": FieldNote("Only says what would be erased."),
    ]

    func request(_ user: String, _ person: String) -> ForgetPersonRequest {
        var request = ForgetPersonRequest(user: user, person: person)
        (request.note, request.erasesTitles, request.isDryRun) = (note, erasesTitles ?? false, isDryRun ?? false)
        return request
    }
}
