import Entries
import Projections
import SQLite
public import Sync

/// What providers tell, and what is made of it: plain functions, for whoever plans when.
extension OpenHome {
    func watchSurroundings() throws -> WatchStage.Surroundings {
        let address = try views().read { try Settings(of: Draft.home, $0) }.publicAddress
        return WatchStage.Surroundings(
            address: address,
            elsewhere: { [unowned self] owner in try elsewhere(viewer(owner)) },
            announced: { [unowned self] in try push.announced() })
    }

    /// Opens, renews and stops watches, whatever is due.
    public func tendWatches() throws -> WatchStage.Summary {
        try WatchStage.run(desk(actor: Actor.scheduler), watchSurroundings())
    }

    /// Renews the watches that end soon, and nothing else.
    public func renewWatches() throws -> WatchStage.Summary {
        try WatchStage.renew(desk(actor: Actor.scheduler), watchSurroundings())
    }

    /// Reads the calendars that providers said have changed, also those of which more was told than was written down.
    public func followNotifications() throws -> InboxStage.Summary {
        let marked = push.takeMarks()
        do {
            let summary = try InboxStage.run(
                desk(actor: Actor.scheduler), marked: marked, zone: { [unowned self] in try viewer($0).zone },
                elsewhere: { [unowned self] owner in try elsewhere(viewer(owner)) })
            push.putBack(summary.marked)
            return summary
        } catch {
            push.putBack(marked)
            throw error
        }
    }

    /// While there are still credentials to do it with. What cannot be stopped ends by itself within a week, and its
    /// messages cause nothing.
    func stopWatches(of connection: String) throws {
        let isWatched = try views().read { views in
            try views.prepare("SELECT 1 FROM watch WHERE connection = ?").first(.text(connection)) { _ in true }
                ?? false
        }
        guard isWatched else { return }
        _ = try WatchStage.stopAll(of: connection, desk(), watchSurroundings())
    }
}

extension OpenHome {
    /// What whoever takes messages must know: the watches, and what makes their proofs.
    public func watches() throws -> (rows: [WatchRow], names: Names) {
        (try views().read { try WatchRow.all($0) }, desk().names)
    }

    /// The address under which this home is reached from everywhere, if it is.
    public func publicAddress() throws -> PublicAddress? {
        try views().read { try Settings(of: Draft.home, $0) }.publicAddress
    }
}
