import Machine

/// Tells whoever waits for it that the ledger has grown.
public final class Bell: Sendable {
    private let position: Guarded<Int64>

    init(_ position: Int64) { self.position = Guarded(position) }

    /// The position of the newest entry.
    public var last: Int64 { position.with { $0 } }

    func ring(_ newest: Int64) {
        if last < newest { position.with { $0 = max($0, newest) } }
    }

    /// Wakes whoever waits, though nothing has come.
    func shake() { position.with { _ in } }

    /// Waits until there is an entry after this one; nil when the time is over.
    @discardableResult
    public func wait(after known: Int64, milliseconds: Int64) -> Int64? {
        position.wait(milliseconds: milliseconds) { $0 > known ? $0 : nil }
    }
}
