public import Vault

/// Who is logged in. It knows hashes of the ids alone, and no clock: every question brings the time with it.
public struct SessionBook: Sendable {
    /// Who does nothing for so long is logged out: a day's work with its breaks, and no night.
    public static let idleMilliseconds: Int64 = 12 * 3_600_000
    /// After so long everybody logs in again, whatever they do.
    public static let longestMilliseconds: Int64 = 7 * 24 * 3_600_000
    /// One person has a few browsers; more would be somebody who logs in again and again. The oldest end.
    static let mostOfOneUser = 50
    /// How far what is kept may lie behind: a restart takes so much from the time somebody may be idle.
    static let keepingMilliseconds: Int64 = 10 * 60_000

    private var sessions: [[UInt8]: KeptSession]
    /// When each was last used, as the vault has it.
    private var written: [[UInt8]: Int64]

    public init(_ kept: [KeptSession] = []) {
        sessions = Dictionary(kept.map { ($0.hash, $0) }, uniquingKeysWith: { $1 })
        written = sessions.mapValues(\.seen)
    }

    public var count: Int { sessions.count }

    public func count(of user: String) -> Int { sessions.values.count { $0.user == user } }

    /// Begins one. Answers it, and those that end for it.
    public mutating func begin(_ hash: [UInt8], user: String, now: Int64) -> (session: KeptSession, ended: [[UInt8]]) {
        let session = KeptSession(hash: hash, user: user, begun: now, seen: now)
        let own = sessions.values.filter { $0.user == user }.sorted { $0.seen < $1.seen }
        let ended = own.prefix(max(0, own.count + 1 - Self.mostOfOneUser)).map(\.hash)
        for hash in ended { end(hash) }
        sessions[hash] = session
        written[hash] = now
        return (session, Array(ended))
    }

    /// The session of an id, which is used by this; nil where there is none, or it is over.
    public mutating func use(_ hash: [UInt8], now: Int64) -> KeptSession? {
        guard var session = sessions[hash], !Self.isOver(session, now) else { return nil }
        session.seen = max(session.seen, now)
        sessions[hash] = session
        return session
    }

    /// Whose it is, if it is not over.
    func user(_ hash: [UInt8], now: Int64) -> String? {
        sessions[hash].flatMap { Self.isOver($0, now) ? nil : $0.user }
    }

    public func holds(_ hash: [UInt8]) -> Bool { sessions[hash] != nil }

    @discardableResult
    public mutating func end(_ hash: [UInt8]) -> KeptSession? {
        written[hash] = nil
        return sessions.removeValue(forKey: hash)
    }

    /// Ends all of a user; answers which.
    public mutating func end(allOf user: String) -> [[UInt8]] {
        let ended = sessions.values.filter { $0.user == user }.map(\.hash)
        for hash in ended { end(hash) }
        return ended
    }

    /// Ends those whose time is over; answers which.
    public mutating func expire(now: Int64) -> [[UInt8]] {
        let ended = sessions.values.filter { Self.isOver($0, now) }.map(\.hash)
        for hash in ended { end(hash) }
        return ended
    }

    /// Those of which the vault should learn that they are in use.
    public mutating func toKeep() -> [KeptSession] {
        let used = sessions.values.filter { $0.seen - (written[$0.hash] ?? 0) >= Self.keepingMilliseconds }
        for session in used { written[session.hash] = session.seen }
        return used
    }

    private static func isOver(_ session: KeptSession, _ now: Int64) -> Bool {
        now - session.seen > idleMilliseconds || now - session.begun > longestMilliseconds
    }
}
