import Application
import Machine
import Synchronization

/// Shows long work on standard error: in place on a terminal, else as a line every ten seconds. It is also where a
/// request to stop is heard.
final class ProgressLine: Sendable {
    private let isShown: Bool
    private let isTerminal: Bool
    private let began = Atomic<Int64>(0)
    private let lastShown = Atomic<Int64>(0)
    private let isOnLine = Atomic<Bool>(false)

    /// Work that is done sooner needs no word.
    private static let patience: Int64 = 500

    init(isShown: Bool) {
        self.isShown = isShown
        isTerminal = Terminal.isTerminal(.error)
    }

    /// A new piece of work begins.
    func begin() { began.store(Moment.monotonicMilliseconds(), ordering: .relaxed) }

    func show(_ progress: OpenHome.Progress) throws {
        if Interruption.signalNumber != nil {
            throw Refusal(
                .interrupted, "stopped while \(progress.work)", hint: "Nothing was lost. Run it again to go on.")
        }
        let now = Moment.monotonicMilliseconds()
        let pause: Int64 = isTerminal ? 100 : 10_000
        guard isShown, progress.done < progress.all, now - began.load(ordering: .relaxed) > Self.patience,
            now - lastShown.load(ordering: .relaxed) >= pause
        else { return }
        lastShown.store(now, ordering: .relaxed)
        let percent = progress.all > 0 ? 100 * progress.done / progress.all : 100
        let text =
            "\(progress.work): \(Amounts.grouped(progress.done)) of \(Amounts.grouped(progress.all)) (\(percent) %)"
        try? Terminal.write(isTerminal ? "\r\u{1b}[K\(text)" : text + "\n", to: .error)
        isOnLine.store(isTerminal, ordering: .relaxed)
    }

    /// Takes the line away before anything else is written.
    func clear() {
        if isOnLine.exchange(false, ordering: .relaxed) { try? Terminal.write("\r\u{1b}[K", to: .error) }
    }
}
