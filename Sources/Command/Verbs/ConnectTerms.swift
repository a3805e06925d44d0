import Application
import Arguments

/// The options that every kind of connection shares.
enum ConnectTerms {
    private static let title = Option("name", .text.named("NAME"), "What to call the connection.")
    private static let email = Option(
        "email", .text.named("ADDRESS"), "Your own address in these calendars: it tells your answers apart.")
    private static let fromDays = Option(
        "from-days", .integer(in: 0...365), default: 90, "How many days back are read.")
    private static let toDays = Option("to-days", .integer(in: 0...365), default: 30, "How many days ahead are read.")
    private static let minutes = Option(
        "every", .integer(in: 5...1_440).named("MINUTES"), default: 15, "How often it is read by itself.")
    private static let noAutoLog = Flag("no-auto-log", "Log nothing by itself; “daybook log-meeting” does it by hand.")
    private static let onlyLater = Flag("only-later", "Log meetings by itself that end from now on, no past ones.")
    private static let keepPrivate = Flag(
        "keep-private", "Keep titles and attendees of private meetings; else only that there is one.")
    static let noSync = Flag("no-sync", "Only connect; the next “daybook sync” reads it.")

    static let forPeople: [any Handle] = [title, minutes, noSync]
    static let all: [any Handle] = [title, email, fromDays, toDays, minutes, noAutoLog, onlyLater, keepPrivate, noSync]

    static func read(_ given: Given) -> ConnectionTerms {
        var terms = ConnectionTerms()
        terms.name = given[title]
        terms.email = given[email]
        if given.says(fromDays) { terms.fromDays = Int64(given[fromDays]) }
        if given.says(toDays) { terms.toDays = Int64(given[toDays]) }
        if given.says(minutes) { terms.minutes = Int64(given[minutes]) }
        if given[noAutoLog] { terms.isAutoLogEnabled = false }
        terms.logsOnlyLater = given[onlyLater]
        if given[keepPrivate] { terms.keepsPrivate = true }
        return terms
    }

    /// What was said of a connection that is there already, and how it can be changed after all.
    static func tell(notApplied fields: [String], of connection: String, _ console: Console) {
        if fields.isEmpty { return }
        let asked = fields.map { options[$0] ?? (said: "--\($0)", edit: nil) }
        console.note("Not applied: \(asked.map(\.said).joined(separator: ", ")).")
        let id = connection.prefix(8)
        let edit = asked.compactMap(\.edit).joined(separator: " ")
        if !edit.isEmpty { console.note("  → daybook connections edit \(id) \(edit)") }
        if fields.contains("calendars") { console.note("  → daybook calendars choose NAME") }
    }

    private static let options: [String: (said: String, edit: String?)] = [
        "name": ("--name", "--name NAME"), "email": ("--email", "--email ADDRESS"),
        "from_days": ("--from-days", "--from-days DAYS"), "to_days": ("--to-days", "--to-days DAYS"),
        "minutes": ("--every", "--every MINUTES"), "auto_log": ("--no-auto-log", "--auto-log off"),
        "only_later": ("--only-later", nil), "private": ("--keep-private", "--private full"),
        "calendars": ("--calendars", nil),
    ]

    /// Of an address book, of which there is less to say.
    static func readForPeople(_ given: Given) -> ConnectionTerms {
        var terms = ConnectionTerms()
        terms.name = given[title]
        if given.says(minutes) { terms.minutes = Int64(given[minutes]) }
        return terms
    }
}
