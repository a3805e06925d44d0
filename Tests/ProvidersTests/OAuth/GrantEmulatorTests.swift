import Foundation
import HTTP
import Machine
import Neighbours
import Secrets
import Testing

@testable import Providers

/// The same against stand-ins for Google and Microsoft that keep state, through the client that really goes out.
@Suite(.enabled(if: Neighbour.has("python3")), .timeLimit(.minutes(3))) struct GrantEmulatorTests {
    // MARK: Google

    @Test func `G28 T1 Google takes the code with its verifier, once, and hands out a token that works`() throws {
        let emulator = try GrantEmulator(.google)
        let (request, answer) = try emulator.begin()
        let other = emulator.request()
        #expect(cause { _ = try other.code(in: answer) } == .otherState)
        let code = try request.code(in: answer, of: emulator.grantor)
        // The code of one grant with the verifier of another.
        #expect(cause { _ = try emulator.desk.tokens(for: code, other) } == .expired)
        let tokens = try emulator.grant()
        #expect(tokens.grantExpires == nil)
        let transport = emulator.transport(tokens) { _ in }
        #expect(try transport.send([emulator.calendarList()])[0].get().status == 200)
    }

    @Test func `G29 at Google, boxes that are not ticked, a no and a wrong secret are told apart`() throws {
        let emulator = try GrantEmulator(.google)
        try emulator.control("PUT", "consent", #"{"mode":"allow","untick":["calendar.events.readonly"]}"#)
        #expect(cause { _ = try emulator.grant() } == .scopesMissing)
        try emulator.control("PUT", "consent", #"{"mode":"deny"}"#)
        #expect(cause { _ = try emulator.grant() } == .denied)
        try emulator.control("PUT", "consent", #"{"mode":"deny","error":"admin_policy_enforced"}"#)
        #expect(cause { _ = try emulator.grant() } == .blockedByAdmin)
        try emulator.control("PUT", "consent", #"{"mode":"allow"}"#)
        let stranger = try Grantor(.google, clientID: "emulated-client", clientSecret: Secret("no"), base: emulator.url)
        let (request, answer) = try emulator.begin()
        let desk = TokenDesk(stranger, emulator.client, now: Moment.now)
        #expect(cause { _ = try desk.tokens(for: request.code(in: answer), request) } == .wrongClient)
    }

    @Test func `pain 1 the end of what a client in testing was granted is foretold`() throws {
        let emulator = try GrantEmulator(.google)
        try emulator.control("PUT", "app", #"{"testing":true}"#)
        let tokens = try emulator.grant()
        #expect(abs((tokens.grantExpires ?? 0) - tokens.granted - 7 * 86_400_000) < 60_000)
        try emulator.control("PUT", "clock", #"{"advance":"8d"}"#)
        let transport = emulator.transport(tokens) { _ in }
        #expect(throws: HTTPError.self) { try transport.send([emulator.calendarList()])[0].get() }
        #expect(transport.refusal?.cause == .revoked)
    }

    @Test func `G17 T2 at Google fifty requests that are refused lead to one renewal`() throws {
        let emulator = try GrantEmulator(.google)
        let tokens = try emulator.grant()
        try emulator.control("POST", "tokens/expire", "{}")
        let before = try emulator.journal("oauth.token")
        var kept = 0
        let transport = emulator.transport(tokens) { _ in kept += 1 }
        let outcomes = transport.send(try (0..<50).map { _ in try emulator.calendarList() })
        #expect(try outcomes.allSatisfy { try $0.get().status == 200 })
        #expect(kept == 1)
        #expect(try emulator.journal("oauth.token") - before == 1)
    }

    @Test func `G18 at Google a grant that was taken back is asked for once, and then there is silence`() throws {
        let emulator = try GrantEmulator(.google)
        let tokens = try emulator.grant()
        #expect(try emulator.desk.revoke(tokens))
        let before = try emulator.journal()
        let transport = emulator.transport(tokens) { _ in }
        for _ in 0..<5 {
            #expect(throws: HTTPError.self) { try transport.send([emulator.calendarList()])[0].get() }
        }
        #expect(try emulator.journal() - before == 2, "one that was refused, and one for a new token")
        #expect(transport.refusal?.cause == .revoked)
        #expect(try emulator.desk.revoke(tokens), "it was over already")
    }

    @Test func `A07 a door that fails in passing ends nothing`() throws {
        let emulator = try GrantEmulator(.google)
        let tokens = try emulator.grant()
        for kind in ["status:503|retry-after:2", "status:429", "html", "empty", "garbage", "cut", "reset"] {
            try emulator.control("POST", "tokens/expire", "{}")
            try emulator.control("POST", "faults", #"{"match":"oauth.token","kind":"\#(kind)","times":0}"#)
            let transport = emulator.transport(tokens) { _ in }
            #expect(throws: HTTPError.self) { try transport.send([emulator.calendarList()])[0].get() }
            #expect(transport.refusal == nil, "\(kind)")
            try emulator.control("DELETE", "faults")
            #expect(try emulator.transport(tokens) { _ in }.send([emulator.calendarList()])[0].get().status == 200)
        }
    }

    // MARK: Microsoft

    @Test func `G53 at Microsoft each renewal brings a new token, and a kill in between does not lose the account`()
        throws
    {
        let emulator = try GrantEmulator(.microsoft)
        let first = try emulator.grant()
        try emulator.control("POST", "tokens/expire", "{}")
        struct Killed: Error {}
        let killed = emulator.transport(first) { _ in throw Killed() }
        #expect(throws: HTTPError.self) { try killed.send([emulator.calendarList()])[0].get() }
        // What was kept last is the first set, and it is still good for a renewal.
        var kept: [TokenSet] = []
        let transport = emulator.transport(first) { kept.append($0) }
        #expect(try transport.send([emulator.calendarList()])[0].get().status == 200)
        let second = try #require(kept.first)
        #expect(second.refresh != first.refresh && second.access != first.access && second.granted == first.granted)
        #expect(try emulator.desk.renewed(second).refresh != second.refresh)
    }

    @Test func `pain 2 the reason of an end is told`() throws {
        let microsoft = try GrantEmulator(.microsoft)
        for (why, cause) in [
            ("revoked", GrantFailure.Cause.revoked), ("inactive", .revoked), ("interaction", .needsPerson),
            ("consent", .needsPerson), ("blocked", .blockedByAdmin),
        ] { #expect(try microsoft.end(why) == cause, "\(why)") }
        let google = try GrantEmulator(.google)
        #expect(try google.end("invalid_rapt") == .needsPerson)
        #expect(try google.end("admin_policy_enforced") == .blockedByAdmin)
    }

    @Test func `G54 at Microsoft a code is typed elsewhere: pending, slower, declined, over, granted`() throws {
        let emulator = try GrantEmulator(.microsoft)
        let scopes = emulator.grantor.scopes(people: false)
        for (state, cause) in [
            ("pending", GrantFailure.Cause.pending), ("slow_down", .slowDown), ("declined", .denied),
            ("expired", .expired),
        ] {
            let device = try emulator.desk.device(scopes)
            try emulator.control("POST", "device", #"{"user_code":"\#(device.userCode)","state":"\#(state)"}"#)
            #expect(self.cause { _ = try emulator.desk.tokens(for: device, isForPeople: false) } == cause)
        }
        let device = try emulator.desk.device(scopes)
        #expect(device.page.hasPrefix(emulator.url) && device.intervalSeconds == 5)
        try emulator.control("POST", "device", #"{"state":"approved"}"#)
        let tokens = try emulator.desk.tokens(for: device, isForPeople: false)
        #expect(try emulator.transport(tokens) { _ in }.send([emulator.calendarList()])[0].get().status == 200)
    }

    // MARK: The browser

    @Test func `A05 a browser that comes back to this machine brings the code`() throws {
        for kind in [Grantor.Kind.google, .microsoft] {
            let emulator = try GrantEmulator(kind)
            let listener = try LoopbackListener(path: "/")
            let request = emulator.request(redirect: listener.address)
            let (page, client) = (request.page(of: emulator.grantor), emulator.client)
            let browser = try Background { () -> String in
                String(decoding: try client.send(Request("GET", try Address(page))).body, as: UTF8.self)
            }
            let answer = try #require(try listener.wait(state: request.state, milliseconds: 30_000))
            #expect(try browser.wait().contains("You can close this window"))
            let code = try request.code(in: answer, of: emulator.grantor)
            #expect(try emulator.desk.tokens(for: code, request).refresh != nil)
        }
    }

    private func cause(_ body: () throws -> Void) -> GrantFailure.Cause? {
        do {
            try body()
            return nil
        } catch { return (error as? GrantFailure)?.cause }
    }
}

/// A stand-in that runs beside the test, with a user who says yes.
private final class GrantEmulator {
    let grantor: Grantor
    let url: String
    let client: Client
    private let neighbour: Neighbour

    init(_ kind: Grantor.Kind) throws {
        neighbour = try Neighbour(["tools/emulators/run", kind.rawValue])
        url = neighbour.url
        grantor = try Grantor(
            kind, clientID: "emulated-client", clientSecret: kind == .google ? Secret("emulated-secret") : nil,
            base: url)
        var options = Client.Options()
        options.allowed = [try Allowance("127.0.0.0/8")]
        client = Client(options)
        try control("PUT", "consent", #"{"mode":"allow"}"#)
    }

    var desk: TokenDesk { TokenDesk(grantor, client, now: Moment.now) }

    func transport(_ tokens: TokenSet, _ store: @escaping (TokenSet) throws -> Void) -> AuthorizedTransport {
        AuthorizedTransport(grantor, client, tokens: tokens, now: Moment.now, store: store)
    }

    func request(redirect: String = "http://127.0.0.1:40000/") -> GrantRequest {
        GrantRequest(
            scopes: grantor.scopes(people: false), redirect: redirect, isForPeople: false, now: Moment.now(), .system)
    }

    /// A grant that was asked for, and where the browser of a user who says yes is sent back to.
    func begin() throws -> (request: GrantRequest, answer: String) {
        let request = request()
        var page = Request("GET", try Address(request.page(of: grantor)))
        page.followsRedirects = false
        let response = try client.send(page)
        return (request, try #require(response.header("Location"), "\(response.status)"))
    }

    func grant() throws -> TokenSet {
        let (request, answer) = try begin()
        return try desk.tokens(for: request.code(in: answer, of: grantor), request)
    }

    /// What a renewal is told when the grant ended for a reason.
    func end(_ why: String) throws -> GrantFailure.Cause? {
        let tokens = try grant()
        try control("POST", "tokens/revoke", #"{"user":"me@example.test","why":"\#(why)"}"#)
        do {
            _ = try desk.renewed(tokens)
            return nil
        } catch let failure as GrantFailure { return failure.cause }
    }

    func calendarList() throws -> Request {
        let path = grantor.kind == .google ? "/users/me/calendarList" : "/me/calendars"
        return Request("GET", try Address(grantor.base.text + path))
    }

    @discardableResult
    func control(_ method: String, _ path: String, _ body: String = "") throws -> [UInt8] {
        let response = try client.send(
            Request(
                method, try Address("\(url)/_control/\(path)"), headers: [Header("Content-Type", "application/json")],
                body: Array(body.utf8)))
        try #require(response.isSuccess, "\(String(decoding: response.body, as: UTF8.self))")
        return response.body
    }

    /// How many requests there were, of one operation or of all.
    func journal(_ operation: String? = nil) throws -> Int {
        let body = try JSONSerialization.jsonObject(with: Data(try control("GET", "requests")))
        let all = try #require(body as? [[String: Any]] ?? (body as? [String: Any])?["requests"] as? [[String: Any]])
        return all.count { operation == nil || $0["operation"] as? String == operation }
    }
}
