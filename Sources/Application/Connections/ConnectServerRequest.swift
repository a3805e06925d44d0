import Entries
import Ledger
import Providers
import SQLite
import Secrets
import Sync

/// Connects calendars or an address book of a server, or a feed. The server is asked first; nothing is stored of what does
/// not work.
public struct ConnectServerRequest: Request {
    public static let name = "connect_server"

    public enum Kind: String, Codable, Sendable { case caldav, carddav, feed }

    public var user: String?
    public var kind: Kind
    /// A URL, a host or an e-mail address. That of a feed may be all that protects it.
    public var address: Confided
    public var login: String?
    public var password: Confided?
    public var terms = ConnectionTerms()
    /// Names or paths of the calendars to read; nil are those that the server shows by itself.
    public var calendars: [String]?
    /// Which of several address books, by name.
    public var book: String?
    /// A feed may be read without encryption.
    public var allowsPlain = false
    /// A file of certificates that are trusted beside those of the system.
    public var authorities: String?
    public var isDryRun = false
    /// In a dry run, reads everything as well and says what would be logged.
    public var isPreviewed = false

    public init(_ kind: Kind, address: Confided) {
        self.kind = kind
        self.address = address
    }

    public func answer(in home: OpenHome) throws -> ConnectedAnswer {
        let viewer = try home.viewer(user)
        try terms.check()
        let authorities = try Authorities.checked(authorities)
        var server = ServerDoor(
            home: home, viewer: viewer, kind: kind, address: address.secret, login: login, password: password?.secret,
            authorities: authorities)
        server.allowsPlain = allowsPlain
        server.book = book
        let found = try Refusal.explaining { try server.look() }
        var new = NewConnection(home: home, viewer: viewer, terms: terms)
        new.found = found
        new.secrets = server.secrets(found)
        new.authorities = authorities
        new.credential = password == nil ? .notNeeded : .password
        return try new.connect(
            choosing: calendars, isDryRun: isDryRun, isPreviewed: isPreviewed, readAs: server.source)
    }
}

extension Refusal {
    /// What a source says of itself, as the answer to one who waits for it.
    static func explaining<Answer>(_ body: () throws -> Answer) throws -> Answer {
        do {
            return try body()
        } catch let failure as ReadingFailure {
            throw Refusal(failure)
        }
    }

    init(_ failure: ReadingFailure) {
        if failure.isInterruption {
            self.init(.interrupted, failure.message.asClause, hint: "Nothing was kept of it.")
            return
        }
        self.init(failure.errorClass == .auth ? .needsCredentials : .failed, failure.message.asClause)
    }
}
