import Entries
import Foundation
import Machine
import Rehearsal
import Secrets
import Sync
import Testing
import Vault
import WebServer

@testable import Application
@testable import Service

/// Tokens as they come in, and what is left of secrets afterwards.
@Suite struct TokenTests {
    @Test func `T8 a token lets a program in as its user, with its scopes and no more than the user's role`() throws {
        let it = try AccessHome()
        let (id, text) = try it.token("Grace", ["read"])
        let caller = try #require(try it.access.caller(it.bearer(text)))
        #expect(caller.name == "Grace" && caller.role == .member && caller.kind == .token(id))
        #expect(caller.may(.read) && !caller.may(.metrics) && !caller.may(.write) && !caller.isAdmin)
        for scope in ["admin", "metrics"] {
            #expect(throws: Refusal.self) { try it.token("Grace", [scope]) }
        }
        // No page can send it, so nothing is asked about the page.
        #expect(try it.fault(it.visit("POST", "/x", ["Authorization": "bearer \(text)"])) == nil)
        let admin = try it.token(nil, ["admin"])
        #expect(try it.access.caller(it.bearer(admin.text))?.isAdmin == true)
        for user in ["Grace", "Ada"] {
            var role = ChangeUserRequest(user: nil, account: user)
            role.role = user == "Ada" ? "member" : "admin"
            _ = try it.ask(role)
        }
        // What was made before may no more than its user may now.
        #expect(try it.access.caller(it.bearer(admin.text))?.isAdmin == false)
        #expect(try it.access.caller(it.bearer(admin.text))?.may(.admin) == false)
    }

    @Test func `T8 whoever looks on is let in no longer than a new visit would be`() throws {
        let it = try AccessHome()
        let (id, text) = try it.token(nil, ["admin"])
        let begun = try it.begun("Grace")
        let visits = [it.bearer(text), it.visit("GET", "/api/v1/entries", ["Cookie": begun.cookie])]
        let callers = try visits.map { try #require(try it.access.caller($0)) }
        func stand() throws -> [Bool] { try zip(visits, callers).map { try it.access.stands($0, as: $1) } }
        #expect(try stand() == [true, true])
        _ = try it.ask(RevokeTokenRequest(user: nil, token: id))
        #expect(try stand() == [false, true])
        var role = ChangeUserRequest(user: nil, account: "Grace")
        role.role = "admin"
        _ = try it.ask(role)
        #expect(try stand() == [false, false])
    }

    @Test func `T8 a token that is revoked is dead at once, and after a restart`() throws {
        let it = try AccessHome()
        let (id, text) = try it.token()
        #expect(try it.fault(it.bearer(text)) == nil)
        _ = try it.ask(RevokeTokenRequest(user: nil, token: id))
        #expect(try it.fault(it.bearer(text)) == "bad_token")
        it.kill()
        try it.start()
        #expect(try it.fault(it.bearer(text)) == "bad_token")
    }

    @Test func `T8 a token that is not known, wrong, or over opens nothing, and all look the same`() throws {
        let it = try AccessHome()
        let (id, text) = try it.token()
        let (_, other) = try it.token("Grace")
        let tail = String(other.split(separator: "_", maxSplits: 2)[2])
        for wrong in [
            "dbk_\(id)_", "dbk_\(id)", "dbk_\(id)_\(tail)", "dbk_0000000000000000_\(tail)", String(text.dropLast()),
            text + "A", text.uppercased(), "", "dbk__",
        ] { #expect(try it.fault(it.bearer(wrong)) == "bad_token", "\(wrong)") }
        for header in ["Basic \(text)", text, "Bearer", "Bearer  "] {
            #expect(try it.fault(it.visit("GET", "/x", ["Authorization": header])) == "bad_token")
        }
        // A wrong token is not made good by a session that comes with it.
        let begun = try it.begun()
        #expect(
            try it.fault(it.visit("GET", "/x", ["Authorization": "Bearer x", "Cookie": begun.cookie])) == "bad_token")
        var request = IssueTokenRequest(user: nil, tokenName: "short", scopes: ["read"])
        request.expires = it.options.now() + 1_000
        let short = try it.ask(request).secret.secret.reveal { $0 }
        #expect(try it.fault(it.bearer(short)) == nil)
        it.time.jump(by: 1_000)
        #expect(try it.fault(it.bearer(short)) == "bad_token")
        #expect(try it.fault(it.bearer(text)) == nil)
    }

    @Test func `T8 a token in an address is refused, whether it is good or not`() throws {
        let it = try AccessHome()
        let (_, text) = try it.token()
        let begun = try it.begun()
        for query in [
            [Visit.Field("token", text)], [.init("access_token", "x")], [.init("q", text)], [.init(text, "")],
            [.init("API_KEY", "x")],
        ] {
            for headers in [[:], ["Authorization": "Bearer \(text)"], ["Cookie": begun.cookie]] {
                let visit = it.visit("GET", "/api/v1/meetings", headers, query: query)
                #expect(try it.fault(visit) == "token_in_url")
            }
        }
        #expect(try it.fault(it.visit("GET", "/feeds/\(text)")) == "token_in_url")
        #expect(
            try it.access.session(it.visit("GET", "/api/v1/session", query: [.init("token", text)])).text.contains(text)
                == false)
    }

