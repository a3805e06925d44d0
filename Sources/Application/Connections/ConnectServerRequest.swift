import Entries
import HTTP
import Ledger
import Projections
import Providers
import SQLite
import Secrets
import Sync

/// Connects calendars or an address book of a server, or a feed. The server is asked first; nothing is stored of what does
/// not work.
public struct ConnectServerRequest: Request {
    public static let name = "connect_server"

    public enum Kind: String, Codable, Sendable, CaseIterable { case caldav, carddav, feed }

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
        try address.secret.reveal { try requireNoFile($0) }
        let authorities = try Authorities.checked(authorities)
        var server = ServerDoor(
            home: home, viewer: viewer, kind: kind, address: address.secret, login: login, password: password?.secret,
            authorities: authorities)
        server.allowsPlain = allowsPlain
        server.book = book
        let found = try Refusal.explaining(in: home) { try server.look() }
        var new = NewConnection(home: home, viewer: viewer, terms: terms)
        new.found = found
        new.secrets = server.secrets(found)
        new.authorities = authorities
        new.credential = password == nil ? .notNeeded : .password
        return try new.connect(
            choosing: calendars, isDryRun: isDryRun, isPreviewed: isPreviewed, readAs: server.source)
    }
}

extension ConnectServerRequest {
    private func requireNoFile(_ address: String) throws {
        let isFile = address.hasPrefix("/") || address.hasPrefix("./") || address.hasPrefix("~/")
        guard kind == .feed, isFile || address.lowercased().hasPrefix("file:") else { return }
        let path = isFile ? address : String(address.dropFirst(5).drop { $0 == "/" })
        throw Refusal(
            .badRequest, "that is a file, and not the address of a feed",
            hint: "daybook connect ics \(ShellWord.path(isFile ? path : "/" + path))")
    }
}

extension Refusal {
    /// What a source says of itself, as the answer to one who waits for it.
    static func explaining<Answer>(in home: OpenHome, _ body: () throws -> Answer) throws -> Answer {
        do {
            return try body()
        } catch let failure as ReadingFailure {
            throw Refusal(failure, hint: try home.hint(failure))
        }
    }

    init(_ failure: ReadingFailure, hint: String? = nil) {
        if failure.isInterruption {
            self.init(.interrupted, failure.message.asClause, hint: "Nothing was kept of it.")
            return
        }
        self.init(failure.errorClass == .auth ? .needsCredentials : .failed, failure.message.asClause, hint: hint)
    }
}

extension OpenHome {
    /// What to type after a failure, with all that the setting has to hold then: to set it replaces what stands there.
    fileprivate func hint(_ failure: ReadingFailure) throws -> String? {
        switch failure.remedy {
        case .allow(let place):
            let known = try views().read { try Settings(of: Draft.home, $0) }.names(.allowedHosts)
            let list = (known + [place]).joined(separator: ",")
            // A shell would take the brackets of an IPv6 address for a pattern.
            return "daybook settings set allowed-hosts \(list.contains("[") ? "'\(list)'" : list) --home-wide"
        case .trust: return "If it is a server of your own: --authorities FILE with its certificate (PEM)"
        case .plain(let address): return "If that is meant: \(address)"
        case nil: return failure.code == "not_encrypted" ? "If that is meant: --allow-http" : nil
        }
    }
}

/// Looks at the address of a server before somebody types a password for it: one that is never opened needs none.
public struct CheckAddressRequest: Request {
    public static let name = "check_address"

    public struct Answer: Codable, Sendable {
        /// The server that would be asked first; nil where the text is no address.
        public let host: String?
    }

    /// A URL, a host or an e-mail address.
    public let address: Confided

    public init(_ address: Confided) { self.address = address }

    public func answer(in home: OpenHome) throws -> Answer {
        let address = address.secret.reveal { text in
            try? Address(text.contains("://") || text.contains("@") ? text : "https://" + text)
        }
        // What is no address is told by who asks it.
        guard let address else { return Answer(host: nil) }
        let allowed = try home.networkRules().allowed
        try Refusal.explaining(in: home) {
            do {
                try Client.check(address, allowed: allowed)
            } catch let error as HTTPError {
                throw ReadingFailure(error)
            }
        }
        return Answer(host: address.origin.host)
    }
}
