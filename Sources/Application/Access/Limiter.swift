public import Vault

/// How long somebody has to wait who failed to log in: by account, so that one password cannot be tried from everywhere,
/// and by address, so that all accounts cannot be tried from one place.
///
/// A try counts as failed from its beginning and is taken back when it succeeds, so that many at once are no way round it.
/// Who has to wait is refused without any work, and that counts as no try.
public struct Limiter: Sendable {
    public struct Subject: Sendable, Hashable {
        public enum Kind: Sendable { case account, address }

        public let kind: Kind
        /// A hash of what it is: nobody reads in the vault who failed, or from where.
        public let hash: [UInt8]

        public init(_ kind: Kind, _ hash: [UInt8]) { (self.kind, self.hash) = (kind, hash) }

        /// So many failures cost nothing but the try; whole offices share one address.
        var free: Int64 { kind == .account ? 5 : 20 }
    }

    /// Longer, and whoever knows a name could keep its user out for good.
    static let longestWait: Int64 = 15 * 60_000
    static let firstWait: Int64 = 1_000
    /// After so long a failure is forgotten.
    static let memory: Int64 = 24 * 3_600_000
    /// A flood of addresses may not fill the memory; the oldest go first.
    static let mostKept = 10_000

    private var kept: [[UInt8]: KeptAttempt]
    private var dropped: [[UInt8]] = []

    public init(_ kept: [KeptAttempt] = []) {
        self.kept = Dictionary(kept.map { ($0.subject, $0) }, uniquingKeysWith: { $1 })
    }

    public enum Verdict: Sendable, Equatable {
        case go
        case wait(milliseconds: Int64)
    }

    /// Counts a try, or says how long it has to wait.
    public mutating func begin(_ subjects: [Subject], now: Int64) -> Verdict {
        let longest = subjects.map { wait(for: $0, now: now) }.max() ?? 0
        if longest > 0 { return .wait(milliseconds: longest) }
        for subject in subjects {
            kept[subject.hash] = KeptAttempt(subject: subject.hash, failures: failures(subject, now) + 1, last: now)
        }
        if kept.count > Self.mostKept { makeRoom(now) }
        return .go
    }

    /// The account begins anew; of the address only this try is taken back, for others may be tried from there.
    public mutating func succeeded(_ subjects: [Subject]) {
        for subject in subjects { takeBack(subject, all: subject.kind == .account) }
    }

    /// The try did not come to anything, and says nothing about the password.
    public mutating func abandoned(_ subjects: [Subject]) { for subject in subjects { takeBack(subject, all: false) } }

    private mutating func takeBack(_ subject: Subject, all: Bool) {
        guard var attempt = kept[subject.hash] else { return }
        attempt.failures = all ? 0 : attempt.failures - 1
        if attempt.failures > 0 {
            kept[subject.hash] = attempt
        } else {
            kept[subject.hash] = nil
            dropped.append(subject.hash)
        }
    }

    /// As the vault should have them: what there is of these, and what is forgotten since this was last asked.
    public mutating func toKeep(_ subjects: [Subject]) -> (attempts: [KeptAttempt], forgotten: [[UInt8]]) {
        defer { dropped = [] }
        let forgotten = Set(dropped).filter { kept[$0] == nil }
        return (subjects.compactMap { kept[$0.hash] }, Array(forgotten))
    }

    /// Forgets what is so long ago that it counts no more.
    public mutating func forget(now: Int64) {
        for (hash, attempt) in kept where now - attempt.last > Self.memory {
            kept[hash] = nil
            dropped.append(hash)
        }
    }

    public var count: Int { kept.count }

    private func failures(_ subject: Subject, _ now: Int64) -> Int64 {
        guard let attempt = kept[subject.hash], now - attempt.last <= Self.memory else { return 0 }
        return attempt.failures
    }

    private func wait(for subject: Subject, now: Int64) -> Int64 {
        let excess = failures(subject, now) - subject.free
        guard excess >= 0, let attempt = kept[subject.hash] else { return 0 }
        let whole = min(Self.longestWait, Self.firstWait << min(excess, 20))
        // A clock that was put back makes nobody wait for longer than that.
        return max(0, min(attempt.last + whole - now, whole))
    }

    private mutating func makeRoom(_ now: Int64) {
        forget(now: now)
        let excess = kept.count - Self.mostKept * 9 / 10
        guard excess > 0 else { return }
        for attempt in kept.values.sorted(by: { $0.last < $1.last }).prefix(excess) {
            kept[attempt.subject] = nil
            dropped.append(attempt.subject)
        }
    }
}
