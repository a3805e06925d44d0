import Foundation
import HTTP
import Machine
import Rehearsal
import Secrets
import Testing
import WebServer

@testable import Application
@testable import Service

/// Logging in with a password, and failing to.
@Suite struct LoginTests {
    @Test func `who knows the password gets a session that a browser keeps to itself`() throws {
        let it = try AccessHome()
        let reply = try it.login()
        #expect(reply.status == 200)
        let cookie = try #require(reply.header("Set-Cookie"))
        #expect(cookie.hasPrefix("__Host-daybook="))
        for part in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=604800"] {
            #expect(cookie.contains(part))
        }
        #expect(!cookie.contains("Domain"))
        #expect(reply.header("Cache-Control") == "no-store")
        #expect(reply.object["name"] as? String == "Ada")
        #expect(reply.object["role"] as? String == "admin")
        let begun = try Begun(reply)
        let shown = try it.access.session(it.visit("GET", "/api/v1/session", ["Cookie": begun.cookie]))
        #expect(shown.status == 200)
        #expect(shown.object["csrf"] as? String == begun.mark)
        #expect(try it.access.session(it.visit("GET")).code == "not_logged_in")
        // By address too, and in whatever case.
        var edit = ChangeUserRequest(user: nil, account: "Grace")
        edit.email = "grace@navy.example"
        _ = try it.ask(edit)
        #expect(try it.login("GRACE@navy.example").status == 200)
        #expect(try it.login("grace").status == 200)
    }

    @Test func `on the machine itself, without TLS, the cookie has no name that a browser would refuse`() throws {
        let it = try AccessHome()
        for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080"] {
            let cookie = try #require(try it.login(host: host, peer: "127.0.0.1").header("Set-Cookie"))
            #expect(cookie.hasPrefix("daybook=") && !cookie.contains("Secure") && cookie.contains("HttpOnly"))
        }
        // A name of elsewhere, an address of elsewhere, or a proxy in front: all of them have TLS.
        #expect(try it.login(peer: "127.0.0.1").header("Set-Cookie")?.contains("Secure") == true)
        #expect(try it.login(host: "localhost", peer: "10.0.0.9").header("Set-Cookie")?.contains("Secure") == true)
        let proxied = try it.login(
            "Ada", AccessHome.password, ["X-Forwarded-For": "1.2.3.4"], host: "localhost", peer: "127.0.0.1")
        #expect(proxied.header("Set-Cookie")?.contains("Secure") == true)
    }

    @Test func `T5 an unknown user costs the same work and gets the same answer as a wrong password`() throws {
        let it = try AccessHome()
        var replies: [Reply] = []
        for name in ["Ada", "Nobody", "nobody@nowhere.example", ""] {
            let before = it.desk.made
            replies.append(try it.login(name, "wrong, whatever it is"))
            #expect(it.desk.made == before + 1, "\(name)")
        }
        #expect(replies.allSatisfy { $0.status == 401 && $0.code == "wrong_credentials" })
        #expect(Set(replies.map(\.text)).count == 1)
        #expect(Set(replies.map { $0.headers.map { "\($0.name): \($0.value)" } }).count == 1)
        // One that is not there, of a user that is, does not differ either.
        _ = try it.ask(AddUserRequest(user: nil, newName: "Max"))
        let before = it.desk.made
        #expect(try it.login("Max", "wrong, whatever it is").text == replies[0].text)
        #expect(it.desk.made == before + 1)
        #expect(it.failures.with { $0.map(\.code) } == [String](repeating: "wrong_credentials", count: 5))
        #expect(it.failures.with { $0.map(\.address) }.allSatisfy { $0 == "203.0.113.7" })
    }

    @Test func `T6 10000 tries cost few hashes, for a user as for none`() throws {
        for name in ["Ada", "Nobody"] {
            let it = try AccessHome()
            let before = it.desk.made
            var statuses: [Int: Int] = [:]
            for _ in 0..<10_000 {
                statuses[try it.login(name, "wrong, whatever it is").status, default: 0] += 1
                it.time.jump(by: 100)
            }
            #expect(it.desk.made - before <= 20, "\(it.desk.made - before)")
            #expect(statuses[401] == it.desk.made - before)
            #expect(statuses[429] == 10_000 - it.desk.made + before)
        }
    }

    @Test func `T6 who failed waits, is told for how long, and waits after a restart as well`() throws {
        let it = try AccessHome()
        for _ in 0..<5 { #expect(try it.login("Ada", "wrong, whatever it is").status == 401) }
        let refused = try it.login()
        #expect(refused.status == 429 && refused.code == "too_many_tries")
        #expect(refused.header("Retry-After") == "1")
        it.time.jump(by: 1_000)
        #expect(try it.login("Ada", "wrong, whatever it is").status == 401)
        it.kill()
        try it.start()
        #expect(try it.login().header("Retry-After") == "2")
        // Others are not kept out by that.
        #expect(try it.login("Grace").status == 200)
        it.time.jump(by: 2_000)
        #expect(try it.login().status == 200)
        // And from there it begins anew.
        for _ in 0..<5 { #expect(try it.login("Ada", "wrong, whatever it is").status == 401) }
    }

    @Test func `T6 a household of IPv6 is one sender, and what a stranger writes about it counts for nothing`() throws {
        let it = try AccessHome()
        func tries(_ peer: (Int) -> String, _ forwarded: (Int) -> String?) throws -> Int {
            try (0..<60).count { number in
                let headers = forwarded(number).map { ["X-Forwarded-For": $0] } ?? [:]
                return try it.login("user \(number)", "wrong, whatever it is", headers, peer: peer(number)).status
                    == 401
            }
        }
        #expect(try tries({ "2001:db8:1:2::\($0)" }, { _ in nil }) == 20)
        #expect(try tries({ _ in "198.51.100.9" }, { "192.0.2.\($0)" }) == 20)
        it.proxies.with { $0 = ["198.51.100.9"] }
        #expect(try tries({ _ in "198.51.100.9" }, { "192.0.2.\($0)" }) == 60)
    }

    @Test func `T7 a page elsewhere logs nobody in`() throws {
        let it = try AccessHome()
        for headers in [
            ["Origin": "https://evil.example"], ["Origin": "http://daybook.example"], ["Origin": "null"],
            ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"],
        ] {
            let reply = try it.login("Ada", AccessHome.password, headers)
            #expect(reply.status == 403 && reply.code == "foreign_origin", "\(headers)")
        }
        #expect(try it.login("Ada", AccessHome.password, ["Content-Type": "text/plain"]).status == 415)
        #expect(try it.login("Ada", AccessHome.password, ["Origin": "https://daybook.example"]).status == 200)
    }

    static let bodies: [(body: String, code: String, field: String?)] = [
        ("", "bad_json", nil), ("{", "bad_json", nil), ("[]", "bad_field", nil), ("{}", "missing_field", "name"),
        (#"{"name":"Ada"}"#, "missing_field", "password"), (#"{"name":5,"password":"x"}"#, "bad_field", "name"),
        (String(repeating: " ", count: 10_000), "too_large", nil),
    ]

    @Test(arguments: bodies)
    func `L64 what cannot be read is refused in the one shape of errors`(
        _ it: (body: String, code: String, field: String?)
    ) throws {
        let home = try AccessHome()
        let reply = try home.access.logIn(
            home.visit("POST", "/api/v1/session", ["Content-Type": "application/json; charset=utf-8"], body: it.body))
        #expect(reply.code == it.code)
        #expect(reply.object["field"] as? String == it.field)
        #expect(reply.object["message"] is String)
        #expect((400..<500).contains(reply.status))
        #expect(home.desk.made == 2)
    }
}
