import Application
import Entries
import Machine
import Rehearsal
import Secrets
import Sync

/// A home of three users with many years of meetings behind them. Their connections are paused: there is no server that
/// could be read.
///
/// It prints a line for each user: the id, a token that may read, and the ids of people with whom there were most meetings,
/// with tabs between.
enum LargeHome {
    private static let users = 3
    private static let people = 200
    private static let batch = 1_000
    /// Between two fetches: so a million entries are some eleven years.
    private static let step: Int64 = 5_400_000
    /// Of what is invented, so much is a fetch.
    private static let entriesInFetch: Int64 = 16

    static func make(_ path: String, entries: Int) throws {
        let options = OpenHome.Options()
        let folder = HomeFolder(path)
        _ = try NewHome.create(folder, userName: "Ada", zone: "Europe/Berlin", options)
        let home = try OpenHome(folder, options)
        // What is invented ends about now.
        let begins = Moment.now() - Int64(entries) / entriesInFetch * step
        var invention = Invention(seed: 1, users: users, after: try home.head.size, from: begins, step: step)
        var found = Found()
        for first in stride(from: 0, to: entries, by: batch) {
            let drafts = invention.next(min(batch, entries - first))
            for draft in drafts { try found.take(draft) }
            try home.append(drafts)
        }
        for (connection, owner) in found.connections.sorted(by: { $0.key < $1.key }) {
            var paused = ConnectionPaused()
            paused.connection = connection
            try home.append([
                Draft(paused, stream: "connection/\(connection)", owner: owner, actor: "bench")
            ])
        }
        _ = try home.views()
        for user in found.users {
            let issued = try IssueTokenRequest(user: user, tokenName: "Bench", scopes: ["read"]).answer(in: home)
            let token = issued.secret.secret.reveal { $0 }
            print(([user, token] + found.busiest(of: user, people)).joined(separator: "\t"))
        }
        try home.close()
    }

    /// What was invented, as far as it is asked for later.
    private struct Found {
        var users: [String] = []
        var connections: [String: String] = [:]
        var activities: [String: [String: Int]] = [:]

        mutating func take(_ draft: Draft) throws {
            switch draft.type {
            case UserAdded.type: users.append(draft.owner)
            case ConnectionAdded.type: connections[try ConnectionAdded(draft.content).connection] = draft.owner
            case ActivityLogged.type:
                activities[draft.owner, default: [:]][try ActivityLogged(draft.content).person, default: 0] += 1
            default: break
            }
        }

        func busiest(of user: String, _ count: Int) -> [String] {
            (activities[user] ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count).map(\.key)
        }
    }
}
