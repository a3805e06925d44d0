import Application
import Entries
import Machine
import Providers
import Secrets
import Sync

/// Does what is due, by itself: a planner that looks what that is, and workers who do it.
///
/// The planner keeps nothing that matters. It looks again whenever the ledger has grown, when something ends, and when
/// something is due, and at least every half minute, whatever the clock on the wall does meanwhile.
final class Timetable: Sendable {
    private let household: Household
    private let journal: Journal
    private let now: @Sendable () -> Int64
    private let randomness: Randomness
    /// One user at a tick, instead of each connection at its own time.
    private let isInTurn: Bool
    private let board: ProgressBoard
    private let pauseAtStart: Int64
    private let crew = Guarded(Crew())
    private let lastLook = Guarded<Int64>(Moment.monotonicMilliseconds())
    private let threads = Guarded<[Background<Void>]>([])
    /// Up to where, and when, the home was tidied last.
    private let tidied = Guarded<(position: Int64, at: Int64)>((0, Moment.monotonicMilliseconds()))

    /// After the start, so that whoever restarts it again and again does not ask everybody each time.
    static let usualPauseAtStart: Int64 = 5_000
    /// Between two looks while much comes in.
    private static let pauseBetweenLooks = 250
    private static let longestPause: Int64 = 30_000
    /// A reading that takes longer is ended.
    private static let longestReading: Int64 = 15 * 60_000
    /// Kept of what was begun: nothing has a longer interval.
    private static let memory: Int64 = 8 * 86_400_000

    init(
        _ household: Household, _ journal: Journal, now: @escaping @Sendable () -> Int64, randomness: Randomness,
        board: ProgressBoard = ProgressBoard(), isInTurn: Bool = false,
        pauseAtStart: Int64 = Timetable.usualPauseAtStart
    ) {
        self.pauseAtStart = pauseAtStart
        self.board = board
        self.isInTurn = isInTurn
        self.household = household
        self.journal = journal
        self.now = now
        self.randomness = randomness
    }

    func start() throws {
        var started = [try Background { self.plan() }]
        for _ in 0..<Crew.workers { started.append(try Background { self.work() }) }
        threads.with { $0 = started }
    }

    /// Ends what is under way at its next step; none of it is lost.
    func stop() {
        crew.with { $0.isStopping = true }
        household.bell.shake()
        for thread in threads.with({ $0 }) { try? thread.wait() }
    }

    /// How long ago the planner looked last: when it hangs, so does the service.
    var millisecondsSinceLook: Int64 { Moment.monotonicMilliseconds() - lastLook.with { $0 } }

    var runningCount: Int { crew.with { $0.running.count } }
    var waitingCount: Int { crew.with { $0.listed.count } }

    // MARK: Planning

    private var isStopping: Bool { crew.with(\.isStopping) || Interruption.signalNumber != nil }

    private func plan() {
        var heard = household.bell.strokes
        _ = household.bell.wait(forStrokeAfter: .max, milliseconds: pauseAtStart, unless: { self.isStopping })
        while !isStopping {
            let pause = look()
            let wakes = household.bell.wait(forStrokeAfter: heard, milliseconds: pause, unless: { self.isStopping })
            heard = wakes ?? household.bell.strokes
            if wakes != nil { Pause.milliseconds(Self.pauseBetweenLooks) }
        }
        crew.with { $0.isStopping = true }
    }

    /// Lists what is due; answers for how long there is nothing to look for.
    private func look() -> Int64 {
        let time = now()
        let (begun, running) = crew.with { crew in
            crew.forget(before: time - Self.memory)
            return (crew.begun, Set(crew.running.keys))
        }
        lastLook.with { $0 = Moment.monotonicMilliseconds() }
        board.keepAlive()
        do {
            let agenda = try household.read {
                try Agenda.read(
                    in: $0, begun: begun, running: running, most: Crew.mostListed, inTurn: isInTurn)
            }
            crew.with { $0.list(agenda.due) }
            if agenda.due.isEmpty, running.isEmpty { try tidy() }
            return min(Self.longestPause, max(0, (agenda.next ?? .max) - time))
        } catch {
            journal.note("schedule.failed", .error, ["reason": .text("\(error)")])
            return Self.longestPause
        }
    }

