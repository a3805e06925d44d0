import HTTP
import Synchronization

/// Gives one after the other, and then the last one again.
final class Turns<Value: Sendable>: Sendable {
    private let values: [Value]
    private let count = Atomic(0)

    init(_ values: [Value]) { self.values = values }

    var taken: Int { count.load(ordering: .relaxed) }

    func next() -> Value { values[min(count.wrappingAdd(1, ordering: .relaxed).oldValue, values.count - 1)] }
}

/// Time that passes when somebody waits, and chance as it is told.
final class FakeTime {
    private(set) var now: Int64 = 1_700_000_000_000
    private(set) var waits: [Int64] = []
    var chance: () -> Double = { 0 }
    /// Hears of a wait before it is over.
    var onWait: (Int64) throws -> Void = { _ in }
    /// By how much somebody sets the clock during each wait.
    var jump: Int64 = 0

    var surroundings: Patience.Surroundings {
        Patience.Surroundings(
            now: { self.now },
            wait: {
                try self.onWait($0)
                self.waits.append($0)
                self.now += $0 + self.jump
            },
            chance: { self.chance() })
    }

    func set(_ now: Int64) { self.now = now }
}

/// Answers from a script, and remembers what it was asked and when.
final class Script: Transport {
    private(set) var batches: [[Request]] = []
    var answer: (_ request: Request, _ number: Int) -> Result<Response, HTTPError>
    private var asked: [String: Int] = [:]

    init(_ answer: @escaping (_ request: Request, _ number: Int) -> Result<Response, HTTPError>) {
        self.answer = answer
    }

    func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        batches.append(requests)
        return requests.map { request in
            asked[request.address.text, default: 0] += 1
            return answer(request, asked[request.address.text, default: 0])
        }
    }

    var count: Int { batches.reduce(0) { $0 + $1.count } }
}
