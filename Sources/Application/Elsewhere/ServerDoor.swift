import Entries
import HTTP
import Providers
import Secrets
import Sync

/// A server or a feed that is to be connected: how it is asked, and what comes of it.
struct ServerDoor {
    let home: OpenHome
    let viewer: Viewer
    let kind: ConnectServerRequest.Kind
    let address: Secret
    let login: String?
    let password: Secret?
    let authorities: String?
    /// A feed may be read without encryption.
    var allowsPlain = false

    /// Asks it, and answers what is there.
    func look() throws -> FoundAccount {
        switch kind {
        case .feed: try lookAtFeed()
        case .caldav: try lookAtCalendars()
        case .carddav: try lookAtPeople()
        }
    }

    /// What the vault is to keep.
    func secrets(_ found: FoundAccount) -> [ConnectionSecrets.Name: Secret] {
        var secrets: [ConnectionSecrets.Name: Secret] = [:]
        if let password { secrets[.password] = password }
        if kind == .feed { secrets[.address] = found.address ?? address }
        return secrets
    }

    /// The source of it, opened with what was given.
    func source(_ found: FoundAccount) throws -> Elsewhere.Opened {
        var row = ConnectionRow()
        row.provider = found.provider
        row.subject = found.subject
        row.link = found.link
        row.login = found.login
        row.authorities = authorities
        let opener = SourceOpener(home, viewer)
        return try opener.open(row, password: password, address: found.address ?? address)
    }

    private var means: Means {
        get throws { try SourceOpener(home, viewer).means(authorities: authorities) }
    }

    // MARK: Feeds

    private func lookAtFeed() throws -> FoundAccount {
        let look = try FeedConnect.look(
            address: address, login: login, password: password, allowsPlain: allowsPlain, means: means)
        var found = FoundAccount()
        found.provider = .feed
        found.address = look.movedTo ?? address
        found.account = try found.address?.reveal { try Address.plain($0) } ?? ""
        found.host = look.host
        found.name = look.name ?? look.host
        found.link = look.host
        found.login = login
        var calendar = FoundCalendar(path: FeedSource.path, name: found.name)
        calendar.colour = look.colour
        calendar.zone = look.zone
        calendar.access = .read
        found.calendars = [calendar]
        return found
    }
}

extension Address {
    /// The text by which an address is known, however it was typed.
    static func plain(_ text: String) throws -> String {
        do {
            return try Address(text).text
        } catch {
            throw ReadingFailure(error)
        }
    }
}

// TEMPORARY
extension ServerDoor {
    func lookAtCalendars() throws -> FoundAccount { throw ReadingFailure(.permanent, "x", "x") }
    func lookAtPeople() throws -> FoundAccount { throw ReadingFailure(.permanent, "x", "x") }
}
extension SourceOpener {
    func openPeople(
        _ row: ConnectionRow, _ password: Secret?, _ address: Secret, _ means: Means, _ memory: ServerMemory
    ) throws -> Elsewhere.Opened { throw ReadingFailure(.permanent, "x", "x") }
    func openCalendars(
        _ row: ConnectionRow, _ password: Secret?, _ address: Secret, _ means: Means, _ memory: ServerMemory
    ) throws -> Elsewhere.Opened { throw ReadingFailure(.permanent, "x", "x") }
}
