import Synchronization

/// Gives one after the other, and then the last one again.
final class Turns<Value: Sendable>: Sendable {
    private let values: [Value]
    private let count = Atomic(0)

    init(_ values: [Value]) { self.values = values }

    var taken: Int { count.load(ordering: .relaxed) }

    func next() -> Value { values[min(count.wrappingAdd(1, ordering: .relaxed).oldValue, values.count - 1)] }
}
