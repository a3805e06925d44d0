import Application
import Arguments
import Machine
import Secrets

/// Connects calendars and address books of servers, and feeds.
enum ConnectServerVerb {
    private static let address = Positional(
        "ADDRESS", .text, "A URL, a host such as cloud.example, or an e-mail address.")
    private static let feedAddress: Positional<String?> = .optional(
        "ADDRESS", .text, "Its URL; left out, it is asked for, and then stands in no list of commands.")
    private static let calendars = Option(
        "calendars", .text.named("NAME,NAME"), "Which calendars to read, by name; else those that the server shows.")
    private static let book = Option("book", .text.named("NAME"), "Which address book, where there are several.")
    private static let allowsPlain = Flag(
        "allow-http", "It may be read without encryption, where anybody could listen.")
    private static let preview = Flag("preview", "Read everything too, and say what would be logged; nothing is kept.")
    private static let dryRun = Flag("dry-run", short: "n", "Only look, and say what would be connected.")

    static let caldav: Verb<Act> = Verb(
        "caldav", "Connect the calendars of a CalDAV server.",
        discussion: """
            Nextcloud, iCloud, Fastmail, Radicale and many more are such servers. Where the calendars lie is found out by itself, from whatever is known of the server. Many servers want an app \
            password here and not the one of the account. A server in your own network must be allowed first: daybook \
            settings set allowed-hosts HOST --home-wide
            """,
        examples: [
            Example("daybook connect caldav cloud.example --login ada", "It asks for the password."),
            Example("daybook connect caldav ada@fastmail.example --preview", "What would be logged?"),
            Example(
                "daybook connect caldav https://dav.example/ --login ada --password-file dav.password",
                "The password from a file."),
        ],
        arguments: [address] + SecretOptions.all + ConnectTerms.all + [calendars, preview, dryRun],
        exits: ConnectExits.elsewhere
    ) { given, console in try connect(.caldav, Secret(given[address]), given, console) }

    static let carddav: Verb<Act> = Verb(
        "carddav", "Connect the address book of a CardDAV server: the people whom you know.",
        discussion: """
            Who is in it is known from then on, and who leaves it is not any more. Of several address books each is a \
            connection; name it with --book.
            """,
        examples: [Example("daybook connect carddav cloud.example --login ada", "It asks for the password.")],
        arguments: [address] + SecretOptions.all + ConnectTerms.forPeople + [book, dryRun],
        exits: ConnectExits.elsewhere
    ) { given, console in try connect(.carddav, Secret(given[address]), given, console) }

    static let feed: Verb<Act> = Verb(
        "feed", "Connect a calendar that is published at an address (ICS, webcal).",
        discussion: """
            Such an address lets in whoever knows it: it is kept in the vault, and shown nowhere. A feed does not say who \
            you are, so tell it with --email.
            """,
        examples: [
            Example("daybook connect feed --email ada@brandt.example", "It asks for the address."),
            Example("daybook connect feed webcal://club.example/dates.ics", "One that is no secret."),
        ],
        arguments: [feedAddress] + SecretOptions.all + ConnectTerms.all + [allowsPlain, preview, dryRun],
        exits: ConnectExits.elsewhere
    ) { given, console in
        let address = try given[feedAddress].map { Secret($0) } ?? SecretOptions.ask("Address of the feed: ", given)
        return try connect(.feed, address, given, console)
    }

    // MARK: Connecting

    private static func connect(
        _ kind: ConnectServerRequest.Kind, _ address: Secret, _ given: Given, _ console: Console
    ) throws -> Int32 {
        var request = ConnectServerRequest(kind, address: Confided(address))
        request.user = console.user
        request.login = given[SecretOptions.login]
        request.authorities = given[SecretOptions.authorities]
        request.terms = kind == .carddav ? ConnectTerms.readForPeople(given) : ConnectTerms.read(given)
        if kind == .feed {
            request.allowsPlain = given[allowsPlain]
            // Most feeds have no other password than their address.
            if SecretOptions.isGiven(given) { request.password = Confided(try SecretOptions.password(given)) }
        } else {
            if request.login == nil {
                request.login = address.reveal { $0.contains("@") && !$0.contains("/") ? $0 : nil }
            }
            // Nobody should type a password for a server that is not asked anyway.
            _ = try console.ask(CheckAddressRequest(request.address))
            request.password = Confided(try SecretOptions.password(given))
        }
        if kind == .carddav { request.book = given[book] }
        if kind == .caldav, let names = given[calendars] {
            request.calendars = names.split(separator: ",").map { String($0).trimmed }
        }
        request.isDryRun = given[dryRun] || (kind != .carddav && given[preview])
        request.isPreviewed = kind != .carddav && given[preview]
        let connected = try console.askServer(request)
        let isRead = !request.isDryRun && !given[ConnectTerms.noSync]
        return try FirstSync.run(connected, isRead ? connected.connection : nil, console) {
            try ConnectedText.show(connected, console)
        }
    }
}

extension String {
    /// Without blanks around it.
    var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
