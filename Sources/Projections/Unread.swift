/// The types of entries that no view reads for itself, and why. `entry_index` has them as it has every entry, so the log
/// shows them; a test holds this list against the projections.
enum Unread {
    static let reasons: [String: String] = {
        var reasons: [String: String] = [:]
        for (types, reason) in groups { for type in types { reasons[type] = reason } }
        return reasons
    }()

    private static let groups: [([String], String)] = [
        (
            ["ledger.opened", "ledger.accepted", "checkpoint.signed", "key.rotated"],
            "It is about the ledger itself, and is asked of the ledger."
        ),
        (["backup.made"], "Backups are listed from the ledger when something is erased, which is rare."),
        (["personal.erased"], "The views follow an erasure by being posted anew."),
        (
            ["feed.opened", "feed.rotated", "feed.closed"],
            "No feed is served yet; the service will bring the view that it asks."
        ),
    ]
}
