import Machine

/// Tells whoever waits for it that the ledger has grown, or that something else has ended.
public final class Bell: Sendable {
    private struct State {
        var position: Int64
        var strokes: Int64 = 0
    }

    private let state: Guarded<State>

    init(_ position: Int64) { state = Guarded(State(position: position)) }

    /// The position of the newest entry.
    public var last: Int64 { state.with(\.position) }

    /// How often it was rung.
    var strokes: Int64 { state.with(\.strokes) }

    func ring(_ newest: Int64) {
        guard last < newest else { return }
        state.with { state in
            state.position = max(state.position, newest)
            state.strokes += 1
        }
    }

    /// Rings, though no entry has come.
    func shake() { state.with { $0.strokes += 1 } }

    /// Waits until there is an entry after this one; nil when the time is over.
    @discardableResult
    public func wait(after known: Int64, milliseconds: Int64) -> Int64? {
        state.wait(milliseconds: milliseconds) { $0.position > known ? $0.position : nil }
    }

    /// Waits for the next stroke; nil when the time is over, or there is a reason to wait no more.
    func wait(forStrokeAfter heard: Int64, milliseconds: Int64, unless isOver: () -> Bool) -> Int64? {
        let stroke: Int64?? = state.wait(milliseconds: milliseconds) { state in
            if isOver() { return .some(nil) }
            return state.strokes > heard ? .some(state.strokes) : nil
        }
        return stroke ?? nil
    }
}
