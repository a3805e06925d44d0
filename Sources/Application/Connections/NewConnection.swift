import Entries
import Ledger
import Projections
import Providers
import SQLite
import Secrets
import Sync
import Vault

/// A connection on its way: what was found of it, what it is to be opened with, and the entries that make it one.
struct NewConnection {
    let home: OpenHome
    let viewer: Viewer
    let terms: ConnectionTerms
    var found = FoundAccount()
    /// What the vault is to keep, by name.
    var secrets: [ConnectionSecrets.Name: Secret] = [:]
    var credential = CredentialKind.notNeeded
    var scopes: [String] = []
    var expires: Int64?
    var grantExpires: Int64?
    var authorities: String?
    /// The connection that gets what opens it anew; nil looks whether there is one of the account.
    var renewing: String?

    func connect(
        choosing names: [String]?, isDryRun: Bool, isPreviewed: Bool,
        readAs source: (FoundAccount) throws -> Elsewhere.Opened
    ) throws -> ConnectedAnswer {
        let desk = home.desk()
        let account = desk.names.account(viewer.user, provider: found.provider.rawValue, found.account)
        let chosen = try chosen(names)
        if let known = try renewing ?? connected(account) {
            return try renew(known, account, names == nil ? nil : chosen, desk, isDryRun: isDryRun)
        }
        let names = try ConnectionNames(home, of: viewer)
        let name = try terms.name.map(names.wanted) ?? names.free(found.name)
        let connection = home.options.randomness.identifier()
        var preview: ConnectedAnswer.Preview?
        if !isDryRun {
            try OrphanedSecrets(home: home).sweep()
            try keepSecrets(connection)
            try desk.append(added(connection, name, account, chosen, desk))
        } else if isPreviewed {
            preview = try self.preview(connection, name, account, chosen, source)
        }
        return ConnectedAnswer(
            connection: connection, name: name, provider: found.provider.rawValue,
            subject: found.subject.rawValue, host: found.host, email: terms.email ?? found.email,
            calendars: holdings(account, chosen, desk), wasConnected: false, notApplied: [],
            isPasswordPlain: isPasswordPlain, isDryRun: isDryRun,
            preview: preview)
    }

    /// The account is connected already: it gets what opens it, and nothing else of it is changed.
    private func renew(
        _ connection: String, _ account: String, _ wanted: Set<String>?, _ desk: Desk, isDryRun: Bool
    ) throws -> ConnectedAnswer {
        let known = try ConnectionsRequest.one(connection, of: viewer, home)
        let chosen = try home.views().read { views in
            Set(
                try views.prepare("SELECT provider_path FROM calendar WHERE connection = ? AND is_chosen = 1")
                    .map(.text(connection)) { $0.textIfPresent(0) ?? "" })
        }
        if !isDryRun {
            try keepSecrets(connection)
            try desk.append([try granted(connection, desk)])
        }
        return ConnectedAnswer(
            connection: connection, name: known.name ?? found.name, provider: known.provider, subject: known.subject,
            host: found.host, email: known.email, calendars: holdings(account, chosen, desk), wasConnected: true,
            notApplied: terms.differing(from: known)
                + (wanted.map { $0 != chosen } ?? false ? ["calendars"] : []),
            isPasswordPlain: isPasswordPlain, isDryRun: isDryRun, preview: nil)
    }

    private var isPasswordPlain: Bool { found.isPlain && secrets[.password] != nil }

    private func holdings(_ account: String, _ chosen: Set<String>, _ desk: Desk) -> [ConnectedAnswer.Holding] {
        found.calendars.map {
            ConnectedAnswer.Holding(
                calendar: desk.names.calendar(account: account, path: $0.path), name: $0.name,
                isChosen: chosen.contains($0.path), isPrimary: $0.isPrimary, isSubscribed: $0.isSubscribed,
                access: $0.access?.rawValue)
        }
    }

    private func connected(_ account: String) throws -> String? {
        try home.views().read { views in
            try views.prepare("SELECT connection FROM connection WHERE owner = ? AND account = ?")
                .first(.text(viewer.user), .text(account)) { $0.text(0) }
        }
    }

    // MARK: Choosing

    /// The paths of the calendars that are to be read.
    private func chosen(_ names: [String]?) throws -> Set<String> {
        guard found.subject == .meetings else { return [] }
        guard let names else { return suggested }
        let chosen = try names.map { name in
            let id = try Finding.one(
                name, of: found.calendars.map { ($0.path, $0.name) }, "calendar",
                hint: "There are: \(found.calendars.map(\.name).joined(separator: ", ")).")
            return id
        }
        guard !chosen.isEmpty else { throw Refusal(.badRequest, "no calendar was chosen", hint: "Name one at least.") }
        return Set(chosen)
    }

    /// Those that the user sees there; mirrors of what others publish hold no meetings of one's own.
    private var suggested: Set<String> {
        let own = found.calendars.filter { $0.isShown && !$0.isSubscribed && $0.access != .busyOnly }
        if !own.isEmpty { return Set(own.map(\.path)) }
        return Set(found.calendars.filter(\.isPrimary).map(\.path).prefix(1) + found.calendars.map(\.path).prefix(1))
    }

    // MARK: Writing

