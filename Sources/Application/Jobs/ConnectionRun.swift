public import Entries
import Projections
import Providers
import SQLite
public import Sync

/// One reading of one connection, with what follows from it: the work of which the service does five at once.
public struct ConnectionRun: Sendable {
    private let connection: String
    private let trigger: Trigger
    private let run: String
    private let isFull: Bool

    public init(_ connection: String, trigger: Trigger, run: String, isFull: Bool = false) {
        self.connection = connection
        self.trigger = trigger
        self.run = run
        self.isFull = isFull
    }

    /// Nil where the connection is gone, or may not be read by itself any more.
    public func run(in home: OpenHome) throws -> Round.Summary? {
        guard let row = try home.views().read({ try ConnectionRow.one(connection, $0) }),
            let viewer = try home.users().first(where: { $0.user == row.owner })
        else { return nil }
        var wish = Round.Wish()
        wish.connections = [connection]
        wish.trigger = trigger
        wish.zone = viewer.zone
        wish.run = run
        wish.isFull = isFull
        let desk = home.desk(actor: trigger == .manual ? Actor.asking : Actor.scheduler)
        return try Round(desk, owner: viewer.user, wish, elsewhere: home.elsewhere(viewer)).run()
    }

    /// Writes down that it took longer than any reading may, so that it is neither silent nor tried again at once.
    public func recordTooLong(in home: OpenHome) throws {
        guard let row = try home.views().read({ try ConnectionRow.one(connection, $0) }) else { return }
        let desk = home.desk(actor: Actor.scheduler)
        let failure = ReadingFailure(
            .transient, "took_too_long", "Reading it took so long that it was ended; it is tried again.")
        try Round.record(failure, of: row, run: run, trigger, desk)
        try BreakerStage(desk).run(connection, after: trigger)
    }
}
