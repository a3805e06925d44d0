public import Application
public import Machine

/// The home in the background, for months: it reads, matches and logs by itself, and answers whoever asks.
///
/// Everything that it does by itself is due by the ledger and the time, so that a kill at any moment loses nothing: the next
/// start finds the same things due.
public final class Service: Sendable {
    public struct Options: Sendable {
        public var journal: Journal
        public var supervisor = Supervisor()
        /// One user at a tick, each in turn, instead of each connection at its own time.
        public var isInTurn = false

        public init(journal: Journal) { self.journal = journal }
    }

    private let household: Household
    private let timetable: Timetable
    private let socket: SocketDoor
    private let options: Options

    /// Opens the home, and begins.
    public init(_ folder: HomeFolder, _ home: OpenHome.Options, _ options: Options) throws {
        self.options = options
        household = try Household(folder, home)
        timetable = Timetable(
            household, options.journal, now: home.now, randomness: home.randomness,
            isInTurn: options.isInTurn)
        socket = try SocketDoor(household)
        try timetable.start()
    }

    /// Serves until somebody asks it to stop, and then stops: what was taken in is answered, what is under way ends at its
    /// next step, and the ledger is signed as it stands.
    public func run() throws {
        options.journal.note(
            "service.started", .info, ["home": .text(household.folder.path), "version": .text(Release.version)])
        options.supervisor.ready("Reading and logging")
        var beat = Heartbeat(options.supervisor)
        while Interruption.signalNumber == nil {
            Pause.milliseconds(Self.pause)
            if timetable.millisecondsSinceLook < Self.patience { beat.tell() }
        }
        try stop()
    }

    private static let pause = 200
    /// A planner that did not look for so long hangs, and whoever watches over us may start us anew.
    private static let patience: Int64 = 5 * 60_000

    private func stop() throws {
        options.journal.note(
            "service.stopping", .info, ["signal": Interruption.signalNumber.map { .number(Int64($0)) }])
        options.supervisor.stopping("Ending what is under way")
        timetable.stop()
        socket.close()
        try household.close()
        options.journal.note("service.stopped")
    }
}

/// Tells whoever watches over the process that it is alive, twice as often as it wants to hear it.
private struct Heartbeat {
    private let supervisor: Supervisor
    private var last: Int64 = 0

    init(_ supervisor: Supervisor) { self.supervisor = supervisor }

    mutating func tell() {
        guard let interval = supervisor.watchdogMilliseconds else { return }
        let now = Moment.monotonicMilliseconds()
        guard now - last >= interval / 2 else { return }
        last = now
        supervisor.alive()
    }
}
