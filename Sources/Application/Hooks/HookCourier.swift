import Entries
import HTTP
import Ledger
import Machine
import Projections
import SQLite
import Secrets
import Vault

/// Tells a hook what waits for it, in order, until all is told, something is not taken, or its time is over.
///
/// What was taken is written down after some messages, so a kill has some of them told again, under the same ids. While whoever is
/// told takes time, the home is lent to others; what they change about the hook meanwhile counts.
struct HookCourier {
    let home: OpenHome

    /// Told in one turn; what is left has the next.
    private static let mostInTurn: Int64 = 200
    private static let turnMilliseconds: Int64 = 30_000
    /// Told before it is written down that they were.
    private static let batch: Int64 = 50
    private static let seconds = 15

    /// After each failure of a message it waits so long; after the last it is given up.
    static let waits: [Int64] = [
        5_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 5 * 3_600_000, 10 * 3_600_000, 14 * 3_600_000, 20 * 3_600_000,
        24 * 3_600_000,
    ]
    /// Who takes nothing for so long is told nothing more.
    static let patience: Int64 = 5 * 86_400_000

    struct Summary: Equatable {
        var told: Int64 = 0
        var failed: Int64 = 0
        var given: Int64 = 0
        var ended: Int64 = 0
    }

    /// Everything that is due; by hand also what was to wait for another attempt.
    func run(isByHand: Bool = false) throws -> Summary {
        let now = home.options.now()
        let due = try home.views().read { views in
            try HookRow.all(views).filter { hook in
                try hook.due(at: now, views).map { $0 <= now || isByHand } ?? false
            }
        }
        var summary = Summary()
        for hook in due { try run(hook, &summary) }
        return summary
    }

    /// One hook.
    func run(_ id: String) throws -> Summary {
        var summary = Summary()
        guard let hook = try home.views().read({ try HookRow.all($0).first { $0.hook == id } }), hook.ended == nil,
            hook.isAllowed
        else { return summary }
        try run(hook, &summary)
        return summary
    }

    private func run(_ hook: HookRow, _ summary: inout Summary) throws {
        var hook = hook
        let began = Moment.monotonicMilliseconds()
        let names = try home.userNames()
        let positions = try home.views().read { try hook.next($0, limit: Self.mostInTurn) }
        var told: Int64 = 0
        for position in positions {
            guard let entry = try home.entryAnswer(position, names: names) else { break }
            let outcome = try tell(
                HookMessage(
                    hook.withPersonal ? entry.discreet(to: hook.owner) : entry, hook: hook.hook,
                    withPersonal: hook.withPersonal), hook)
            switch outcome {
            case .taken:
                (told, hook.through) = (told + 1, position)
                summary.told += 1
                let isOver = Moment.monotonicMilliseconds() - began > Self.turnMilliseconds
                if told == Self.batch || isOver {
                    guard try record(&hook, told) else { return }
                    told = 0
                }
                if isOver { return }
            case .refused(let code, let retryAfter):
                guard try record(&hook, told) else { return }
                try fail(hook, position, code, retryAfter, &summary)
                return
            case .gone:
                guard try record(&hook, told) else { return }
                try end(hook, .gone)
                summary.ended += 1
                return
            case .interrupted:
                _ = try record(&hook, told)
                throw Refusal(.interrupted, "stopped while telling others", hint: "Nothing was lost.")
            }
        }
        _ = try record(&hook, told)
    }

    // MARK: Telling

    private enum Outcome {
        case taken
        case refused(code: String, retryAfter: Int64?)
        case gone
        case interrupted
    }

    private func tell(_ message: HookMessage, _ hook: HookRow) throws -> Outcome {
        switch hook.way {
        case .address: try send(message, hook)
        case .command: try hand(message, hook)
        }
    }

