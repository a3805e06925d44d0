public import Entries
import SQLite

/// Leaves a connection alone that fails again and again: three runs in a row rest for two hours, six in a day for one.
///
/// What it does follows from the runs that the ledger has, so a restart changes nothing. A person may read the connection
/// all the same: such a reading ends the rest if it succeeds, and counts for nothing if it does not.
public struct BreakerStage {
    private let desk: Desk

    public init(_ desk: Desk) { self.desk = desk }

    static let failuresInARow: Int64 = 3
    static let rest = 2 * Days.milliseconds / 24
    static let failuresInADay: Int64 = 6
    static let longRest = Days.milliseconds

    /// Looks at a connection after a run. True if it is left alone from now on.
    @discardableResult
    public func run(_ connection: String, after trigger: Trigger = .scheduled) throws -> Bool {
        let now = desk.now()
        guard let state = try desk.read({ try State(connection, since: now - Days.milliseconds, $0) }) else {
            return false
        }
        if state.inARow == 0 {
            if state.until != nil { try close(state, .success) }
            return false
        }
        if let until = state.until, until > now { return true }
        if trigger == .manual { return false }
        // Who was refused waits for its owner and is not read anyway.
        guard !state.isRefused, let verdict = Self.verdict(inARow: state.inARow, inADay: state.inADay) else {
            return false
        }
        var opened = BreakerOpened()
        opened.connection = connection
        (opened.rule, opened.failures) = (verdict.rule, verdict.failures)
        opened.until = now + verdict.rest
        opened.errorClass = state.errorClass
        try desk.append(opened, stream: "connection/\(connection)", owner: state.owner)
        return true
    }

    /// A person wants it to be read again. False if it is not left alone.
    public func reset(_ connection: String) throws -> Bool {
        guard let state = try desk.read({ try State(connection, since: desk.now(), $0) }), state.until != nil else {
            return false
        }
        try close(state, .byHand)
        return true
    }

    private func close(_ state: State, _ reason: BreakerEnd) throws {
        var closed = BreakerClosed()
        closed.connection = state.connection
        closed.reason = reason
        try desk.append(closed, stream: "connection/\(state.connection)", owner: state.owner)
    }

    struct Verdict: Equatable {
        let rule: BreakerRule
        let failures: Int64
        let rest: Int64
    }

    static func verdict(inARow: Int64, inADay: Int64) -> Verdict? {
        if inADay >= failuresInADay { return Verdict(rule: .inADay, failures: inADay, rest: longRest) }
        if inARow >= failuresInARow { return Verdict(rule: .inARow, failures: inARow, rest: rest) }
        return nil
    }
}

extension BreakerStage {
    private struct State {
        let connection: String
        let owner: String
        let inARow: Int64
        let inADay: Int64
        let until: Int64?
        let isRefused: Bool
        let errorClass: ErrorClass?

        init?(_ connection: String, since: Int64, _ views: Connection) throws {
            let failed =
                try views.prepare(
                    """
                    SELECT COUNT(DISTINCT run) FROM run
                    WHERE subject = 'connection' AND name = ? AND started > ? AND outcome = 'failure'
                        AND trigger <> 'manual'
                    """
                ).first(.text(connection), .integer(since)) { $0.integer(0) } ?? 0
            let found = try views.prepare(
                """
                SELECT owner, consecutive_failures, breaker_until, credential = 'refused', last_error_class
                FROM connection WHERE connection = ?
                """
            ).first(.text(connection)) { row in
                (
                    row.text(0), row.integer(1), row.integerIfPresent(2), row.integerIfPresent(3) == 1,
                    row.textIfPresent(4).flatMap { ErrorClass(rawValue: $0) }
                )
            }
            guard let found else { return nil }
            self.connection = connection
            (owner, inARow, until, isRefused, errorClass) = found
            inADay = failed
        }
    }
}