    /// Leaves the home as it would be left at the end, so that a kill costs the next start little.
    private func tidy() throws {
        let last = household.bell.last
        let isDue = tidied.with { tidied in
            let now = Moment.monotonicMilliseconds()
            guard tidied.position != last, now - tidied.at >= Self.pauseBetweenTidying else { return false }
            tidied = (last, now)
            return true
        }
        if isDue { try household.with(.background) { try $0.tidy() } }
    }

    private static let pauseBetweenTidying: Int64 = 5 * 60_000

    // MARK: Working

    private func work() {
        while let item = crew.wait(for: { crew -> Agenda.Item?? in
            if crew.isStopping { return .some(nil) }
            return crew.next(at: self.now()).map { .some($0) }
        }) {
            let run = item.run ?? randomness.identifier()
            let (board, goesOn) = (board, goesOn())
            let outcome = Errand(hear: { board.tell(run, item.subject, owner: item.owner, $0) }, goesOn: goesOn).run {
                perform(item, run)
            }
            board.end(run, item.subject, owner: item.owner, outcome)
            crew.with { $0.end(item) }
            household.bell.shake()
        }
    }

    private func goesOn() -> @Sendable () -> Bool {
        let end = Moment.monotonicMilliseconds() + Self.longestReading
        return { !self.isStopping && Moment.monotonicMilliseconds() < end }
    }

    /// Answers how it ended, in a word for those who look on.
    private func perform(_ item: Agenda.Item, _ run: String) -> String {
        let began = Moment.monotonicMilliseconds()
        do {
            switch item.work {
            case .reading(let connection):
                return Self.word(
                    try read(ConnectionRun(connection, trigger: .scheduled, run: run), connection, run, began))
            case .requested(_, let connection, let isFull):
                try household.with(.background) { try RequestedReading(run, connection).begin(in: $0) }
                let reading = ConnectionRun(connection, trigger: .manual, run: run, isFull: isFull)
                let summary = try read(reading, connection, run, began)
                try household.with(.background) { try RequestedReading(run, connection).end(summary, in: $0) }
                return Self.word(summary)
            case .turn:
                let turn = try household.ask(TakeTurnRequest(user: nil), .background)
                note(turn, Moment.monotonicMilliseconds() - began)
            case .telling(let hook): try tell(hook, run)
            case .job(let job): try perform(job, run, began)
            }
            return "done"
        } catch let refusal as Refusal where refusal.kind == .interrupted || refusal.kind == .locked {
            journal.note("run.stopped", .info, ["run": .text(run), "what": .text(item.key)])
            return "stopped"
        } catch {
            journal.note(
                "run.broke", .error, ["run": .text(run), "what": .text(item.key), "reason": .text(Self.reason(error))])
            return "failed"
        }
    }

    /// Nothing came of a reading that took too long.
    private static func word(_ summary: Round.Summary?) -> String {
        guard let summary else { return "stopped" }
        let hasFailed = summary.readings.contains { part in
            if case .failed = part.summary.outcome { true } else { false }
        }
        return hasFailed ? "failed" : "done"
    }

    @discardableResult
    private func read(_ reading: ConnectionRun, _ connection: String, _ run: String, _ began: Int64) throws
        -> Round.Summary?
    {
        do {
            let summary = try household.with(.background) { try reading.run(in: $0) }
            for part in summary?.readings ?? [] { note(part, run, Moment.monotonicMilliseconds() - began) }
            if let logged = summary?.logged, logged.logged + logged.amended + logged.retracted > 0 {
                journal.note(
                    "activities.logged", .info,
                    [
                        "run": .text(run), "connection": .text(connection), "logged": .number(logged.logged),
                        "amended": .number(logged.amended), "retracted": .number(logged.retracted),
                    ])
            }
            return summary
        } catch let refusal as Refusal where refusal.kind == .interrupted && !isStopping {
            try household.with(.background) { try reading.recordTooLong(in: $0) }
            journal.note(
                "reading.took_too_long", .warning, ["run": .text(run), "connection": .text(connection)])
            return nil
        }
    }