    @Test func `T8 a kill while a token is made or revoked leaves nothing that opens anything`() throws {
        let it = try AccessHome()
        let (id, text) = try it.token()
        // The hash is kept and the entry is not written: as if the process ended in between.
        let key = try it.inHome { try $0.access().key }
        let half = Secret(String(repeating: "h", count: 43))
        try it.inHome { home in
            let user = try home.viewer("Ada").user
            try home.vault().put(.init(token: "half", user: user, hash: AccessBook.hash(of: half, key)))
        }
        // The entry is written and the hash is still there.
        try it.inHome { home in
            var revoked = TokenRevoked()
            (revoked.token, revoked.user) = (id, try home.viewer("Ada").user)
            try home.desk().append(revoked, stream: "user/\(revoked.user)", owner: revoked.user)
        }
        it.kill()
        try it.start()
        #expect(try it.fault(it.bearer("dbk_half_" + half.reveal { $0 })) == "bad_token")
        #expect(try it.fault(it.bearer(text)) == "bad_token")
        #expect(try it.inHome { try $0.vault().tokens() }.isEmpty)
    }

    @Test func `T4 G18 no password, token, session or mark stands in any file of the home, or in what is told`() throws
    {
        let it = try AccessHome()
        var canaries = [AccessHome.password, "wrong canary password", "another canary password"]
        var told: [String] = []
        let begun = try it.begun()
        let (_, text) = try it.token(nil, ["read", "write"])
        canaries += [
            String(begun.cookie.split(separator: "=", maxSplits: 1)[1]), begun.mark,
            String(text.split(separator: "_", maxSplits: 2)[2]),
        ]
        told.append(try it.login("Ada", "wrong canary password").text)
        told.append(try it.access.session(it.bearer(text)).text)
        told.append(try it.access.session(it.visit("GET", "/api/v1/session", query: [.init("token", text)])).text)
        let new = SetPasswordRequest(
            user: nil, account: "Grace", password: Confided(Secret("another canary password")))
        told.append(String(describing: new) + String(reflecting: new))
        told.append(String(decoding: try JSONEncoder().encode(it.ask(new)), as: UTF8.self))
        told.append(String(decoding: try JSONEncoder().encode(it.ask(TokensRequest(user: nil))), as: UTF8.self))
        _ = try it.ask(RevokeTokenRequest(user: nil, token: "x"))
        _ = try it.ask(RemoveUserRequest(user: nil, account: "Grace"))
        _ = try it.ask(BackupRequest(path: it.place + "/a.backup"))
        told += it.failures.with { $0.map { "\($0)" } }
        // While it runs, with its logs, and when it has ended.
        for isStopped in [false, true] {
            if isStopped { try it.stop() }
            var files = try Folder.names(in: it.folder.path).map { it.folder.path + "/" + $0 }
            files.append(it.place + "/a.backup")
            for file in files {
                let bytes = Data(try Folder.read(file))
                for canary in canaries {
                    #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(canary) in \(file)")
                    if let raw = [UInt8](base64URL: canary) {
                        #expect(bytes.range(of: Data(raw)) == nil, "the bytes of \(canary) in \(file)")
                    }
                }
                #expect(Folder.facts(file) != nil)
            }
        }
        for text in told { for canary in canaries { #expect(!text.contains(canary), "\(canary) in \(text)") } }
    }
}
