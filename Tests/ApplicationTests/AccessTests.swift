import Entries
import Foundation
import Rehearsal
import Secrets
import Testing
import Vault

@testable import Application

/// Passwords, tokens and users as they are asked for.
@Suite struct AccessTests {
    private static let good = "four words in a row"

    private func home() throws -> RunningHome {
        let home = try RunningHome()
        _ = try home.ask(AddUserRequest(user: nil, newName: "Grace"))
        return home
    }

    private func entries(_ home: RunningHome, of type: String) throws -> Int {
        var log = LogRequest()
        log.types = [type]
        return try home.ask(log).entries.count
    }

    private func set(_ password: String, of account: String?, as user: String? = nil) -> SetPasswordRequest {
        SetPasswordRequest(user: user, account: account, password: Confided(Secret(password)))
    }

    @Test func `T5 a user has no password before one is set, and only a hash of it is kept`() throws {
        let home = try home()
        #expect(try home.ask(UsersRequest(user: nil)).users.map(\.hasPassword) == [false, false])
        let answer = try home.ask(set(Self.good, of: "Grace"))
        #expect(answer.isReset)
        #expect(try home.ask(UsersRequest(user: nil)).users.map(\.hasPassword) == [false, true])
        #expect(try entries(home, of: "password.changed") == 1)
        #expect(try home.holds(Self.good).isEmpty)
        // Sealed as well: nobody tries passwords on a stolen vault.
        #expect(try home.holds("$argon2id").isEmpty)
        #expect(try home.ask(set(Self.good + "!", of: nil, as: "Grace")).isReset == false)
        #expect(home.refusal(set(Self.good, of: "Ada", as: "Grace"))?.kind == .badRequest)
    }

    static let bad = [
        "", "short", "elevenchars", "aaaaaaaaaaaaaaa", "Password1234", "password 1234", "123456789012", "qwertyuiopas",
        "grace grace grace", "Grace@Brandt.example", "gracebrandt12", "correct-horse-battery-staple",
        String(repeating: "long ", count: 300),
    ]

    @Test(arguments: bad)
    func `T5 a password that is short, common, or the user's name is refused, and not repeated`(_ text: String) throws {
        let home = try home()
        var edit = ChangeUserRequest(user: nil, account: "Grace")
        edit.email = "grace@brandt.example"
        _ = try home.ask(edit)
        let refusal = try #require(home.refusal(set(text, of: "Grace")))
        #expect(refusal.kind == .badRequest)
        #expect(text.isEmpty || !refusal.description.contains(text))
        #expect(try entries(home, of: "password.changed") == 0)
    }

    @Test(arguments: [Self.good, "twelve chars", "日本語のパスワードは長いです", "gracefully walking home"])
    func `T5 any other password of twelve characters is taken`(_ text: String) throws {
        #expect(try home().refusal(set(text, of: "Grace")) == nil)
    }

    @Test func `T8 a token is shown once, listed without itself, and dead when it is revoked`() throws {
        let home = try home()
        var request = IssueTokenRequest(user: "Grace", tokenName: "Dashboard", scopes: ["write", "read", "read"])
        request.expires = home.time.now() + 86_400_000
        let issued = try home.ask(request)
        let text = issued.secret.secret.reveal { $0 }
        #expect(text.hasPrefix("dbk_\(issued.token.token)_"))
        #expect(text.split(separator: "_", maxSplits: 2)[2].utf8.count == 43)
        #expect(issued.token.scopes == ["read", "write"])
        #expect(try home.ask(TokensRequest(user: "Grace")).tokens == [issued.token])
        #expect(try home.ask(TokensRequest(user: nil)).tokens.isEmpty)
        #expect(try home.holds(text).isEmpty)
        #expect(try home.holds(String(text.split(separator: "_", maxSplits: 2)[2])).isEmpty)
        _ = try home.door.open { open in
            let book = try open.access()
            #expect(book.token(text, now: home.time.now())?.user.name == "Grace")
            #expect(book.token(text + "x", now: home.time.now()) == nil)
            #expect(book.token(text, now: home.time.now() + 86_400_001) == nil)
            _ = try RevokeTokenRequest(user: "Grace", token: "Dashboard").answer(in: open)
            #expect(book.token(text, now: home.time.now()) == nil)
        }
        let isFound = try home.door.open { try $0.access().token(text, now: home.time.now()) != nil }.answer
        #expect(!isFound)
        #expect(try home.ask(TokensRequest(user: "Grace")).tokens.isEmpty)
        var all = TokensRequest(user: "Grace")
        all.withEnded = true
        #expect(try home.ask(all).tokens.map(\.reason) == ["by_hand"])
        #expect(try entries(home, of: "token.issued") == 1)
        #expect(try entries(home, of: "token.revoked") == 1)
    }

    @Test func `T8 a token is for something that there is, and for no more than its user may`() throws {
        let home = try home()
        func refusal(_ scopes: [String], _ user: String? = nil, _ name: String = "x", _ expires: Int64? = nil)
            -> Refusal.Kind?
        {
            var request = IssueTokenRequest(user: user, tokenName: name, scopes: scopes)
            request.expires = expires
            return home.refusal(request)?.kind
        }
        #expect(refusal([]) == .badRequest)
        #expect(refusal(["everything"]) == .badRequest)
        #expect(refusal(["admin"], "Grace") == .badRequest)
        #expect(refusal(["read"], nil, "") == .badRequest)
        #expect(refusal(["read"], nil, "x", 1) == .badRequest)
        #expect(refusal(["admin"]) == nil)
        #expect(refusal(["read"]) == .conflict)
        // What is another's is not found, unless an admin names it in full.
        let own = try home.ask(TokensRequest(user: nil)).tokens[0]
        #expect(home.refusal(RevokeTokenRequest(user: "Grace", token: own.token))?.kind == .notFound)
        #expect(home.refusal(RevokeTokenRequest(user: "Grace", token: "x"))?.kind == .notFound)
        let text = "dbk_abc_" + String(repeating: "s", count: 43)
        #expect(home.refusal(RevokeTokenRequest(user: nil, token: text))?.description.contains("sss") == false)
    }

