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
    private let isAttended = Atomic<Bool>(false)
    private let told = Guarded<Set<String>>([])

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

    /// Somebody waits for the answer of a server, and is told why it takes so long also where this is no terminal.
    func attend() { isAttended.store(true, ordering: .relaxed) }

    /// A server that answers sooner needs no word.
    private static let patienceWithServers: Int64 = 2_000

    func show(_ waiting: Network.Waiting) {
        guard isShown, isTerminal || isAttended.load(ordering: .relaxed) else { return }
        switch waiting {
        case .silent(let host, let milliseconds):
            guard milliseconds >= Self.patienceWithServers else { return }
            let seconds = isTerminal ? " for \(milliseconds / 1_000) s" : ""
            say("\(Visible.text(host)) has not answered\(seconds) yet; Ctrl-C ends it")
        case .again(let host, let attempt, let all):
            say(
                "\(Visible.text(host)) does not answer as it should; trying again (\(attempt) of \(all)), Ctrl-C ends it"
            )
        }
    }

    /// In place on a terminal; elsewhere once.
    private func say(_ text: String) {
        guard told.with({ $0.insert(text).inserted }) else { return }
        try? Terminal.write(isTerminal ? "\r\u{1b}[K\(text)" : text + "\n", to: .error)
        isOnLine.store(isTerminal, ordering: .relaxed)
    }

    /// Takes the line away before anything else is written.
    func clear() {
        if isOnLine.exchange(false, ordering: .relaxed) { try? Terminal.write("\r\u{1b}[K", to: .error) }
    }
}
