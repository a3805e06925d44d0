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
        terms.fromDays = Int64(given[fromDays])
        terms.toDays = Int64(given[toDays])
        terms.minutes = Int64(given[minutes])
        terms.isAutoLogEnabled = !given[noAutoLog]
        terms.logsOnlyLater = given[onlyLater]
        terms.keepsPrivate = given[keepPrivate]
        return terms
    }

    /// Of an address book, of which there is less to say.
    static func readForPeople(_ given: Given) -> ConnectionTerms {
        var terms = ConnectionTerms()
        terms.name = given[title]
        terms.minutes = Int64(given[minutes])
        return terms
    }
}
