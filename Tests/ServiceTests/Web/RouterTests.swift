import Application
import Foundation
import Ledger
import Machine
import Testing
import WebServer

@testable import Service

/// How a visit is taken in, and how it is refused.
@Suite struct RouterTests {
    @Test func `L65 J08 a refusal says what happened, to what, and what to do next`() throws {
        let reply = try WebHome().send("PATCH", "/api/v1/connections/connection-bea", json: #"{"minutes": 4}"#)
        #expect(reply.status == 400)
        #expect(reply.code == "bad_request")
        #expect(reply.field == "minutes")
        #expect(try reply.json()["message"]?.text == "minutes is 4, and can be 5 to 1440")
        #expect(reply.header("Content-Type") == "application/json; charset=utf-8")
    }

    static let ranges: [(field: String, value: String)] = [
        ("from_days", "366"), ("from_days", "-1"), ("to_days", "366"), ("minutes", "1441"), ("minutes", "4"),
        ("minutes", "\"15\""), ("minutes", "15.5"), ("minutes", "null"), ("minutes", "[15]"), ("name", "\"\""),
        ("name", "7"), ("is_sync_enabled", "\"yes\""), ("seen_version", "0"),
    ]

    @Test(arguments: ranges.map { "\($0.field): \($0.value)" })
    func `A03 what is out of its range, or of another kind, is refused with its field`(_ member: String) throws {
        let home = try WebHome()
        let parts = member.split(separator: ": ")
        let reply = home.send("PATCH", "/api/v1/connections/connection-bea", json: "{\"\(parts[0])\": \(parts[1])}")
        #expect(reply.status == 400)
        #expect(reply.field == String(parts[0]))
    }

    @Test func `a field that there is not is refused by its name, and nothing of the rest is done`() throws {
        let home = try WebHome()
        let reply = home.send(
            "PATCH", "/api/v1/connections/connection-bea", json: #"{"name": "Other", "nmae": "x"}"#)
        #expect(reply.status == 400)
        #expect(reply.field == "nmae")
        #expect(try home.get("/api/v1/connections")["connections"]?.list.first?["name"]?.text == "Work of Bea")
    }

    @Test func `who is meant is never taken from what was sent`() throws {
        let home = try WebHome()
        #expect(home.send("GET", "/api/v1/people?user=cy").status == 400)
        #expect(home.send("POST", "/api/v1/people", json: #"{"name": "Di", "user": "cy"}"#).field == "user")
    }

    @Test(arguments: [
        #"{"name": "One", "name": "Two"}"#, #"{"name": "One", "n\u0061me": "Two"}"#,
        #"{"name":"One","note":"a \"b\" {","name"  :"Two"}"#,
    ])
    func `T1 a field that is said twice is refused, however it is written`(_ body: String) throws {
        let home = try WebHome()
        let reply = home.send("POST", "/api/v1/people", json: body)
        #expect(reply.status == 400 && reply.field == "name")
        #expect(try home.get("/api/v1/people?text=One")["people"]?.list.isEmpty == true)
    }

    @Test func `the same name in two objects is no repetition`() {
        #expect(NameScan.repeated(in: Array(#"{"a":[{"b":1},{"b":"a"}],"b":{"a":{"a":[]}}}"#.utf8)) == nil)
        #expect(NameScan.repeated(in: Array(#"{"a":[{"b":1},{"c":1,"c":2}]}"#.utf8)) == "c")
    }

    /// Lets nobody go who connects something, before it is opened.
    private final class Gate: Asker {
        let inner: any Asker
        let entered = Guarded(0)
        let isOpen = Guarded(false)

        init(_ inner: any Asker) { self.inner = inner }

        func ask<SomeRequest: Application.Request>(_ request: SomeRequest) throws -> SomeRequest.Answer {
            guard request is ConnectServerRequest else { return try inner.ask(request) }
            entered.with { $0 += 1 }
            _ = isOpen.wait { $0 ? true : nil }
            throw Refusal(.failed, "it is only tried")
        }
    }

    @Test func `T21 nobody takes all places of those who wait for servers elsewhere`() throws {
        let gate = Guarded<Gate?>(nil)
        let home = try WebHome { means in
            let made = Gate(means.asker)
            gate.with { $0 = made }
            means.asker = made
        }
        let door = try #require(gate.with { $0 })
        let body = #"{"kind": "feed", "address": "https://calendar.example/a.ics"}"#
        let waiting = try ["bea", "bea", "cy"].enumerated().map { number, who in
            let sent = try Background { home.send("POST", "/api/v1/connection-tests", as: who, json: body).status }
            _ = door.entered.wait { $0 > number ? true : nil }
            return sent
        }
        let third = home.send("POST", "/api/v1/connection-tests", json: body)
        #expect(third.status == 429 && third.header("Retry-After") != nil)
        #expect(home.send("POST", "/api/v1/people", json: #"{"name": "Zoe"}"#).status == 201)
        door.isOpen.with { $0 = true }
        for sent in waiting { #expect(try sent.wait() == 422) }
        #expect(home.send("POST", "/api/v1/connection-tests", json: body).status == 422)
        #expect(home.router.pace(of: Visit("POST", "/api/v1/connection-tests")) == .lasting)
        #expect(home.router.pace(of: Visit("GET", "/api/v1/audit")) == .thorough)
        #expect(home.router.pace(of: Visit("HEAD", "/api/v1/people")) == .quick)
        #expect(home.router.pace(of: Visit("POST", "/api/v1/people")) == .quick)
    }

    @Test func `a parameter that is misspelled, or said twice, is refused`() throws {
        let home = try WebHome()
        #expect(home.send("GET", "/api/v1/meetings?form=today").field == "form")
        #expect(home.send("GET", "/api/v1/meetings?from=today&from=today").field == "from")
        #expect(home.send("GET", "/api/v1/meetings?limit=201").field == "limit")
        #expect(home.send("GET", "/api/v1/meetings?limit=0").field == "limit")
        #expect(home.send("GET", "/api/v1/meetings?limit=ten").field == "limit")
        #expect(home.send("GET", "/api/v1/meetings?all=maybe").field == "all")
        #expect(home.send("GET", "/api/v1/meetings?status=gone").field == "status")
        #expect(home.send("GET", "/api/v1/meetings?cursor=abc").field == "cursor")
        #expect(home.send("GET", "/api/v1/days/today/meetings").field == "date")
        #expect(home.send("GET", "/api/v1/days/2026-02-31/meetings").status == 400)
    }

    @Test func `another method is refused with those that there are`() throws {
        let home = try WebHome()
        let reply = home.send("PUT", "/api/v1/people")
        #expect(reply.status == 405)
        #expect(reply.header("Allow") == "GET, HEAD, POST")
        #expect(home.send("TRACE", "/api/v1/people").status == 405)
        #expect(home.send("HEAD", "/api/v1/people").status == 200)
    }

    @Test(arguments: ["/api/v1/people/", "/api/v1//people", "/api/v1/nothing", "/api/v2/people", "/", "/people", ""])
    func `what is not there is not found`(_ path: String) throws {
        let reply = try WebHome().send("GET", path.isEmpty ? "/api" : path)
        #expect(reply.status == 404)
        #expect(reply.code == "not_found")
    }

    @Test func `whoever is nobody does not hear which paths there are`() throws {
        let home = try WebHome()
        #expect(home.send("GET", "/api/v1/nothing", as: nil).status == 401)
        #expect(home.send("GET", "/api/v1/people", as: nil).header("WWW-Authenticate") != nil)
        #expect(home.send("GET", "/api/v1/people", as: "eve").status == 401)
    }

    // MARK: Bodies

    @Test func `T20 a body that is too large, of another type, or too deep is refused`() throws {
        let home = try WebHome()
        let long = String(repeating: "x", count: 64 << 10)
        #expect(home.send("POST", "/api/v1/people", json: #"{"note": "\#(long)"}"#).status == 413)
        let plain = home.send(
            "POST", "/api/v1/people", headers: ["Content-Type": "text/plain"], body: Array(#"{"name": "Di"}"#.utf8))
        #expect(plain.status == 415)
        #expect(home.send("POST", "/api/v1/people", body: Array(#"{"name": "Di"}"#.utf8)).status == 415)
        let deep = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
        #expect(home.send("POST", "/api/v1/people", json: deep).status == 400)
        for bad in ["", "{", "[]", "null", "{\"name\": \"Di\"} x", "\u{1}", "{'name': 'Di'}"] {
            let reply = home.send("POST", "/api/v1/own-addresses", json: bad)
            #expect(reply.status == 400, "\(bad): \(reply.text)")
        }
        #expect(home.send("DELETE", "/api/v1/people/person-bea", json: "{}").status == 400)
        let large = [UInt8](repeating: 65, count: (20 << 20) + 1)
        let book = home.send("POST", "/api/v1/people-imports", headers: ["Content-Type": "text/vcard"], body: large)
        #expect(book.status == 413)
    }

    @Test func `a bracket in a text is no depth`() {
        #expect(BodyReader.depth(of: Array(#"{"a": "[[[[\"[[["}"#.utf8)) == 1)
        #expect(BodyReader.depth(of: Array(#"{"a": [{"b": []}]}"#.utf8)) == 4)
    }

    // MARK: Doors

    @Test(arguments: [
        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]:80", "evil.example:80",
    ])
    func `T34 the service answers under its own names only`(_ host: String) throws {
        let reply = try WebHome().send("GET", "/healthz", as: nil, headers: ["Host": host])
        #expect(reply.status == 421)
        #expect(reply.code == "wrong_host")
    }

    @Test(arguments: ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "[::1]"])
    func `T34 and under each of them`(_ host: String) throws {
        #expect(try WebHome().send("GET", "/healthz", as: nil, headers: ["Host": host]).status == 200)
    }

    @Test func `T34 a visit without a host, or with two, is refused`() throws {
        let home = try WebHome()
        #expect(home.send("GET", "/healthz", as: nil, headers: ["Host": ""]).status == 421)
        let visit = Visit(
            "GET", "/healthz", headers: [Visit.Field("Host", "localhost"), Visit.Field("Host", "evil.example")])
        #expect(home.router.reply(visit).status == 421)
    }

    @Test func `T7 a program with a token needs no origin`() throws {
        #expect(try WebHome().send("POST", "/api/v1/people", json: #"{"name": "Di Dahl"}"#).status == 201)
    }

    @Test func `T8 a token does what its scope says and no more`() throws {
        let home = try WebHome()
        #expect(home.send("GET", "/api/v1/people", as: "bea:read").status == 200)
        #expect(home.send("POST", "/api/v1/people", as: "bea:read", json: #"{"name": "Di"}"#).status == 403)
        #expect(home.send("POST", "/api/v1/people", as: "bea:write", json: #"{"name": "Di"}"#).status == 201)
        #expect(home.send("GET", "/api/v1/entries", as: "ada:write").status == 403)
        #expect(home.send("GET", "/api/v1/entries", as: "ada:admin").status == 200)
    }

    @Test func `the id of a visit is that of whoever asks, where it is one`() throws {
        let home = try WebHome()
        #expect(
            home.send("GET", "/healthz", headers: ["X-Request-ID": "abc-1.2_3"]).header("X-Request-ID") == "abc-1.2_3")
        #expect(home.send("GET", "/healthz", headers: ["X-Request-ID": "a b"]).header("X-Request-ID") == "test")
        #expect(home.send("GET", "/healthz").header("X-Request-ID") == "test")
    }

    @Test func `T6 whoever asks too often is told how long to wait`() throws {
        let home = try WebHome()
        home.wait = 12
        let reply = home.send("GET", "/api/v1/people")
        #expect(reply.status == 429)
        #expect(reply.header("Retry-After") == "12")
    }

    // MARK: Words

    @Test func `every kind of refusal has a status, and none of a person's faults is ours`() {
        for kind in Refusal.Kind.allCases {
            let status = Statuses.status(of: Refusal(kind, "x"))
            #expect((400..<600).contains(status))
        }
        #expect(Statuses.status(of: .badRequest) == 400)
        #expect(Statuses.status(of: Refusal(.conflict, "x", code: "no_matches")) == 422)
    }

    static let secrets = [
        "https://ada:hunter2@dav.example/x failed", "GET https://feeds.example/a.ics?token=CANARY failed",
        "it said: Bearer CANARY-TOKEN-1234", "it said: refresh_token=CANARY&x=1", #"it said: "access_token": "CANARY""#,
        "password: CANARY",
    ]

    @Test(arguments: secrets)
    func `L69 T25 no message repeats a secret`(_ message: String) throws {
        let text = Reply.refused(Refusal(.failed, message, hint: message)).text
        #expect(!text.contains("CANARY") && !text.contains("hunter2"), "\(text)")
    }

    @Test func `T24 what would not be seen in a message is shown`() {
        #expect(Redaction.text("a\u{202e}b\u{1b}[2Jc") == "a\\u{202e}b\\u{1b}[2Jc")
        #expect(Redaction.text(String(repeating: "x", count: 5_000)).count < 700)
    }

    @Test func `what goes wrong inside is not told`() throws {
        struct Broken: Error {}
        let home = try WebHome()
        let broken = Route(.get, "/broken", "Breaks", tag: "test", role: .anyone, answer: .free) { _ in throw Broken() }
        let visit = Visit("GET", "/broken", headers: [Visit.Field("Host", "localhost")])
        let reply = try Router(home.router.means, routes: [broken]).reply(visit)
        #expect(reply.status == 500)
        #expect(reply.code == "internal")
        #expect(!reply.text.contains("Broken"))
    }
}