    private func send(_ message: HookMessage, _ hook: HookRow) throws -> Outcome {
        let vault = try home.vault()
        let place = HookSecret.place(hook.hook)
        guard let address = try vault.get(owner: hook.owner, connection: place, name: "address"),
            let secret = try vault.get(owner: hook.owner, connection: place, name: "secret"),
            let target = address.reveal({ try? Address($0) })
        else { return .refused(code: "no_secret", retryAfter: nil) }
        var request = HTTP.Request("POST", target, body: message.body)
        request.headers = [
            Header("Content-Type", "application/json"), Header("User-Agent", "Daybook/\(Release.version)"),
        ]
        request.headers += message.headers(secret: secret, at: home.options.now()).map { Header($0.0, $0.1) }
        request.followsRedirects = false
        (request.limits.totalSeconds, request.limits.connectSeconds, request.limits.bodyBytes) = (
            Self.seconds, 10, 64 << 10
        )
        let transport = home.transport(try home.networkRules())
        guard let answer = transport.send([request]).first else { return .refused(code: "no_answer", retryAfter: nil) }
        switch answer {
        case .success(let response) where (200..<300).contains(response.status): return .taken
        case .success(let response) where response.status == 410: return .gone
        case .success(let response):
            return .refused(
                code: "http_\(response.status)", retryAfter: response.retryAfterMilliseconds(now: home.options.now()))
        case .failure(let error) where error.kind == .interrupted: return .interrupted
        // It answered, and at length.
        case .failure(let error) where error.kind == .tooLarge: return .taken
        case .failure(let error): return .refused(code: error.kind.rawValue, retryAfter: nil)
        }
    }

    private func hand(_ message: HookMessage, _ hook: HookRow) throws -> Outcome {
        let words = try home.vault().get(owner: hook.owner, connection: HookSecret.place(hook.hook), name: "command")
        guard let words = words?.reveal({ StoredList.texts($0) }), !words.isEmpty else {
            return .refused(code: "no_command", retryAfter: nil)
        }
        do {
            let status = try home.options.network.program(words, message.body)
            return status == 0 ? .taken : .refused(code: "exit_\(status)", retryAfter: nil)
        } catch {
            return Interruption.signalNumber != nil ? .interrupted : .refused(code: "not_started", retryAfter: nil)
        }
    }

    // MARK: Writing down

    /// False where somebody changed the hook meanwhile: then what was told counts as not told, and is told again.
    private func record(_ hook: inout HookRow, _ told: Int64) throws -> Bool {
        guard told > 0 else { return true }
        var delivered = HookDelivered()
        (delivered.hook, delivered.through, delivered.messages) = (hook.hook, hook.through, told)
        (hook.failingEntry, hook.attempts) = (nil, 0)
        return try write(delivered, &hook)
    }

    private func fail(
        _ hook: HookRow, _ position: Int64, _ code: String, _ retryAfter: Int64?, _ summary: inout Summary
    ) throws {
        var hook = hook
        let now = home.options.now()
        summary.failed += 1
        if let since = hook.failingSince, now - since > Self.patience {
            try end(hook, .failing)
            summary.ended += 1
            return
        }
        var failed = HookFailed()
        (failed.hook, failed.entry, failed.errorCode) = (hook.hook, position, code)
        failed.attempt = hook.failingEntry == position ? hook.attempts + 1 : 1
        if failed.attempt <= Int64(Self.waits.count) {
            let wait = Self.waits[Int(failed.attempt) - 1]
            let spread = Int64(home.options.randomness.bytes(1)[0]) * wait / 2_560
            failed.retry = now + max(wait + spread, min(retryAfter ?? 0, 86_400_000))
        } else {
            summary.given += 1
        }
        _ = try write(failed, &hook)
    }

    private func end(_ hook: HookRow, _ reason: HookEnd) throws {
        var hook = hook
        var removed = HookRemoved()
        (removed.hook, removed.reason) = (hook.hook, reason)
        if try write(removed, &hook) {
            try home.vault().destroy(owner: hook.owner, connection: HookSecret.place(hook.hook))
        }
    }

    private func write<SomeFact: Fact>(_ fact: SomeFact, _ hook: inout HookRow) throws -> Bool {
        var draft = Draft(fact, stream: "hook/\(hook.hook)", owner: hook.owner, actor: Actor.scheduler)
        draft.expectedVersion = hook.version + 1
        do {
            try home.append([draft])
            hook.version += 1
            return true
        } catch AppendError.unexpectedVersion {
            return false
        }
    }
}
