import Entries
import Secrets
import Sync
import Vault

/// Gives a user another password, or the first. Whoever is logged in as that user is logged out everywhere.
public struct SetPasswordRequest: Request {
    public static let name = "set_password"

    public struct Answer: Codable, Sendable {
        public let user: String
        public let name: String?
        /// Somebody else set it for the user.
        public let isReset: Bool
        public let endedSessions: Int64
    }

    public var user: String?
    /// Whose; nil is the one who asks.
    public var account: String?
    public var password: Confided

    public init(user: String?, account: String? = nil, password: Confided) {
        self.user = user
        self.account = account
        self.password = password
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let target = try account.map { try home.viewer($0) } ?? viewer
        let isReset = target.user != viewer.user
        if isReset { try viewer.requireAdmin("set the password of somebody else") }
        try home.requireConfirmedHead()
        let book = try home.access()
        try PasswordRules.check(password.secret, name: target.name, email: book.user(target.user)?.email)
        let hash: Secret
        do {
            hash = try home.options.passwords.hash(password.secret)
        } catch is PasswordDesk.Busy {
            throw Refusal.passwordsAreBusy
        }
        try AccessSecrets(home.vault()).keep(password: hash, of: target.user)
        book.know(password: hash, of: target.user)
        let ended = try home.endSessions(of: target.user)
        var changed = PasswordChanged()
        changed.user = target.user
        changed.isReset = isReset
        try home.desk().append(changed, stream: "user/\(target.user)", owner: target.user)
        return Answer(user: target.user, name: target.name, isReset: isReset, endedSessions: Int64(ended))
    }
}
