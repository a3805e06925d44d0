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
    /// There is no connection of it yet.
    var isNew = true
    /// Which of several address books.
    var book: String?

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
        row.path = found.path
        row.memory = ServerMemory(found.memory).lines
        row.login = found.login
        row.authorities = authorities
        let opener = SourceOpener(home, viewer)
        return try opener.open(row, password: password, address: found.address ?? address)
    }

    private var means: Means {
        get throws { try SourceOpener(home, viewer, .attended).means(authorities: authorities, login: login) }
    }

    // MARK: Feeds

    private func lookAtFeed() throws -> FoundAccount {
        let look = try FeedConnect.look(
            address: address, login: login, password: password, allowsPlain: allowsPlain, isNew: isNew, means: means)
        var found = FoundAccount()
        found.provider = .feed
        found.address = look.movedTo ?? address
        found.account = try found.address?.reveal { try Address.plain($0) } ?? ""
        found.isPlain = found.account.hasPrefix("http:")
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

extension ServerDoor {
    // MARK: CalDAV and CardDAV

    private func lookAtServer() throws -> (DAVConnect.Looked, FoundAccount) {
        guard let password else {
            throw ReadingFailure(.auth, "no_credentials", "A password is needed to open a server.")
        }
        let means = try means
        let looked = try address.reveal {
            try DAVConnect.look(
                $0, kind == .carddav ? .people : .calendars, login: login, password: password, means: means)
        }
        var found = FoundAccount()
        found.provider = .caldav
        found.host = looked.server.address.origin.host
        found.link = looked.server.address.text
        found.isPlain = !looked.server.address.origin.isSecure
        found.login = looked.login
        found.email = looked.server.addresses.first
        found.memory = means.memory.facts
        let place = looked.server.principal ?? looked.server.calendar ?? looked.server.book ?? looked.server.address
        found.account = "\(place.origin.host)\n\(place.path)\n\(looked.login)"
        return (looked, found)
    }

    private func lookAtCalendars() throws -> FoundAccount {
        var (looked, found) = try lookAtServer()
        found.calendars = looked.calendars.calendars
        guard !found.calendars.isEmpty else {
            throw ReadingFailure(
                .permanent, "no_calendars", "There is no calendar in this account at \(found.host ?? "the server").")
        }
        let name = looked.server.name ?? looked.login
        found.name = found.calendars.count == 1 ? found.calendars[0].name : "\(name) at \(found.host ?? "")"
        return found
    }

    /// One address book is one connection.
    private func lookAtPeople() throws -> FoundAccount {
        var (looked, found) = try lookAtServer()
        found.subject = .people
        let books = looked.books
        guard !books.isEmpty else {
            throw ReadingFailure(
                .permanent, "no_books", "There is no address book in this account at \(found.host ?? "the server").")
        }
        let wanted = book.map { name in books.filter { $0.name.lowercased() == name.lowercased() || $0.path == name } }
        guard let one = wanted.map(\.first) ?? (books.count == 1 ? books[0] : nil) else {
            throw Refusal(
                .badRequest, "there are \(books.count) address books: \(books.map(\.name).joined(separator: ", "))",
                hint: "Name one: --book NAME. Each is a connection of its own.")
        }
        found.account += "\n\(one.path)"
        found.path = one.path
        found.name = one.name
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
