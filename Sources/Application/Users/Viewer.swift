public import Entries
import Matching
import Projections
import SQLite

/// Who asks, and what is theirs. Nothing is asked of the views without it: what belongs to another user is not found.
public struct Viewer: Sendable {
    public let user: String
    public let name: String?
    /// The zone in which the user reads times, and which times without a zone have.
    public let zone: String?
    public let role: Role

    public init(user: String, name: String?, zone: String?, role: Role) {
        self.user = user
        self.name = name
        self.zone = zone
        self.role = role
    }
}

extension OpenHome {
    /// Refuses a member what shows or changes what belongs to everybody. Who names no user is whoever owns the files, and
    /// may do everything.
    public func requireAdmin(_ named: String?) throws {
        guard let named else { return }
        let viewer = try viewer(named)
        guard viewer.role != .admin else { return }
        throw Refusal(
            .failed, "\(viewer.name ?? viewer.user) is a member, and this is about what belongs to everybody",
            hint:
                "It takes an administrator. A member sees what is theirs: meetings, person, activities, explain, audit.",
            code: "forbidden")
    }

    /// A user by name or id; without one the first user of the home.
    func viewer(_ named: String?) throws -> Viewer {
        if let named, let user = try users("account = ?1", .text(named)).first { return user }
        let all = try users()
        guard let named else {
            guard let first = all.first else {
                throw Refusal(.notFound, "this home has no user", hint: "Add one: daybook users add NAME")
            }
            return first
        }
        let folded = Folding.fold(named)
        let found = all.filter { $0.name.map(Folding.fold) == folded }
        guard found.count == 1, let user = found.first else {
            let names = all.compactMap(\.name).joined(separator: ", ")
            throw Refusal(
                .notFound, found.isEmpty ? "there is no user “\(named)”" : "several users are called “\(named)”",
                hint: found.isEmpty ? "The users are: \(names)." : "Give the id: daybook users")
        }
        return user
    }

    /// The zone in which a user reads times; nil where none is known, be it because the views cannot be read.
    public func zone(of user: String?) -> String? { (try? viewer(user))?.zone }

    /// Everybody who may use the home, in the order in which they were added.
    func users() throws -> [Viewer] { try users("?1 IS NULL", .null) }

    private func users(_ condition: String, _ value: Value) throws -> [Viewer] {
        try views().read { views in
            try views.prepare(
                "SELECT account, name, zone, role FROM account WHERE is_removed = 0 AND \(condition) ORDER BY added, account"
            ).map(value) { row in
                Viewer(
                    user: row.text(0), name: row.textIfPresent(1), zone: row.textIfPresent(2),
                    role: Role(rawValue: row.text(3)) ?? .member)
            }
        }
    }
}
