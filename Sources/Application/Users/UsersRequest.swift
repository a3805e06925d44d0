import Entries
import ICalendar
import Matching
import Projections
import SQLite
import Secrets
import Sync

/// Who uses this home.
public struct UsersRequest: ReadingRequest {
    public static let name = "users"

    public struct Answer: Codable, Sendable {
        public let users: [User]
    }

    public struct User: Codable, Sendable {
        public let user: String
        public let name: String?
        public let role: String
        public let zone: String?
        /// The user who asks.
        public let isYou: Bool
        public let added: Int64
        /// Without one nobody logs in as this user over the network.
        public let hasPassword: Bool
    }

    public var user: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        return Answer(
            users: try home.views().read { views in
                try views.prepare(
                    """
                    SELECT account, name, role, zone, added, EXISTS (
                        SELECT 1 FROM access_password WHERE access_password.account = account.account)
                    FROM account WHERE is_removed = 0 ORDER BY added, account
                    """
                ).map { row in
                    User(
                        user: row.text(0), name: row.textIfPresent(1), role: row.text(2), zone: row.textIfPresent(3),
                        isYou: row.text(0) == viewer.user, added: row.integer(4), hasPassword: row.integer(5) == 1)
                }
            })
    }
}

/// Lets somebody else use this home; each sees only what is theirs.
public struct AddUserRequest: Request {
    public static let name = "add_user"

    public var user: String?
    public var newName: String
    public var zone: String?
    public var email: String?
    public var isAdmin = false

    public init(user: String?, newName: String) {
        self.user = user
        self.newName = newName
    }

    public func answer(in home: OpenHome) throws -> UsersRequest.User {
        let viewer = try home.viewer(user)
        try viewer.requireAdmin("add users")
        try home.requireFreeName(newName)
        let zone = try zone.map(Self.zone)
        let email = try email.map { try MailAddress.required($0).text }
        let desk = home.desk()
        var added = UserAdded()
        added.user = home.options.randomness.identifier()
        added.role = isAdmin ? .admin : .member
        added.zone = zone
        added.name = newName
        added.email = email
        let drafts = try email.map { try Claims(desk, added.user).drafts([$0]) } ?? []
        try desk.append([desk.draft(added, stream: "user/\(added.user)", owner: added.user)] + drafts)
        return UsersRequest.User(
            user: added.user, name: newName, role: added.role.rawValue, zone: zone, isYou: false,
            added: home.options.now(), hasPassword: false)
    }

    static func zone(_ text: String) throws -> String {
        guard let found = Zones.book().find(text) else {
            throw Refusal(.badRequest, "there is no time zone “\(text)”", hint: "As in: Europe/Berlin")
        }
        return found.zone.name
    }
}

extension Viewer {
    func requireAdmin(_ what: String) throws {
        guard role == .admin else {
            throw Refusal(
                .badRequest, "only an admin of this home may \(what)", hint: "“daybook users” shows who is one.",
                code: "forbidden")
        }
    }
}