    private func tell(_ hook: String, _ run: String) throws {
        let report = try household.with(.background) { try JobCatalogue.tell(hook, in: $0) }
        guard report.processed > report.created || report.deleted > 0 else { return }
        journal.note(
            "hook.failed", .warning,
            [
                "run": .text(run), "hook": .text(hook), "told": .number(report.created),
                "given_up": .number(report.deleted),
            ])
    }

    private func perform(_ job: Job, _ run: String, _ began: Int64) throws {
        guard let planned = JobCatalogue.all.first(where: { $0.job == job }) else { return }
        let order = JobOrder(run: run, trigger: .scheduled)
        let report: JobReport
        if planned.isReading {
            let started = now()
            report = try household.read { try JobRun(planned, order).work(in: $0) }
            try household.with(.background) { try JobRun(planned, order).record(report, started: started, in: $0) }
        } else {
            report = try household.with(.background) { try JobRun(planned, order).run(in: $0) }
        }
        guard !report.isQuiet else { return }
        journal.note(
            "job.finished", report.outcome == .failure ? .warning : .info,
            [
                "run": .text(run), "job": .text(job.rawValue), "outcome": .text(report.outcome.rawValue),
                "processed": .number(report.processed), "created": .number(report.created),
                "updated": .number(report.updated), "deleted": .number(report.deleted),
                "error": report.errorCode.map { .text($0) },
                "milliseconds": .number(Moment.monotonicMilliseconds() - began),
            ])
    }

    // MARK: Saying

    private func note(_ part: Round.Summary.Reading, _ run: String, _ milliseconds: Int64) {
        let summary = part.summary
        let (outcome, error): (String, String?) =
            switch summary.outcome {
            case .read: ("read", nil)
            case .unchanged: ("unchanged", nil)
            case .suspected: ("suspected", nil)
            case .failed(let failure): ("failed", "\(failure.errorClass.rawValue) \(failure.code)")
            case .skipped(let reason): ("skipped", reason.rawValue)
            }
        journal.note(
            "reading.finished", error == nil || outcome == "skipped" ? .info : .warning,
            [
                "run": .text(run), "connection": .text(part.connection), "calendar": part.calendar.map { .text($0) },
                "outcome": .text(outcome), "error": error.map { .text($0) }, "created": .number(summary.created),
                "updated": .number(summary.updated), "deleted": .number(summary.deleted),
                "unreadable": .number(summary.quarantined), "milliseconds": .number(milliseconds),
            ])
    }

    private func note(_ turn: TakeTurnRequest.Answer, _ milliseconds: Int64) {
        journal.note(
            "turn.finished", turn.report.outcome == .failure ? .warning : .info,
            [
                "run": .text(turn.run), "user": turn.user.map { .text($0) },
                "outcome": .text(turn.report.outcome.rawValue), "minutes_for_all": .number(turn.minutesForAll),
                "milliseconds": .number(milliseconds),
            ])
    }

    /// Without what a person is called: a refusal may name things, so only its kind is told.
    private static func reason(_ error: any Error) -> String {
        (error as? Refusal)?.kind.rawValue ?? "\(type(of: error))"
    }
}

extension Agenda.Item {
    /// The run that was promised to whoever asked for it.
    fileprivate var run: String? { if case .requested(let run, _, _) = work { run } else { nil } }

    /// What it is about, in a word.
    fileprivate var subject: String {
        switch work {
        case .reading(let connection), .requested(_, let connection, _): connection
        case .job(let job): job.rawValue
        case .telling(let hook): "hook \(hook)"
        case .turn: "turn"
        }
    }
}
