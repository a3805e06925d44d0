import Foundation
import Machine
import Rehearsal
import Secrets
import Testing
import WebServer

@testable import Application
@testable import Service

/// Sessions: what they let in, what they keep out, and how they end.
@Suite struct SessionTests {
    private func change(_ it: AccessHome, _ headers: [String: String]) throws -> String? {
        try it.fault(it.visit("POST", "/api/v1/sync", headers))
    }

    private func look(_ it: AccessHome, _ cookie: String) throws -> String? {
        try it.fault(it.visit("GET", "/api/v1/meetings", ["Cookie": cookie]))
    }

    @Test func `T7 what changes something must come from Daybook's own pages, with the mark of the session`() throws {
        let it = try AccessHome()
        let begun = try it.begun()
        #expect(try change(it, begun.changing) == nil)
        func altered(_ name: String, _ value: String?) throws -> String? {
            var headers = begun.changing
            headers[name] = value
            return try change(it, headers)
        }
        #expect(try altered("Origin", nil) == "foreign_origin")
        #expect(try altered("Origin", "https://evil.example") == "foreign_origin")
        #expect(try altered("Origin", "https://daybook.example.evil.example") == "foreign_origin")
        #expect(try altered("Origin", "http://daybook.example") == "foreign_origin")
        #expect(try altered("Origin", "null") == "foreign_origin")
        #expect(try altered("Sec-Fetch-Site", "cross-site") == "foreign_origin")
        #expect(try altered("Sec-Fetch-Site", "none") == "foreign_origin")
        // An older browser does not say it.
        #expect(try altered("Sec-Fetch-Site", nil) == nil)
        #expect(try altered("X-CSRF-Token", nil) == "bad_mark")
        #expect(try altered("X-CSRF-Token", try it.begun("Grace").mark) == "bad_mark")
        #expect(try altered("Cookie", nil) == "not_logged_in")
        for method in ["PUT", "PATCH", "DELETE", "PURGE"] {
            #expect(try it.fault(it.visit(method, "/api/v1/sync", ["Cookie": begun.cookie])) == "foreign_origin")
        }
        // To look, the cookie is enough: no answer can be read by another page.
        #expect(try look(it, begun.cookie) == nil)
    }

    @Test func `T7 two sessions in one request, and ids that are none, open nothing`() throws {
        let it = try AccessHome()
        let (one, other) = (try it.begun(), try it.begun("Grace"))
        #expect(try look(it, "\(one.cookie); \(other.cookie)") == "not_logged_in")
        #expect(try look(it, "theme=dark; \(one.cookie); lang=en") == nil)
        for wrong in ["", "short", String(repeating: "A", count: 43), String(repeating: "A", count: 10_000)] {
            #expect(try look(it, "__Host-daybook=\(wrong)") == "not_logged_in")
        }
        // The name that is for the machine itself counts there alone.
        let id = one.cookie.split(separator: "=", maxSplits: 1)[1]
        #expect(try look(it, "daybook=\(id)") == "not_logged_in")
    }

    @Test func `T7 whoever logs in gets a new id, and the old one opens nothing`() throws {
        let it = try AccessHome()
        let first = try it.begun()
        let second = try Begun(try it.login("Ada", AccessHome.password, ["Cookie": first.cookie]))
        #expect(second.cookie != first.cookie)
        #expect(try look(it, first.cookie) == "not_logged_in")
        #expect(try look(it, second.cookie) == nil)
        // An id that somebody else thought of is not taken.
        let forced = "__Host-daybook=" + String(repeating: "A", count: 43)
        let third = try Begun(try it.login("Ada", AccessHome.password, ["Cookie": forced]))
        #expect(third.cookie != forced)
        #expect(try look(it, forced) == "not_logged_in")
    }

    @Test func `T7 logging out ends the session at the server, for good`() throws {
        let it = try AccessHome()
        let (one, other, hers) = (try it.begun(), try it.begun(), try it.begun("Grace"))
        let reply = try it.access.logOut(it.visit("DELETE", "/api/v1/session", one.changing))
        #expect(reply.status == 204)
        #expect(reply.header("Set-Cookie")?.contains("Max-Age=0") == true)
        #expect(try look(it, one.cookie) == "not_logged_in")
        #expect(try look(it, other.cookie) == nil)
        it.kill()
        try it.start()
        #expect(try look(it, one.cookie) == "not_logged_in")
        let third = try it.begun()
        let all = it.visit("DELETE", "/api/v1/session", third.changing, query: [.init("everywhere", "true")])
        #expect(try it.access.logOut(all).status == 204)
        for begun in [other, third] { #expect(try look(it, begun.cookie) == "not_logged_in") }
        #expect(try look(it, hers.cookie) == nil)
        #expect(
            try it.access.logOut(it.visit("DELETE", "/api/v1/session", ["Cookie": hers.cookie])).code
                == "foreign_origin")
    }

