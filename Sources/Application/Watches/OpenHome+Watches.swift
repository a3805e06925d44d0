import Entries
import Projections
import SQLite
public import Sync

/// What providers tell, and what is made of it: plain functions, for whoever plans when.
extension OpenHome {
    /// - Parameter announced: called when it was written down that a watch is being made, before its provider is asked.
    func watchSurroundings(_ announced: @escaping () throws -> Void = {}) throws -> WatchStage.Surroundings {
        let address = try views().read { try Settings(of: Draft.home, $0) }.publicAddress
        return WatchStage.Surroundings(
            address: address,
            elsewhere: { [unowned self] owner in try elsewhere(viewer(owner)) }, announced: announced)
    }

    /// Opens, renews and stops watches, whatever is due.
    public func tendWatches(_ announced: @escaping () throws -> Void = {}) throws -> WatchStage.Summary {
        try WatchStage.run(desk(actor: Actor.scheduler), watchSurroundings(announced))
    }

    /// Renews the watches that end soon, and nothing else.
    public func renewWatches(_ announced: @escaping () throws -> Void = {}) throws -> WatchStage.Summary {
        try WatchStage.renew(desk(actor: Actor.scheduler), watchSurroundings(announced))
    }

    /// Reads the calendars that providers said have changed.
    ///
    /// - Parameter marked: those of which more was told than was written down.
    public func followNotifications(marked: Set<String> = []) throws -> InboxStage.Summary {
        try InboxStage.run(
            desk(actor: Actor.scheduler), marked: marked, zone: { [unowned self] in try viewer($0).zone },
            elsewhere: { [unowned self] owner in try elsewhere(viewer(owner)) })
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
