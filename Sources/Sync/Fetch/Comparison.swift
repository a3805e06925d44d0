import Providers

/// A reading of the whole, held against what is known: what is missing, and whether so much is that something else is the
/// likelier reason than deletion.
struct Comparison {
    /// By the keyed hash of the source's identifier.
    let present: Set<String>
    /// Known, inside the range that the reading covered, and not found; nothing where the reading was not complete.
    let missing: [KnownCalendar.Item]
    let suspicion: Suspicion

    init(_ found: Reading, _ known: KnownCalendar, _ names: Names) {
        let present = Set(found.items.map { names.provided($0.identifier) })
        // What is said to be gone is neither missing nor a reason for suspicion.
        let gone = Set(found.gone.map(names.provided)).subtracting(present)
        let expected = known.items.values.filter { !gone.contains($0.identifier) }
        let inRange = expected.filter { item in
            present.contains(item.identifier)
                || (item.ends ?? .max) >= (found.coveredFrom ?? .min) && item.starts < (found.coveredTo ?? .max)
        }
        let missing =
            found.isComplete
            ? inRange.filter { !present.contains($0.identifier) }.sorted { $0.identifier < $1.identifier } : []
        self.present = present
        self.missing = missing
        suspicion = Suspicion(
            known: Int64(found.items.isEmpty ? expected.count : inRange.count),
            found: Int64(found.items.isEmpty ? 0 : inRange.count - missing.count), isEmpty: found.items.isEmpty,
            isKnown: !missing.isEmpty && missing.allSatisfy(known.isAbsent))
    }
}

/// Whether a reading found so little of what is known that something else is the likelier reason than deletion.
public struct Suspicion: Sendable, Equatable {
    public let known: Int64
    public let found: Int64
    let isEmpty: Bool
    /// What is missing now was missing in a reading that was applied.
    let isKnown: Bool

    public init(known: Int64, found: Int64, isEmpty: Bool, isKnown: Bool = false) {
        self.known = known
        self.found = found
        self.isEmpty = isEmpty
        self.isKnown = isKnown
    }

    /// Nothing at all where something was known, or less than 70 of 100 where at least ten were.
    public var isGrave: Bool {
        if isKnown { return false }
        if isEmpty && known > 0 { return true }
        return known >= 10 && found * 10 < known * 7
    }
}
