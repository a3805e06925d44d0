import Entries
import HTTP
import Ledger
import Projections
import SQLite
import Schedule
import Vault

/// What is connected: does it succeed, and for how long will it?
extension Doctor {
    private struct Source {
        let id: String
        let name: String
        let provider: String
        let credential: String?
        let grantExpires: Int64?
        let granted: Int64?
        let lastAttempt: Int64?
        let lastSuccess: Int64?
        let failures: Int64
        let minutes: Int64
        let isPaused: Bool
        let owner: String
        let errorClass: String?
        let errorCode: String?
        let message: String?
        let restsUntil: Int64?
    }

    mutating func lookAtConnections(_ home: OpenHome) {
        let sources: [Source]
        do {
            sources = try home.views().read { try Self.sources($0) }
        } catch {
            return note("connections", .failure, "\(error)", "daybook rebuild")
        }
        for source in sources { look(at: source, home) }
        lookAtClients(home, sources)
    }

    private static func sources(_ views: Connection) throws -> [Source] {
        try views.prepare(
            """
            SELECT connection, COALESCE(name, provider), provider, credential, grant_expires, added, last_success,
                consecutive_failures, sync_frequency_minutes, is_paused = 1 OR is_sync_enabled = 0,
                owner, last_attempt, last_error_class, last_error_code, last_error_message, breaker_until
            FROM connection ORDER BY added, connection
            """
        ).map { row in
            Source(
                id: row.text(0), name: row.text(1), provider: row.text(2), credential: row.textIfPresent(3),
                grantExpires: row.integerIfPresent(4), granted: row.integerIfPresent(5),
                lastAttempt: row.integerIfPresent(11),
                lastSuccess: row.integerIfPresent(6), failures: row.integer(7), minutes: row.integer(8),
                isPaused: row.integer(9) == 1, owner: row.text(10), errorClass: row.textIfPresent(12),
                errorCode: row.textIfPresent(13), message: row.textIfPresent(14),
                restsUntil: row.integerIfPresent(15))
        }
    }

    /// What is connected and could not be opened, for what opens it is not in the vault.
    func unopened(_ home: OpenHome, _ vault: Vault?) throws -> [(name: String, reconnect: String)] {
        try home.views().read { try Self.sources($0) }.compactMap { source in
            guard let provider = Provider(rawValue: source.provider),
                let needed = ConnectionSecrets.Name(opening: provider),
                try vault?.names(owner: source.owner, connection: source.id).contains(needed.rawValue) != true
            else { return nil }
            let reconnect = Advice(connection: source.id, provider: provider).reconnect
            return (source.name, provider == .feed ? reconnect + " --new-address" : reconnect)
        }
    }

    private static let day: Int64 = 86_400_000

    private mutating func look(at source: Source, _ home: OpenHome) {
        let check = "connection “\(source.name)”"
        let again = "daybook connections reconnect \(source.id.prefix(8))"
        let now = home.options.now()
        if source.credential == "refused" {
            return note(check, .failure, "its server refused the credentials, so it is not read", again)
        }
        if let end = source.grantExpires {
            guard end > now else { return note(check, .failure, "its grant ran out on \(time(end))", again) }
            if end - now < 3 * Self.day {
                let why =
                    source.provider == "google"
                    ? "a Google client in “Testing” loses its grants after seven days; publish it, and they last" : ""
                return note(
                    check, .warning,
                    "its grant ends on \(time(end))\(why.isEmpty ? "" : ": \(why)")", again)
            }
        }
        if source.isPaused { return note(check, .ok, "paused") }
        if source.failures > 0 { return note(check, .warning, failing(source, now), advice(source)) }
        guard let success = source.lastSuccess else {
            return note(check, .warning, "it was never read", "daybook sync --connection \(source.id.prefix(8))")
        }
        if now - success > 2 * source.minutes * 60_000 {
            return note(
                check, .warning,
                "last read on \(time(success)), and it should be every \(source.minutes) minutes",
                "daybook sync, or a timer that does it (docs/operations.md)")
        }
        let due = Grid.of(source.id, minutes: source.minutes).nextDue(last: source.lastAttempt, now: now)
        note(check, .ok, "last read on \(time(success)), next due on \(time(due))\(grant(source, home, now))")
    }

    private func failing(_ source: Source, _ now: Int64) -> String {
        let count = source.failures == 1 ? "its last reading" : "\(source.failures) readings in a row"
        let rest = source.restsUntil.flatMap { until in
            until > now ? "; it is not read by itself until \(time(until))" : nil
        }
        return "\(count) failed\(source.message.map { ": \($0)" } ?? "")\(rest ?? "")"
    }

    private func advice(_ source: Source) -> String {
        guard let provider = Provider(rawValue: source.provider),
            let errorClass = source.errorClass.flatMap(ErrorClass.init(rawValue:))
        else { return "daybook sync --connection \(source.id.prefix(8))" }
        return Advice(connection: source.id, provider: provider).text(errorClass, source.errorCode)
    }

    /// How old the grant is, what it is good for, and when it ends, as far as that is known.
    private func grant(_ source: Source, _ home: OpenHome, _ now: Int64) -> String {
        guard ["google", "microsoft"].contains(source.provider) else { return "" }
        let query = Query(
            stream: "connection/\(source.id)", types: [CredentialGranted.type], isBackwards: true, limit: 1)
        guard let entry = (try? home.reader.entries(query).first) ?? nil,
            let fact = try? CredentialGranted(entry.content)
        else { return "" }
        let days = max(0, now - entry.at) / Self.day
        let end = source.grantExpires.map { "ends on \(time($0))" } ?? "has no end that is known"
        let scopes = fact.scopes.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        let good = scopes.isEmpty ? "" : " and is good for \(scopes.joined(separator: ", "))"
        return "; its grant is \(days == 1 ? "a day" : "\(days) days") old, \(end)\(good)"
    }

    mutating func lookAtAllowances(_ home: OpenHome) {
        guard let allowances = try? home.allowances() else { return }
        for text in allowances.unreadable { note("allowed hosts", .warning, OpenHome.warning(ofAllowance: text)) }
        if allowances.unreadable.isEmpty, !allowances.readable.isEmpty {
            note("allowed hosts", .ok, allowances.readable.map(\.description).sorted().joined(separator: ", "))
        }
    }

    /// A granted account needs the client to which it was granted.
    private mutating func lookAtClients(_ home: OpenHome, _ sources: [Source]) {
        for provider in [Provider.google, .microsoft]
        where sources.contains(where: { $0.provider == provider.rawValue }) {
            let known = try? ProviderRegistration.load(provider, home.vault())
            if known == nil {
                note(
                    "client of \(provider.rawValue)", .failure, "none is known, so that no grant can be renewed",
                    provider.registering)
            } else {
                note("client of \(provider.rawValue)", .ok, "it is known")
            }
        }
    }
}