    @Test func `T8 the last use of a token survives a restart, and is written at most hourly`() throws {
        let home = try home()
        let issued = try home.ask(IssueTokenRequest(user: nil, tokenName: "x", scopes: ["read"]))
        let text = issued.secret.secret.reveal { $0 }
        let now = home.time.now()
        _ = try home.door.open { open in
            let book = try open.access()
            #expect(book.token(text, now: now) != nil)
            try open.keepUses()
            #expect(book.token(text, now: now + 60_000) != nil)
            try open.keepUses()
        }
        #expect(try home.ask(TokensRequest(user: nil)).tokens[0].lastUsed == now)
    }

    @Test func `a user changes their own name and zone, and an admin the others'`() throws {
        let home = try home()
        var own = ChangeUserRequest(user: "Grace")
        (own.newName, own.zone) = ("Grace Hopper", "Europe/London")
        let changed = try home.ask(own)
        #expect(changed.changed == ["name", "zone"])
        #expect(changed.account.name == "Grace Hopper")
        own.user = "Grace Hopper"
        #expect(try home.ask(own).changed == [])
        var other = ChangeUserRequest(user: "Grace Hopper", account: "Ada")
        other.newName = "Adam"
        #expect(home.refusal(other)?.kind == .badRequest)
        var taken = ChangeUserRequest(user: nil, account: "Grace Hopper")
        taken.newName = "ADA"
        #expect(home.refusal(taken)?.kind == .conflict)
        var role = ChangeUserRequest(user: "Grace Hopper")
        role.role = "admin"
        #expect(home.refusal(role)?.kind == .badRequest)
    }

    @Test func `T26 the last admin is neither removed nor made a member`() throws {
        let home = try home()
        var demoted = ChangeUserRequest(user: nil, account: "Ada")
        demoted.role = "member"
        #expect(home.refusal(demoted)?.kind == .conflict)
        #expect(home.refusal(RemoveUserRequest(user: nil, account: "Ada"))?.kind == .conflict)
        #expect(home.refusal(RemoveUserRequest(user: "Grace", account: "Grace"))?.kind == .badRequest)
        var promoted = ChangeUserRequest(user: nil, account: "Grace")
        promoted.role = "admin"
        _ = try home.ask(promoted)
        #expect(home.refusal(demoted) == nil)
        #expect(home.refusal(RemoveUserRequest(user: "Grace", account: "Ada")) == nil)
        #expect(try home.ask(UsersRequest(user: nil)).users.map(\.name) == ["Grace"])
    }

    @Test func `who is removed leaves no token, no password and no connection that opens anything`() throws {
        let it = try DecidingHome(
            [.init(uid: "a", title: "Planning", day: "20251210", people: [DecidingHome.jane])],
            people: [DecidingHome.jane])
        let home = it.home
        _ = try home.ask(AddUserRequest(user: nil, newName: "Grace"))
        _ = try home.ask(set(Self.good, of: "Grace"))
        let token = try home.ask(IssueTokenRequest(user: "Grace", tokenName: "x", scopes: ["read"])).secret.secret
        try it.connect(
            [.init(uid: "b", title: "Hers", day: "20251210", people: [DecidingHome.jane])], user: "Grace",
            named: "hers.ics")
        var preview = RemoveUserRequest(user: nil, account: "Grace")
        preview.isDryRun = true
        let told = try home.ask(preview)
        #expect(told.connections.count == 1 && told.tokens == 1 && told.isDryRun)
        #expect(try entries(home, of: "user.removed") == 0)
        let removed = try home.ask(RemoveUserRequest(user: nil, account: "Grace"))
        #expect(removed.connections.count == 1 && removed.tokens == 1)
        #expect(try entries(home, of: "user.removed") == 1)
        #expect(try entries(home, of: "token.revoked") == 1)
        #expect(try entries(home, of: "connection.removed") == 1)
        #expect(home.refusal(UsersRequest(user: "Grace"))?.kind == .notFound)
        let text = token.reveal { $0 }
        let (isFound, places) = try home.door.open { open in
            (try open.access().token(text, now: home.time.now()) != nil, try open.vault().places())
        }.answer
        #expect(!isFound)
        #expect(!places.contains { $0.owner == removed.user })
        #expect(try home.ask(ConnectionsRequest(user: nil)).connections.isEmpty == false)
    }

    @Test func `T5 no more than two passwords are hashed at once, and a long queue is refused`() async throws {
        // Each takes long enough that they meet.
        let desk = PasswordDesk(cost: .init(passes: 1, byteCount: 32 << 20))
        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    await withCheckedContinuation { done in
                        Thread { done.resume(returning: (try? desk.verify(Secret("x"), against: nil)) != nil) }.start()
                    }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(results.count { $0 } == desk.made)
        #expect(desk.most <= 2)
        #expect(results.count { $0 } < 40)
    }
}
