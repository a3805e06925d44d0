import Entries
import Matching
import Projections
import SQLite
import Sync

/// Changes what a user is called, may do, or reads times in. Whoever's role changes is logged out everywhere.
public struct ChangeUserRequest: Request {
    public static let name = "change_user"

    public struct Changed: Codable, Sendable {
        public let account: UsersRequest.User
        /// The names of the fields that are other than before.
        public let changed: [String]
        public let endedSessions: Int64
    }

    public var user: String?
    /// Whom; nil is the one who asks.
    public var account: String?
    public var newName: String?
    public var email: String?
    public var zone: String?
    /// member or admin.
    public var role: String?

    public init(user: String?, account: String? = nil) {
        self.user = user
        self.account = account
    }

    public func answer(in home: OpenHome) throws -> Changed {
        let viewer = try home.viewer(user)
        let target = try account.map { try home.viewer($0) } ?? viewer
        if target.user != viewer.user { try viewer.requireAdmin("change another user") }
        if role != nil { try viewer.requireAdmin("change what a user may do") }
        let desk = home.desk()
        let (fact, fields) = try change(of: target, home)
        var ended = 0
        if !fields.isEmpty {
            let claims = try fact.email.map { try Claims(desk, target.user).drafts([$0]) } ?? []
            try desk.append(
                [desk.draft(fact, stream: "user/\(target.user)", owner: target.user)] + claims)
            if fields.contains("role") { ended = try home.endSessions(of: target.user) }
            if fields.contains("email") { _ = try desk.follow(target.user) }
        }
        let users = try UsersRequest(user: viewer.user).answer(in: home).users
        guard let after = users.first(where: { $0.user == target.user }) else {
            throw Refusal(.notFound, "there is no user “\(target.name ?? target.user)”")
        }
        return Changed(account: after, changed: fields, endedSessions: Int64(ended))
    }

    private func change(of target: Viewer, _ home: OpenHome) throws -> (UserChanged, [String]) {
        var changed = UserChanged()
        changed.user = target.user
        var fields: [String] = []
        if let newName, newName != target.name {
            try home.requireFreeName(newName, besides: target.user)
            changed.name = newName
            fields.append("name")
        }
        if let email = try email.map({ try MailAddress.required($0).text }), try email != home.email(of: target.user) {
            changed.email = email
            fields.append("email")
        }
        if let zone = try zone.map(AddUserRequest.zone), zone != target.zone {
            changed.zone = zone
            fields.append("zone")
        }
        if let role = try role.map(Role.required), role != target.role {
            if role != .admin { try home.requireAnotherAdmin(than: target, to: "made a member") }
            changed.role = role
            fields.append("role")
        }
        return (changed, fields)
    }
}

extension Role {
    static func required(_ word: String) throws -> Role {
        guard let role = Role(rawValue: word) else {
            throw Refusal(.badRequest, "there is no role “\(word)”", hint: "There are: member, admin.")
        }
        return role
    }
}

extension OpenHome {
    /// Two users with one name could not be told apart.
    func requireFreeName(_ name: String, besides user: String? = nil) throws {
        let folded = Folding.fold(name)
        guard !folded.isEmpty else { throw Refusal(.badRequest, "the name of the user is empty") }
        if try users().contains(where: { $0.user != user && $0.name.map(Folding.fold) == folded }) {
            throw Refusal(.conflict, "there is a user “\(name)” already", hint: "Give another name: daybook users")
        }
    }

    /// A home without an admin could never have one again.
    func requireAnotherAdmin(than user: Viewer, to what: String) throws {
        guard user.role == .admin, try !users().contains(where: { $0.role == .admin && $0.user != user.user }) else {
            return
        }
        throw Refusal(
            .conflict, "\(user.name ?? user.user) is the last admin of this home, and cannot be \(what)",
            hint: "Make somebody else one first: daybook users edit NAME --role admin")
    }

    func email(of user: String) throws -> String? {
        try views().read { views in
            try views.prepare("SELECT email FROM account WHERE account = ?").first(.text(user)) { $0.textIfPresent(0) }
                ?? nil
        }
    }
}
