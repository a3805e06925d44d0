import Application
import Entries
import Foundation
import Ledger
import Machine
import Testing

@testable import Service

@Suite struct HouseholdTests {
    @Test(arguments: ["moved", "replaced"])
    func `G24 of a ledger that was taken away nothing is acknowledged`(_ what: String)
        throws
    {
        let home = try ServedHome()
        let ledger = home.folder.ledger
        _ = try home.household.ask(AddUserRequest(user: home.user, newName: "Ben"))
        #expect(try home.household.ask(UsersRequest(user: nil)).users.count == 2)
        try FileManager.default.moveItem(atPath: ledger, toPath: ledger + ".away")
        if what == "replaced" { try Data("another".utf8).write(to: URL(filePath: ledger)) }
        let refusal = #expect(throws: Refusal.self) {
            try home.household.ask(AddUserRequest(user: home.user, newName: "Cy"))
        }
        #expect(refusal?.kind == .unusableHome && refusal?.message.contains("moved, removed or replaced") == true)
        #expect(home.household.trouble != nil)
        #expect(try home.household.ask(UsersRequest(user: nil)).users.count == 2)
        try? FileManager.default.removeItem(atPath: ledger)
        try FileManager.default.moveItem(atPath: ledger + ".away", toPath: ledger)
        #expect(home.household.trouble == nil)
        _ = try home.household.ask(AddUserRequest(user: home.user, newName: "Cy"))
        #expect(try home.household.ask(UsersRequest(user: nil)).users.count == 3)
    }

    @Test func `what was answered can be read, by whoever asks next and wherever`() throws {
        let home = try ServedHome()
        let added = try home.household.ask(AddUserRequest(user: home.user, newName: "Ben"))
        let users = try home.household.ask(UsersRequest(user: nil)).users
        #expect(users.map(\.user).contains(added.user))
    }

    @Test func `reading goes on while somebody has the home`() throws {
        let home = try ServedHome()
        // The companion is made once, which needs the home.
        _ = try home.household.ask(UsersRequest(user: nil))
        try home.household.with { _ in
            let users = try Background { try home.household.ask(UsersRequest(user: nil)).users.count }.wait()
            #expect(users == 1)
        }
    }

    @Test func `a companion writes nothing, whatever it is asked`() throws {
        let home = try ServedHome()
        #expect(throws: Refusal.self) {
            try home.household.read { try AddUserRequest(user: nil, newName: "Ben").answer(in: $0) }
        }
        #expect(try home.count("user.added") == 1)
    }

    @Test func `a companion sees the views that were put in the place of others`() throws {
        let home = try ServedHome()
        _ = try home.household.ask(UsersRequest(user: nil))
        _ = try home.household.ask(RebuildRequest(only: [], verifies: false))
        _ = try home.household.ask(AddUserRequest(user: home.user, newName: "Ben"))
        #expect(try home.household.ask(UsersRequest(user: nil)).users.count == 2)
    }

    @Test func `H02 many appends at once are all on the disk when they are answered`() throws {
        let home = try ServedHome()
        let answered = Guarded<[Int64]>([])
        let threads = try (0..<8).map { writer in
            try Background {
                for number in 0..<50 {
                    var fact = NotificationReceived()
                    (fact.watch, fact.connection) = ("w\(writer)", "c")
                    fact.notificationNumber = String(number)
                    let draft = Draft(fact, stream: "watch/w\(writer)", owner: home.user, actor: "test")
                    home.household.append([draft]) { result in
                        if case .success(let receipts) = result { answered.with { $0.append(receipts[0].position) } }
                    }
                }
            }
        }
        for thread in threads { try thread.wait() }
        let positions = answered.wait { $0.count == 400 ? $0 : nil }
        #expect(Set(positions).count == 400)
        #expect(try home.count("notification.received") == 400)
    }

    @Test func `one that is refused in a batch does not take the others with it`() throws {
        let home = try ServedHome()
        let results = Guarded<[Bool]>([])
        var user = UserChanged()
        user.user = home.user
        let good = Draft(user, stream: "user/x", owner: home.user, actor: "test")
        let bad = Draft(user, stream: "user/x", owner: home.user, actor: "test", cause: 1_000_000)
        for draft in [good, bad, good] {
            home.household.append([draft]) { result in
                results.with { $0.append((try? result.get()) != nil) }
            }
        }
        #expect(results.wait { $0.count == 3 ? $0 : nil } == [true, false, true])
    }

    @Test func `the bell rings for what is appended`() throws {
        let home = try ServedHome()
        let last = home.household.bell.last
        let waiting = try Background { home.household.bell.wait(after: last, milliseconds: 20_000) }
        _ = try home.household.ask(AddUserRequest(user: home.user, newName: "Ben"))
        #expect(try waiting.wait() ?? 0 > last)
        #expect(home.household.bell.wait(after: 1_000, milliseconds: 1) == nil)
    }

    @Test func `nothing is answered once it is closed, and the home is free`() throws {
        let home = try ServedHome()
        try home.household.close()
        #expect(throws: Refusal.self) { try home.household.ask(UsersRequest(user: nil)) }
        let refused = Guarded(false)
        home.household.append([]) { result in
            if case .failure = result { refused.with { $0 = true } }
        }
        #expect(refused.with { $0 })
        #expect(try Door(home.folder, home.options).ask(UsersRequest(user: nil)).answer.users.count == 1)
    }
}
