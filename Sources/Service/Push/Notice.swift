import Entries
import Sync

/// The entry of a message.
///
/// Its key is made of the watch, the number of the message and what it says: a copy is the same entry, however often it
/// comes, and the ledger holds it once.
enum Notice {
    /// - Parameter resource: what the provider calls it, where nothing is known of that yet.
    static func message(
        _ known: WatchTable.Known, _ signal: Signal, number: String, resource: String? = nil
    ) -> Reception.Message {
        let row = known.row
        // Only a watch that stands is worth a reading; of others, what is needed to stop them is kept.
        let signal = row.state == .ended ? .handshake : signal
        let learned = row.resourceID == nil && row.providerID == nil ? resource : nil
        let number = signal == .handshake ? "handshake" : number
        var received = NotificationReceived()
        received.watch = row.watch
        received.connection = row.connection
        received.calendar = row.calendar
        received.notificationNumber = number
        received.signal = signal
        received.resourceID = learned
        let mark = "\(number) \(signal.rawValue)\(learned == nil ? "" : " learned")"
        let draft = Draft(
            received, stream: "watch/\(row.watch)", owner: row.owner, actor: row.provider.rawValue,
            key: Array("notification \(row.watch) \(mark)".utf8))
        return Reception.Message(
            watch: row.watch, calendar: row.calendar, mark: mark, draft: draft,
            isOfChange: signal != .handshake && signal != .other)
    }

    /// It tells nothing that is not known.
    static func isIdle(_ known: WatchTable.Known, _ signal: Signal) -> Bool {
        let isPlaceKnown = known.row.resourceID != nil || known.row.providerID != nil
        return isPlaceKnown && (known.row.state == .ended || signal == .handshake)
    }
}
