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
        /// Where it is asked over HTTP; nil where nobody asks so.
        public var place: ListeningPlace? = .usual
        /// Names under which it is asked over HTTP, besides its own.
        public var hosts: [String] = []

        /// For how long it does nothing by itself at first, in milliseconds.
        public var pauseAtStart: Int64 = 5_000

        public init(journal: Journal) { self.journal = journal }
    }

    private let household: Household
    private let timetable: Timetable
    private let health: Health
    private let board: ProgressBoard
    private let socket: SocketDoor
    private let web: WebDoor?
    private let options: Options

    /// Opens the home, and begins.
    public init(_ folder: HomeFolder, _ home: OpenHome.Options, _ options: Options) throws {
        self.options = options
        household = try Household(folder, home)
        board = ProgressBoard()
        timetable = Timetable(
            household, options.journal, now: home.now, randomness: home.randomness, board: board,
            isInTurn: options.isInTurn, pauseAtStart: options.pauseAtStart)
        health = Health(household, timetable)
        web = try options.place.map { [household, board, health] place in
            try WebDoor(
                household, .init(place: place, hosts: options.hosts), options.journal, board: board, health: health,
                now: home.now, randomness: home.randomness)
        }
        socket = try SocketDoor(household)
        try timetable.start()
    }

    /// Serves until somebody asks it to stop, and then stops: what was taken in is answered, what is under way ends at its
    /// next step, and the ledger is signed as it stands.
    public func run() throws {
        options.journal.note(
            "service.started", .info,
            [
                "home": .text(household.folder.path), "version": .text(Release.version),
                "address": web.map { .text($0.address) },
            ])
        if let place = options.place, place.isOpen {
            options.journal.note("http.unencrypted", .warning, ["address": web.map { .text($0.address) }])
        }
        options.supervisor.ready("Reading and logging")
        var beat = Heartbeat(options.supervisor)
        SignalWish.watch()
        while Interruption.signalNumber == nil {
            Pause.milliseconds(Self.pause)
            if health.isAlive { beat.tell() }
            for wish in SignalWish.take() { grant(wish) }
        }
        try stop()
    }

    private static let pause = 200

    /// Nothing is configured outside of the ledger, so whoever reloads has it only look at once.
    private func grant(_ wish: SignalWish) {
        switch wish {
        case .lookAnew:
            options.supervisor.reloading()
            household.bell.shake()
            options.supervisor.ready("Reading and logging")
            options.journal.note("service.looked")
        case .tell:
            options.journal.note(
                "service.state", .info,
                [
                    "entries": .number(household.bell.last), "running": .number(Int64(timetable.runningCount)),
                    "waiting": .number(Int64(timetable.waitingCount)), "trouble": health.trouble().map { .text($0) },
                    "memory_bytes": ThisProcess.memory.map { .number(Int64($0)) },
                    "descriptors": ThisProcess.descriptors.map { .number(Int64($0.open)) },
                ])
        }
    }

    private func stop() throws {
        options.journal.note(
            "service.stopping", .info, ["signal": Interruption.signalNumber.map { .number(Int64($0)) }])
        options.supervisor.stopping("Ending what is under way")
        // Whoever has the home hears of it first: others wait for it.
        socket.hurry()
        web?.close()
        timetable.stop()
        board.close()
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
