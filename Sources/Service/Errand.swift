import Application
import Machine

/// For whom the work on this thread is done, and whether it is still wanted.
final class Errand: Sendable {
    /// Hears how far it is.
    let hear: @Sendable (OpenHome.Progress) -> Void
    /// Hears why it has to wait.
    let hearWaiting: @Sendable (Network.Waiting) -> Void
    /// False once nobody waits for it any more, or its time is over.
    let goesOn: @Sendable () -> Bool

    init(
        hear: @escaping @Sendable (OpenHome.Progress) -> Void = { _ in },
        hearWaiting: @escaping @Sendable (Network.Waiting) -> Void = { _ in },
        goesOn: @escaping @Sendable () -> Bool = { true }
    ) {
        self.hear = hear
        self.hearWaiting = hearWaiting
        self.goesOn = goesOn
    }

    private static let current = ThreadLocal<Errand>()

    /// Does something for somebody.
    func run<Answer>(_ body: () throws -> Answer) rethrows -> Answer { try Self.current.with(self, body) }

    // MARK: What the home asks

    /// Tells who waits, and ends the work when nobody does.
    static func report(_ progress: OpenHome.Progress) throws {
        guard let errand = current.value else { return }
        guard errand.goesOn() else {
            throw Refusal(.interrupted, "stopped while \(progress.work)", hint: "Nothing was lost.")
        }
        errand.hear(progress)
    }

    static func report(_ waiting: Network.Waiting) { current.value?.hearWaiting(waiting) }

    static func isWanted() -> Bool { current.value?.goesOn() ?? true }
}