    @Test func `T7 a session outlives a restart, and neither its rest nor its end`() throws {
        let it = try AccessHome()
        let begun = try it.begun()
        it.kill()
        try it.start()
        #expect(try look(it, begun.cookie) == nil)
        #expect(try change(it, begun.changing) == nil)
        it.time.jump(by: SessionBook.idleMilliseconds)
        #expect(try look(it, begun.cookie) == nil)
        try it.stop()
        try it.start()
        it.time.jump(by: SessionBook.idleMilliseconds)
        #expect(try look(it, begun.cookie) == nil)
        it.time.jump(by: SessionBook.idleMilliseconds + 1)
        #expect(try look(it, begun.cookie) == "not_logged_in")
        let second = try it.begun()
        for _ in 0..<15 {
            it.time.jump(by: 11 * 3_600_000)
            #expect(try look(it, second.cookie) == nil)
        }
        it.time.jump(by: 4 * 3_600_000)
        #expect(try look(it, second.cookie) == "not_logged_in")
    }

    @Test func `T7 another password, another role and a removal end all sessions of the user`() throws {
        let it = try AccessHome()
        let admin = try it.begun()
        var hers = try it.begun("Grace")
        _ = try it.ask(
            SetPasswordRequest(user: nil, account: "Grace", password: Confided(Secret("another four words"))))
        #expect(try look(it, hers.cookie) == "not_logged_in")
        #expect(try it.login("Grace").status == 401)
        hers = try Begun(it.login("Grace", "another four words"))
        var role = ChangeUserRequest(user: nil, account: "Grace")
        role.role = "admin"
        _ = try it.ask(role)
        #expect(try look(it, hers.cookie) == "not_logged_in")
        hers = try Begun(it.login("Grace", "another four words"))
        #expect(try it.access.caller(it.visit("GET", "/x", ["Cookie": hers.cookie]))?.isAdmin == true)
        _ = try it.ask(RemoveUserRequest(user: nil, account: "Grace"))
        #expect(try look(it, hers.cookie) == "not_logged_in")
        #expect(try it.login("Grace", "another four words").status == 401)
        #expect(try look(it, admin.cookie) == nil)
    }

    @Test func `a user changes the password with the old one, and this browser goes on under a new id`() throws {
        let it = try AccessHome()
        let (begun, other) = (try it.begun("Grace"), try it.begun("Grace"))
        func put(_ current: String, _ new: String, _ begun: Begun) throws -> Reply {
            let headers = begun.changing.merging(["Content-Type": "application/json"]) { $1 }
            let body = #"{"current":"\#(current)","password":"\#(new)"}"#
            return try it.access.changePassword(it.visit("PUT", "/api/v1/session/password", headers, body: body))
        }
        let wrong = try put("not the password", "another four words", begun)
        #expect(wrong.status == 422 && wrong.object["field"] as? String == "current")
        #expect(try look(it, begun.cookie) == nil)
        let weak = try put(AccessHome.password, "short", begun)
        #expect(weak.status == 422 && weak.object["field"] as? String == "password")
        let next = try Begun(weak)
        let again = Begun(cookie: next.cookie, mark: try it.mark(next.cookie))
        let done = try put(AccessHome.password, "another four words", again)
        #expect(done.status == 200)
        #expect(try look(it, Begun(done).cookie) == nil)
        for cookie in [begun.cookie, other.cookie, again.cookie] { #expect(try look(it, cookie) == "not_logged_in") }
        #expect(try it.login("Grace", "another four words").status == 200)
    }
}

extension Begun {
    init(cookie: String, mark: String) { (self.cookie, self.mark, status) = (cookie, mark, 200) }
}

extension AccessHome {
    func mark(_ cookie: String) throws -> String {
        try access.session(visit("GET", "/api/v1/session", ["Cookie": cookie])).object["csrf"] as? String ?? ""
    }
}
