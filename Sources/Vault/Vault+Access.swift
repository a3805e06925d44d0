import SQLite
public import Secrets

/// With what a token is compared, and when it was last used.
public struct KeptToken: Sendable, Equatable {
    public let token: String
    public let user: String
    public let hash: [UInt8]
    public var used: Int64?

    public init(token: String, user: String, hash: [UInt8], used: Int64? = nil) {
        (self.token, self.user, self.hash, self.used) = (token, user, hash, used)
    }
}

/// Somebody who is logged in; of the id of the session only a hash is known.
public struct KeptSession: Sendable, Equatable {
    public let hash: [UInt8]
    public let user: String
    public let begun: Int64
    public var seen: Int64

    public init(hash: [UInt8], user: String, begun: Int64, seen: Int64) {
        (self.hash, self.user, self.begun, self.seen) = (hash, user, begun, seen)
    }
}

/// How often logging in failed, for an account or from an address; which one, only a hash says.
public struct KeptAttempt: Sendable, Equatable {
    public let subject: [UInt8]
    public var failures: Int64
    public var last: Int64

    public init(subject: [UInt8], failures: Int64, last: Int64) {
        (self.subject, self.failures, self.last) = (subject, failures, last)
    }
}

// MARK: Tokens

extension Vault {
    public func tokens() throws -> [KeptToken] {
        try guarded {
            try connection.prepare("SELECT token, user, hash, used FROM token ORDER BY token").map {
                KeptToken(token: $0.text(0), user: $0.text(1), hash: $0.blob(2), used: $0.integerIfPresent(3))
            }
        }
    }

    public func put(_ token: KeptToken) throws {
        try guarded {
            try connection.prepare("INSERT INTO token (token, user, hash, used) VALUES (?, ?, ?, ?)")
                .run(.text(token.token), .text(token.user), .blob(token.hash), Value(token.used))
        }
    }

    public func removeTokens(_ tokens: [String]) throws {
        try guarded {
            try connection.transaction {
                for token in tokens { try connection.prepare("DELETE FROM token WHERE token = ?").run(.text(token)) }
            }
        }
    }
}

// MARK: Sessions

extension Vault {
    public func sessions() throws -> [KeptSession] {
        try guarded {
            try connection.prepare("SELECT hash, user, begun, seen FROM session ORDER BY begun, hash").map {
                KeptSession(hash: $0.blob(0), user: $0.text(1), begun: $0.integer(2), seen: $0.integer(3))
            }
        }
    }

    /// What was used since it was last written down, in one transaction.
    public func keepUses(of tokens: [String: Int64], of sessions: [KeptSession]) throws {
        if tokens.isEmpty, sessions.isEmpty { return }
        try guarded {
            try connection.transaction {
                for (token, used) in tokens.sorted(by: { $0.key < $1.key }) {
                    try connection.prepare("UPDATE token SET used = ? WHERE token = ?")
                        .run(.integer(used), .text(token))
                }
                for session in sessions {
                    try connection.prepare("UPDATE session SET seen = ? WHERE hash = ?")
                        .run(.integer(session.seen), .blob(session.hash))
                }
            }
        }
    }

    /// What comes of somebody who logs in, out, or fails to, in one transaction.
    public func keep(
        _ session: KeptSession? = nil, removing ended: [[UInt8]] = [], attempts: [KeptAttempt] = [],
        forgetting: [[UInt8]] = []
    ) throws {
        if session == nil, ended.isEmpty, attempts.isEmpty, forgetting.isEmpty { return }
        try guarded {
            try connection.transaction {
                for hash in ended { try connection.prepare("DELETE FROM session WHERE hash = ?").run(.blob(hash)) }
                for subject in forgetting {
                    try connection.prepare("DELETE FROM attempt WHERE subject = ?").run(.blob(subject))
                }
                if let session { try insert(session) }
                for attempt in attempts { try insert(attempt) }
            }
        }
    }

    private func insert(_ session: KeptSession) throws {
        try connection.prepare("INSERT INTO session (hash, user, begun, seen) VALUES (?, ?, ?, ?)")
            .run(.blob(session.hash), .text(session.user), .integer(session.begun), .integer(session.seen))
    }

    private func insert(_ attempt: KeptAttempt) throws {
        try connection.prepare(
            "INSERT INTO attempt (subject, failures, last) VALUES (?, ?, ?) "
                + "ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last = excluded.last"
        ).run(.blob(attempt.subject), .integer(attempt.failures), .integer(attempt.last))
    }

    public func attempts() throws -> [KeptAttempt] {
        try guarded {
            try connection.prepare("SELECT subject, failures, last FROM attempt ORDER BY last").map {
                KeptAttempt(subject: $0.blob(0), failures: $0.integer(1), last: $0.integer(2))
            }
        }
    }

    /// The key with which tokens and sessions are hashed. It is made when it is first asked for, and anew where it cannot
    /// be opened any more: then no token and no session that there was opens anything.
    public func hashKey() throws -> HashKey {
        let (owner, place, name) = ("home", "access/key", "hash")
        do {
            if let key = try get(owner: owner, connection: place, name: name).flatMap({ HashKey($0) }) { return key }
        } catch let fault as VaultFault where fault.isOfOneRecord {}
        let key = HashKey(from: randomness)
        try put(key.secret, owner: owner, connection: place, name: name)
        return key
    }
}
