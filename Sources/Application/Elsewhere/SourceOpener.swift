import Entries
import HTTP
import ICalendar
import Providers
import Secrets
import Sync
import Vault

/// Opens the source of a connection, with what the vault keeps of it.
struct SourceOpener {
    private let home: OpenHome
    private let viewer: Viewer
    private let rules: Patience.Rules

    init(_ home: OpenHome, _ viewer: Viewer, _ rules: Patience.Rules = Patience.Rules()) {
        self.home = home
        self.viewer = viewer
        self.rules = rules
    }

    /// What the vault cannot give is the trouble of the connection that needs it, and everything else is read.
    func open(_ row: ConnectionRow) throws -> Elsewhere.Opened {
        do {
            return try opened(row)
        } catch let fault as VaultFault where fault.isOfOneRecord {
            throw ReadingFailure(.permanent, "no_secret", "\(fault.message). To replace it: \(Self.again(row))")
        } catch let fault as VaultFault {
            throw Self.noVault(Refusal.vault(fault))
        } catch let refusal as Refusal where refusal.kind == .unusableHome || refusal.kind == .wrongKey {
            throw Self.noVault(refusal)
        }
    }

    private static func noVault(_ refusal: Refusal) -> ReadingFailure {
        ReadingFailure(
            .permanent, "no_vault", [refusal.message, refusal.hint].compactMap(\.self).joined(separator: ". "))
    }

    private func opened(_ row: ConnectionRow) throws -> Elsewhere.Opened {
        let secrets = try home.secrets(row.owner, row.connection)
        switch row.provider {
        case .google, .microsoft: return try account(row).opened(memory: Self.memory(row))
        case .caldav, .feed, .files:
            let address = row.provider == .feed ? try secrets.secret(.address) : row.link.map { Secret($0) }
            guard let address else { throw Self.nothingKept(row) }
            return try open(row, password: secrets.secret(.password), address: address)
        }
    }

    /// The account that was granted, with the tokens that the vault keeps.
    func account(_ row: ConnectionRow) throws -> GrantedAccount {
        guard let sealed = try home.secrets(row.owner, row.connection).secret(.tokens) else {
            throw Self.nothingKept(row)
        }
        var account = try GrantedAccount(
            home: home, viewer: viewer, provider: row.provider, grantor: grantor(row),
            tokens: TokenSet(sealedForm: sealed))
        account.isForPeople = row.subject == .people
        account.connection = row.connection
        account.email = row.email
        account.name = row.name
        account.rules = rules
        return account
    }

    func open(_ row: ConnectionRow, password: Secret?, address: Secret) throws -> Elsewhere.Opened {
        let memory = Self.memory(row)
        let means = try means(authorities: row.authorities, login: row.login, memory: memory)
        switch (row.provider, row.subject) {
        case (.feed, _):
            // Whoever connected it said whether it may be read without encryption.
            let feed = try FeedSource(
                address: address, login: row.login, password: password, allowsPlain: true, means: means)
            return Elsewhere.Opened(.calendars(feed), memory: memory) { [home] in
                guard let moved = feed.movedTo, !row.connection.isEmpty else { return }
                try home.secrets(row.owner, row.connection).keep(moved, .address)
            }
        case (.caldav, .people): return try openPeople(row, password, address, means, memory)
        case (.caldav, _): return try openCalendars(row, password, address, means, memory)
        default: throw Self.nothingKept(row)
        }
    }

    func means(authorities: String?, login: String?, memory: ServerMemory = ServerMemory()) throws -> Means {
        let plain = home.transport(try home.networkRules(authorities: authorities))
        return home.means(home.patient(plain, account: login, rules), zone: viewer.zone, memory: memory)
    }

    private static func memory(_ row: ConnectionRow) -> ServerMemory {
        ServerMemory(lines: row.memory)
    }

    /// That no client is known is the fault of what was granted to it, and of nothing else that is read.
    private func grantor(_ row: ConnectionRow) throws -> Grantor {
        let grantor: Grantor?
        do {
            grantor = try home.registeredGrantor(row.provider)
        } catch let error as HTTPError {
            throw ReadingFailure(.permanent, "bad_client", error.message)
        }
        if let grantor { return grantor }
        throw ReadingFailure(
            .permanent, "no_client",
            "No client of \(row.provider.title) is known here, so its grant cannot be renewed.")
    }

    private static func nothingKept(_ row: ConnectionRow) -> ReadingFailure {
        ReadingFailure(
            .permanent, "no_secret",
            "Nothing is kept that opens “\(row.name ?? row.connection)”. What is known of it stays: \(again(row))")
    }

    private static func again(_ row: ConnectionRow) -> String {
        Advice(connection: row.connection, provider: row.provider).renewal
    }

    // MARK: CalDAV and CardDAV

    private func openCalendars(
        _ row: ConnectionRow, _ password: Secret?, _ address: Secret, _ means: Means, _ memory: ServerMemory
    ) throws -> Elsewhere.Opened {
        let (address, credentials) = try door(row, password, address)
        return Elsewhere.Opened(
            .calendars(CalDAVSource(at: address, credentials: credentials, means: means)), memory: memory)
    }

    private func openPeople(
        _ row: ConnectionRow, _ password: Secret?, _ address: Secret, _ means: Means, _ memory: ServerMemory
    ) throws -> Elsewhere.Opened {
        let (address, credentials) = try door(row, password, address)
        let source = CardDAVSource(
            at: address, book: row.path ?? "", name: row.name, credentials: credentials, means: means)
        return Elsewhere.Opened(.people(source), memory: memory)
    }

    private func door(_ row: ConnectionRow, _ password: Secret?, _ address: Secret) throws -> (Address, Credentials?) {
        let read: Address
        do {
            read = try address.reveal { text throws(HTTPError) in try Address(text) }
        } catch {
            throw ReadingFailure(.permanent, "bad_address", "\(error)")
        }
        guard let password else { throw Self.nothingKept(row) }
        return (read, DAVConnect.credentials(login: row.login ?? "", password, for: read))
    }
}
