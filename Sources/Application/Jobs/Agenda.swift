public import Entries
import Projections
import SQLite
import Schedule
import Sync

/// What is due, what was asked for first and then what has waited longest, and when something will be.
///
/// It follows from the views, the time, and what was begun since they were posted: so it is the same after a restart, and
/// whatever was missed is due once.
public struct Agenda: Sendable, Equatable {
    /// Something to do. While one with its key is being done, no other is begun.
    public struct Item: Sendable, Equatable {
        public enum Work: Sendable, Equatable {
            case reading(connection: String)
            case job(Job)
            /// What somebody is to be told.
            case telling(hook: String)
            /// Everything of the user whose turn it is.
            case turn
            /// A reading that a person asked for.
            case requested(run: String, connection: String, isFull: Bool)
        }

        public let key: String
        public let work: Work
        /// When it was to be done.
        public let planned: Int64
        /// Whose it is; nil where it is everybody's.
        public let owner: String?
        /// Of a reading: who is asked. Not more than some of one kind are read at once.
        public let provider: Provider?
        /// Somebody asked for it.
        public let isRequested: Bool
        /// It has waited for long: it does not stand behind all that people ask for.
        public let hasWaited: Bool
    }

    public private(set) var due: [Item] = []
    /// When there will be something to do, if nothing happens before; nil if never.
    public private(set) var next: Int64?

    /// What has waited so long takes turns with what people ask for.
    static let promotion: Int64 = 5 * 60_000

    /// - Parameters:
    ///   - begun: when things were begun, by their keys. Not everything that is done leaves an entry.
    ///   - running: the keys of what is being done.
    ///   - most: more of what is due is not listed; it is asked again when that is done.
    ///   - inTurn: one user at a tick, instead of each connection at its own time.
    public static func read(
        in home: OpenHome, begun: [String: Int64], running: Set<String>, most: Int, inTurn: Bool = false
    ) throws -> Agenda {
        let now = home.options.now()
        return try home.views().read { views in
            var agenda = Agenda()
            let requested = try QueueRow.all(views)
            for row in requested {
                guard let connection = row.connection, row.job == .fetch, !running.contains("reading/\(connection)")
                else { continue }
                agenda.due.append(
                    Item(
                        key: "reading/\(connection)",
                        work: .requested(run: row.run, connection: connection, isFull: row.mode == .full),
                        planned: row.requested, owner: row.owner, provider: nil, isRequested: true, hasWaited: false))
            }
            guard try Settings(of: Draft.home, views).flag(.schedule) else { return agenda.sorted(most: most) }
            let asked = Set(agenda.due.map(\.key))
            if inTurn {
                agenda.addTurn(begun, running, now)
            } else {
                let times = try WorkingTimes(views, home.desk().zones)
                for row in try ConnectionRow.all(views) where !row.isRefused {
                    agenda.add(times.applied(to: row), begun, running.union(asked), now)
                }
            }
            let last = try lastStarts(views)
            for planned in JobCatalogue.all where planned.hasTimeOfItsOwn {
                agenda.add(planned, last[planned.job.rawValue], begun, running, now)
            }
            for hook in try HookRow.all(views) { agenda.add(hook, try hook.due(at: now, views), begun, running, now) }
            agenda.addInbox(try InboxStage.nextDue(at: now, views), begun, running, now)
            return agenda.sorted(most: most)
        }
    }

    private mutating func add(
        _ hook: HookRow, _ time: Int64?, _ begun: [String: Int64], _ running: Set<String>, _ now: Int64
    ) {
        let key = "hook/\(hook.hook)"
        guard let time, !running.contains(key) else { return }
        let wanted = max(time, begun[key].map { $0 + Self.shortestPause } ?? time)
        guard wanted <= now else { return note(wanted) }
        due.append(
            Item(
                key: key, work: .telling(hook: hook.hook), planned: time, owner: hook.owner, provider: nil,
                isRequested: false, hasWaited: now - time >= Self.promotion))
    }

    /// What providers told is not left until the next time of the job that follows it up.
    private mutating func addInbox(_ time: Int64?, _ begun: [String: Int64], _ running: Set<String>, _ now: Int64) {
        let key = "job/\(Job.inbox.rawValue)"
        guard let time, !running.contains(key), !due.contains(where: { $0.key == key }) else { return }
        // What could not be done a moment ago is not tried over and over.
        let wanted = max(time, begun[key].map { $0 + Self.shortestPause } ?? time)
        guard wanted <= now else { return note(wanted) }
        due.append(
            Item(
                key: key, work: .job(.inbox), planned: wanted, owner: nil, provider: nil, isRequested: false,
                hasWaited: now - wanted >= Self.promotion))
    }

    private static let shortestPause: Int64 = 2_000

    private static func lastStarts(_ views: Connection) throws -> [String: Int64] {
        let rows = try views.prepare(
            "SELECT name, last_started FROM metric WHERE subject = 'job' AND owner = ? AND last_started IS NOT NULL"
        ).map(.text(Draft.home)) { ($0.text(0), $0.integer(1)) }
        return Dictionary(rows) { first, _ in first }
    }

    private mutating func add(
        _ row: ConnectionRow, _ begun: [String: Int64], _ running: Set<String>, _ now: Int64
    ) {
        let key = "reading/\(row.connection)"
        if running.contains(key) { return }
        var row = row
        if let begun = begun[key] { row.lastAttempt = max(begun, row.lastAttempt ?? begun) }
        guard let planned = row.planned(at: now) else { return note(row.nextDue(at: now)) }
        due.append(
            Item(
                key: key, work: .reading(connection: row.connection), planned: planned, owner: row.owner,
                provider: row.provider,
                isRequested: false, hasWaited: now - planned >= Self.promotion))
    }

    private mutating func add(
        _ planned: PlannedJob, _ recorded: Int64?, _ begun: [String: Int64], _ running: Set<String>, _ now: Int64
    ) {
        let key = "job/\(planned.job.rawValue)"
        if running.contains(key) { return }
        let last = [recorded, begun[key]].compactMap(\.self).max()
        guard let time = planned.grid.due(last: last, now: now) else { return note(planned.grid.next(after: now)) }
        due.append(
            Item(
                key: key, work: .job(planned.job), planned: time, owner: nil, provider: nil,
                isRequested: false, hasWaited: now - time >= Self.promotion))
    }

    /// A tick is as long as the usual interval of a connection.
    private static let tick = Grid.minutes(15)

    private mutating func addTurn(_ begun: [String: Int64], _ running: Set<String>, _ now: Int64) {
        let key = "turn"
        if running.contains(key) { return }
        guard let planned = Self.tick.due(last: begun[key], now: now) else { return note(Self.tick.next(after: now)) }
        due.append(
            Item(
                key: key, work: .turn, planned: planned, owner: nil, provider: nil, isRequested: false,
                hasWaited: now - planned >= Self.promotion))
    }

    private mutating func note(_ time: Int64) { next = min(next ?? time, time) }

    private func sorted(most: Int) -> Agenda {
        var agenda = self
        agenda.due.sort { one, other in
            (one.isRequested ? 0 : 1, one.planned, one.key) < (other.isRequested ? 0 : 1, other.planned, other.key)
        }
        agenda.due = Array(agenda.due.prefix(most))
        return agenda
    }
}
