import Projections
import SQLite
import Sync

/// Decides about every address anew, as the people and the rules are now. Who was matched by hand stays so.
public struct RematchRequest: Request {
    public static let name = "rematch"

    public struct Answer: Codable, Sendable {
        public let users: [UserRematch]
        public let isDryRun: Bool
    }

    public struct UserRematch: Codable, Sendable {
        public let user: String
        public let userName: String?
        public let looked: Int64
        public let changes: [Change]
        /// Nil in a dry run.
        public let followed: Followed?
    }

    public struct Change: Codable, Sendable {
        public let address: String
        public let email: String?
        public let name: String?
        /// matched, suggested or unmatched; nil while nothing was answered.
        public let before: String?
        public let personBefore: String?
        public let after: String
        public let person: String?
        public let rule: String?
    }

    public var user: String?
    public var isForAll = false
    public var isDryRun = false

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewers = isForAll ? try home.users() : [try home.viewer(user)]
        return Answer(users: try viewers.map { try rematch($0, home) }, isDryRun: isDryRun)
    }

    private func rematch(_ viewer: Viewer, _ home: OpenHome) throws -> UserRematch {
        let desk = home.desk()
        let settings = try desk.read { try Settings(of: viewer.user, $0) }
        let summary = try MatchStage(desk, owner: viewer.user, settings: settings).run(all: true, isDryRun: isDryRun)
        // What came up again and is answered as before is no change.
        let changes = summary.changes.filter { $0.before != $0.after || $0.personBefore != $0.person }
        return UserRematch(
            user: viewer.user, userName: viewer.name, looked: summary.looked,
            changes: try changes.map { change in
                Change(
                    address: change.address, email: change.email, name: change.name, before: change.before,
                    personBefore: try change.personBefore.flatMap { try home.nameOfPerson($0) }, after: change.after,
                    person: try change.person.flatMap { try home.nameOfPerson($0) }, rule: change.rule)
            }, followed: isDryRun ? nil : try desk.follow(viewer.user))
    }
}