    /// They are kept before anything refers to them: a connection without credentials would only fail.
    private func keepSecrets(_ connection: String) throws {
        try home.secrets(viewer.user, connection).renew(secrets)
    }

    private func added(
        _ connection: String, _ name: String, _ account: String, _ chosen: Set<String>, _ desk: Desk
    ) throws -> [Draft] {
        var added = ConnectionAdded()
        added.connection = connection
        added.provider = found.provider
        added.subject = found.subject == .meetings ? nil : found.subject
        added.account = account
        added.name = name
        added.link = found.link
        added.path = found.path
        added.login = found.login
        added.email = found.email?.lowercased()
        added.authorities = authorities
        terms.apply(to: &added, now: home.options.now(), usual: try home.usualMinutes())
        var drafts = [desk.draft(added, stream: "connection/\(connection)", owner: viewer.user)]
        drafts.append(try granted(connection, desk))
        if !found.memory.isEmpty {
            var learned = ServerLearned()
            learned.connection = connection
            learned.facts = ServerMemory(found.memory).lines
            drafts.append(desk.draft(learned, stream: "connection/\(connection)", owner: viewer.user))
        }
        let entries = CalendarEntries(desk: desk, owner: viewer.user, connection: connection, account: account)
        for calendar in found.calendars { drafts += entries.found(calendar, isChosen: chosen.contains(calendar.path)) }
        return drafts
    }

    private func granted(_ connection: String, _ desk: Desk) throws -> Draft {
        var granted = CredentialGranted()
        granted.connection = connection
        granted.kind = credential
        granted.keyID = try home.vault().keyID
        granted.scopes = scopes
        granted.expires = expires
        granted.grantExpires = grantExpires
        return desk.draft(granted, stream: "connection/\(connection)", owner: viewer.user)
    }

    // MARK: Trying it out

    /// As many as somebody looks through.
    private static let mostShown = 50

    /// The activities that hold of the meetings of a connection.
    private static let activities = """
        FROM activity LEFT JOIN person ON person.person = activity.person
        WHERE activity.retracted IS NULL AND activity.meeting IN
            (SELECT meeting FROM meeting_sighting WHERE connection = ? AND withdrawn IS NULL)
        """

    private static func logged(
        _ connection: String, after position: Int64, _ views: Connection
    ) throws -> [ConnectedAnswer.Logged] {
        try views.prepare(
            """
            SELECT activity.title, person.name, activity.occurred \(activities) AND activity.first_position > ?
            ORDER BY activity.occurred DESC, person.name LIMIT \(mostShown)
            """
        ).map(.text(connection), .integer(position)) {
            .init(title: $0.textIfPresent(0), personName: $0.textIfPresent(1), occurred: $0.integerIfPresent(2))
        }
    }

    /// Reads it in a copy of the home that is thrown away.
    private func preview(
        _ connection: String, _ name: String, _ account: String, _ chosen: Set<String>,
        _ source: (FoundAccount) throws -> Elsewhere.Opened
    ) throws -> ConnectedAnswer.Preview {
        let opened = try Refusal.explaining(in: home) { try source(found) }
        return try home.inScratch { desk, views in
            try desk.append(added(connection, name, account, chosen, desk))
            var wish = Round.Wish()
            wish.connection = connection
            wish.zone = viewer.zone
            wish.limit = 100_000
            let summary = try Round(desk, owner: viewer.user, wish, elsewhere: Elsewhere { _ in opened }).run()
            for reading in summary.readings {
                if case .failed(let failure) = reading.summary.outcome { throw Refusal(failure) }
            }
            let before = try home.head.size
            return try desk.read { views in
                func count(_ sql: String, _ value: String) throws -> Int64 {
                    try views.prepare(sql).first(.text(value)) { $0.integer(0) } ?? 0
                }
                return ConnectedAnswer.Preview(
                    meetings: try count(
                        """
                        SELECT COUNT(DISTINCT meeting) FROM meeting_sighting
                        WHERE connection = ? AND withdrawn IS NULL
                        """, connection),
                    people: try count("SELECT COUNT(*) FROM person WHERE connection = ?", connection),
                    activities: summary.logged.logged,
                    suggestions: try count(
                        "SELECT COUNT(*) FROM address_suggestion WHERE owner = ?", viewer.user),
                    logged: try Self.logged(connection, after: before, views),
                    alreadyLogged: try count(
                        "SELECT COUNT(*) \(Self.activities) AND activity.first_position <= \(before)", connection),
                    zone: viewer.zone)
            }
        }
    }
}

/// An account as it was found, before anything of it is stored.
struct FoundAccount {
    var provider = Provider.caldav
    var subject = FetchSubject.meetings
    /// What tells this account from any other; only a keyed hash of it is written down.
    var account = ""
    /// Its server says whose it is. Where it does not, `account` is a chance name, and another connection.
    var isAccountKnown = true
    var name = ""
    var host: String?
    /// The address that it is read from from now on, without what lets one in.
    var link: String?
    /// Of an address book: which one of the account.
    var path: String?
    /// What was learned about its server.
    var memory: [String: String] = [:]
    /// Of a feed, where it lives; that is all that protects it.
    var address: Secret?
    /// It is read over http.
    var isPlain = false
    var login: String?
    var email: String?
    var calendars: [FoundCalendar] = []
}
