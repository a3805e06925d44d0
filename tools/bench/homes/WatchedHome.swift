import Application
import Entries
import Machine
import Secrets
import Sync

/// A home with an account at Google whose calendars are all watched.
///
/// It prints a token of its user that may read, and then a line for each watch: the id, what proves its messages, and what
/// Google calls the calendar, with tabs between.
enum WatchedHome {
    private static let batch = 1_000
    private static let lasting: Int64 = 6 * 86_400_000

    static func make(_ path: String, watches: Int) throws {
        let options = OpenHome.Options()
        let folder = HomeFolder(path)
        let user = try NewHome.create(folder, userName: "Ada", zone: "Europe/Berlin", options).user
        let home = try OpenHome(folder, options)
        var connected = ConnectionAdded()
        (connected.connection, connected.provider, connected.name) = ("google", .google, "Google")
        try home.append([Draft(connected, stream: "connection/google", owner: user, actor: "bench")])
        let ids = (0..<watches).map { "watch-\($0)" }
        for first in stride(from: 0, to: watches, by: batch) {
            try home.append(ids[first..<min(first + batch, watches)].map { opened($0, user) })
        }
        let issued = try IssueTokenRequest(user: user, tokenName: "Bench", scopes: ["read", "admin"]).answer(in: home)
        print(issued.secret.secret.reveal { $0 })
        let names = try home.watches().names
        for id in ids { print("\(id)\t\(names.proof(ofWatch: id).reveal { $0 })\tresource-\(id)") }
        try home.close()
    }

    private static func opened(_ id: String, _ user: String) -> Draft {
        var opened = WatchOpened()
        (opened.watch, opened.connection, opened.calendar) = (id, "google", "calendar-of-\(id)")
        (opened.provider, opened.providerID, opened.resourceID) = (.google, id, "resource-\(id)")
        opened.expires = Moment.now() + lasting
        return Draft(opened, stream: "watch/\(id)", owner: user, actor: "bench")
    }
}
