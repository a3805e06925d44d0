import Entries
import Projections
import Providers
import SQLite
import Secrets
import Sync
import Vault

/// Gives a connection to a server new credentials, or a new address. They are tried first; what is known of it stays.
public struct ReconnectServerRequest: Request {
    public static let name = "reconnect_server"

    public struct Answer: Codable, Sendable {
        public let connection: ConnectionsRequest.Shown
        public let calendars: Int64
        public let host: String?
        /// The password goes out over http, where anybody on the way can read it.
        public let isPasswordPlain: Bool
    }

    public var user: String?
    public var connection: String
    /// Nil keeps what is known.
    public var address: Confided?
    public var login: String?
    public var password: Confided?
    public var authorities: String?

    public init(user: String?, connection: String) {
        self.user = user
        self.connection = connection
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let id = try home.connection(connection, of: viewer)
        guard let row = try home.views().read({ try ConnectionRow.one(id, $0) }) else {
            throw Refusal(.notFound, "there is no connection “\(connection)”")
        }
        try Self.requireCredentials(row.name ?? connection, provider: row.provider, subject: row.subject)
        let authorities = try Authorities.checked(authorities)
        let server = try door(row, authorities, viewer, home)
        let found = try Refusal.explaining(in: home) { try server.look() }
        let desk = home.desk()
        guard desk.names.account(viewer.user, provider: row.provider.rawValue, found.account) == row.account else {
            throw Refusal(
                .conflict, "that is another account than the one of “\(row.name ?? connection)”",
                hint: "Connect it as a new one with “daybook connect”; this one was left as it is.")
        }
        try home.secrets(viewer.user, id).renew(server.secrets(found))
        var granted = CredentialGranted()
        granted.connection = id
        granted.kind = .password
        granted.keyID = try home.vault().keyID
        var changed = ConnectionChanged()
        changed.connection = id
        if found.link != row.link { changed.link = found.link }
        if found.login != row.login { changed.login = found.login }
        let stream = "connection/\(id)"
        var drafts = [desk.draft(granted, stream: stream, owner: viewer.user)]
        if changed.link != nil || changed.login != nil {
            drafts.append(desk.draft(changed, stream: stream, owner: viewer.user))
        }
        try desk.append(drafts)
        return Answer(
            connection: try ConnectionsRequest.one(id, of: viewer, home), calendars: Int64(found.calendars.count),
            host: found.host, isPasswordPlain: found.isPlain && server.secrets(found)[.password] != nil)
    }

    /// Refuses what has none. Whoever would ask for them asks this first.
    public static func requireCredentials(_ shown: ConnectionsRequest.Shown) throws {
        try requireCredentials(
            shown.name ?? shown.connection, provider: Provider(rawValue: shown.provider) ?? .files,
            subject: FetchSubject(rawValue: shown.subject) ?? .meetings)
    }

    private static func requireCredentials(_ name: String, provider: Provider, subject: FetchSubject) throws {
        guard provider == .files else { return }
        let again = subject == .people ? "daybook people import PATH" : "daybook connect ics PATH"
        throw Refusal(
            .badRequest, "“\(name)” is read from a file and needs no password", hint: "To move it: \(again)")
    }

    private func door(_ row: ConnectionRow, _ authorities: String?, _ viewer: Viewer, _ home: OpenHome) throws
        -> ServerDoor
    {
        let kind: ConnectServerRequest.Kind
        switch (row.provider, row.subject) {
        case (.caldav, .people): kind = .carddav
        case (.caldav, _): kind = .caldav
        case (.feed, _): kind = .feed
        default:
            throw Refusal(
                .badRequest, "“\(row.name ?? connection)” is no connection with a password",
                hint: "daybook connect \(row.provider.rawValue)")
        }
        let secrets = try home.secrets(viewer.user, row.connection)
        let known = kind == .feed ? try secrets.openable(.address) : row.link.map { Secret($0) }
        guard let address = address?.secret ?? known else {
            throw Refusal(.badRequest, "the address of “\(row.name ?? connection)” is not known any more")
        }
        var door = ServerDoor(
            home: home, viewer: viewer, kind: kind, address: address, login: login ?? row.login,
            password: try password?.secret ?? secrets.openable(.password), authorities: authorities ?? row.authorities)
        door.allowsPlain = true
        door.isNew = false
        door.book = row.path
        return door
    }
}
