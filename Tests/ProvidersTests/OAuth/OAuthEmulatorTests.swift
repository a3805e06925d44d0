import Foundation
import HTTP
import Machine
import Neighbours
import Secrets
import Testing

@testable import Providers

/// The same against stand-ins for Google and Microsoft that keep state, through the client that really goes out.
@Suite(.enabled(if: OAuthEmulator.isThere), .timeLimit(.minutes(3))) struct OAuthEmulatorTests {
    private func grant(
        _ emulator: OAuthEmulator, _ parts: Set<OAuthPart> = [.calendars], secret: String? = "emulated-secret"
    ) throws -> TokenSet {
        let signIn = emulator.signIn(secret: secret)
        let (address, pending) = signIn.begin(parts, redirect: emulator.redirect, session: "ada")
        return try signIn.finish(emulator.browse(address), pending, session: "ada")
    }

    // MARK: Google

    @Test func `G28 Google takes the code with its verifier, once, and hands out access that works`() throws {
        let emulator = try OAuthEmulator(.google)
        let signIn = emulator.signIn()
        let (address, pending) = signIn.begin(
            [.calendars, .contacts], redirect: emulator.redirect, session: "ada", login: "me@example.test")
        let answer = try emulator.browse(address)
        let foreign = signIn.begin([.calendars], redirect: emulator.redirect, session: "ada").pending
        #expect(oauthFailure { _ = try signIn.finish(answer, foreign, session: "ada") }?.code == "other_state")
        let tokens = try signIn.finish(answer, pending, session: "ada")
        #expect(tokens.allows(.calendars, at: signIn.provider) && tokens.allows(.contacts, at: signIn.provider))
        #expect(tokens.grantExpires == nil)
        let again = try #require(oauthFailure { _ = try signIn.finish(answer, pending, session: "ada") })
        #expect(again.kind == .badAnswer && again.code == "invalid_grant")
        let transport = emulator.transport(TokenKeeper(tokens))
        #expect(try transport.send([emulator.calendarList()])[0].get().status == 200)
    }

    @Test func `T1 Google refuses a code whose verifier is another`() throws {
        let emulator = try OAuthEmulator(.google)
        let signIn = emulator.signIn()
        let (address, pending) = signIn.begin([.calendars], redirect: emulator.redirect, session: "ada")
        let answer = try emulator.browse(address)
        // The state is that of the sign-in, the verifier that of another one.
        let other = signIn.begin([.calendars], redirect: emulator.redirect, session: "ada").pending
        let state = pending.state.reveal { $0 }
        let foreign = other.state.reveal { $0 }
        let stolen = answer.replacing(state, with: foreign)
        #expect(oauthFailure { _ = try signIn.finish(stolen, other, session: "ada") }?.code == "invalid_grant")
    }

    @Test func `G29 at Google, boxes that are not ticked and a no are told apart`() throws {
        let emulator = try OAuthEmulator(.google)
        try emulator.control("PUT", "consent", #"{"mode":"allow","untick":["calendar.events.readonly"]}"#)
        #expect(oauthFailure { _ = try grant(emulator) }?.code == "scope_missing")
        try emulator.control("PUT", "consent", #"{"mode":"deny"}"#)
        let failure = oauthFailure { _ = try grant(emulator) }
        #expect(failure?.kind == .declined && failure?.code == "access_denied")
        try emulator.control("PUT", "consent", #"{"mode":"deny","error":"admin_policy_enforced"}"#)
        #expect(oauthFailure { _ = try grant(emulator) }?.kind == .needsAdministrator)
        try emulator.control("PUT", "consent", #"{"mode":"allow"}"#)
        #expect(oauthFailure { _ = try grant(emulator, secret: "wrong") }?.kind == .badApp)
    }

    @Test func `the end of what an app under test was granted is foretold`() throws {
        let emulator = try OAuthEmulator(.google)
        try emulator.control("PUT", "app", #"{"testing":true}"#)
        let tokens = try grant(emulator)
        let expected = tokens.granted + 7 * 86_400_000
        #expect(abs((tokens.grantExpires ?? 0) - expected) < 60_000)
        try emulator.control("PUT", "clock", #"{"advance":"8d"}"#)
        let transport = emulator.transport(TokenKeeper(tokens))
        #expect(try transport.send([emulator.calendarList()])[0].get().status == 401)
        #expect(transport.failure?.kind == .needsReconnect)
    }

    @Test func `G17 at Google a refusal leads to one renewal, for many threads`() throws {
        let emulator = try OAuthEmulator(.google)
        let keeper = TokenKeeper(try grant(emulator))
        try emulator.control("POST", "tokens/expire", "{}")
        let before = try emulator.tokenRequests()
        let request = try emulator.calendarList()
        let threads = try (0..<50).map { _ in
            try Background { () -> Int in
                try emulator.transport(keeper).send([request])[0].get().status
            }
        }
        for thread in threads { #expect(try thread.wait() == 200) }
        #expect(try emulator.tokenRequests() - before == 1)
    }

    @Test func `G18 at Google revoked access is asked for once, and then there is silence`() throws {
        let emulator = try OAuthEmulator(.google)
        let tokens = try grant(emulator)
        #expect(try emulator.signIn().revoke(tokens))
        let transport = emulator.transport(TokenKeeper(tokens))
        let before = try emulator.allRequests()
        for _ in 0..<5 { #expect(try transport.send([emulator.calendarList()])[0].get().status == 401) }
        #expect(try emulator.allRequests() - before == 2, "one that was refused, and one for newer access")
        #expect(transport.failure?.code == "invalid_grant")
        #expect(try emulator.signIn().revoke(tokens), "it was over already")
    }

    @Test func `L68 at Google the reason of an end is told`() throws {
        let emulator = try OAuthEmulator(.google)
        for (why, code) in [
            ("invalid_rapt", "invalid_grant/invalid_rapt"), ("admin_policy_enforced", "admin_policy_enforced"),
        ] {
            let tokens = try grant(emulator)
            try emulator.control("POST", "tokens/revoke", #"{"user":"me@example.test","why":"\#(why)"}"#)
            #expect(oauthFailure { _ = try emulator.signIn().renew(tokens) }?.code == code)
        }
    }

    @Test func `a door that fails in passing ends nothing`() throws {
        let emulator = try OAuthEmulator(.google)
        let tokens = try grant(emulator)
        for kind in ["status:503|retry-after:2", "status:429", "html", "empty", "garbage", "cut", "reset"] {
            try emulator.control("POST", "faults", #"{"match":"oauth.token","kind":"\#(kind)","times":3}"#)
            let failure = try #require(oauthFailure { _ = try emulator.signIn().renew(tokens) })
            #expect(failure.kind == .transient, "\(kind): \(failure)")
            try emulator.control("DELETE", "faults")
            #expect(try emulator.signIn().renew(tokens).access != tokens.access)
        }
    }

    // MARK: Microsoft

    @Test func `G53 at Microsoft each renewal brings a new refresh token, and a kill does not lose the account`() throws
    {
        let emulator = try OAuthEmulator(.microsoft)
        let first = try grant(emulator, [.calendars, .contacts], secret: nil)
        #expect(first.allows(.contacts, at: emulator.app().provider))
        try emulator.control("POST", "tokens/expire", "{}")
        struct Killed: Error {}
        let killed = AuthorizedTransport(
            emulator.client, emulator.app(secret: nil), TokenKeeper(first), now: Moment.now
        ) { _ in throw Killed() }
        #expect(throws: HTTPError.self) { try killed.send([emulator.calendarList()])[0].get() }
        // What was kept last is the first set, and it is still good for a renewal.
        var kept: [TokenSet] = []
        let transport = AuthorizedTransport(
            emulator.client, emulator.app(secret: nil), TokenKeeper(first), now: Moment.now
        ) { kept.append($0) }
        #expect(try transport.send([emulator.calendarList()])[0].get().status == 200)
        let second = try #require(kept.first)
        #expect(second.refresh != first.refresh && second.access != first.access)
        #expect(second.granted == first.granted)
        let third = try emulator.signIn(secret: nil).renew(second)
        #expect(third.refresh != second.refresh)
    }

    @Test func `L68 at Microsoft the reason of an end is told`() throws {
        let emulator = try OAuthEmulator(.microsoft)
        for (why, code) in [
            ("revoked", "AADSTS50173"), ("inactive", "AADSTS700082"), ("interaction", "AADSTS50076"),
            ("consent", "AADSTS65001"), ("blocked", "AADSTS53003"),
        ] {
            let tokens = try grant(emulator, secret: nil)
            try emulator.control("POST", "tokens/revoke", #"{"user":"me@example.test","why":"\#(why)"}"#)
            let failure = try #require(oauthFailure { _ = try emulator.signIn(secret: nil).renew(tokens) })
            #expect(failure.code == code)
            #expect(failure.kind == (why == "blocked" ? .needsAdministrator : .needsReconnect))
        }
    }

    @Test func `G54 at Microsoft a code is typed elsewhere: pending, slower, then access`() throws {
        let emulator = try OAuthEmulator(.microsoft)
        let signIn = emulator.signIn(secret: nil)
        let grant = try signIn.beginDevice([.calendars])
        #expect(grant.page.hasPrefix(emulator.url))
        var waits: [Int64] = []
        let tokens = try signIn.waitForDevice(grant) { wait in
            waits.append(wait)
            // The clock of the emulator goes on as if somebody had waited.
            try emulator.control("PUT", "clock", #"{"advance":"\#(wait / 1_000)s"}"#)
            switch waits.count {
            case 2: try emulator.control("POST", "device", #"{"state":"slow_down"}"#)
            case 4: try emulator.control("POST", "device", #"{"state":"approved"}"#)
            default: break
            }
        }
        #expect(waits == [5_000, 5_000, 10_000, 10_000])
        #expect(tokens.allows(.calendars, at: signIn.provider))
        #expect(try emulator.transport(TokenKeeper(tokens)).send([emulator.calendarList()])[0].get().status == 200)
    }

    @Test func `G54 at Microsoft a code that is declined or over ends the waiting`() throws {
        let emulator = try OAuthEmulator(.microsoft)
        let signIn = emulator.signIn(secret: nil)
        for (state, code) in [("declined", "authorization_declined"), ("expired", "AADSTS70020")] {
            let grant = try signIn.beginDevice([.calendars])
            let failure = oauthFailure {
                _ = try signIn.waitForDevice(grant) { _ in
                    try emulator.control("POST", "device", #"{"state":"\#(state)"}"#)
                }
            }
            #expect(failure?.code == code)
        }
    }

    // MARK: The browser

    @Test func `A05 a browser that comes back to this machine brings the code`() throws {
        for name in OAuthProvider.Name.allCases {
            let emulator = try OAuthEmulator(name)
            let secret = name == .google ? "emulated-secret" : nil
            let signIn = emulator.signIn(secret: secret)
            let listener = try LoopbackListener(path: signIn.provider.loopbackPath)
            let redirect = listener.address(host: signIn.provider.loopbackHost)
            let (address, pending) = signIn.begin([.calendars], redirect: redirect, session: "ada")
            let browser = try Background { try emulator.follow(address) }
            let answer = try #require(
                try listener.wait(state: pending.state.reveal { $0 }, milliseconds: 30_000))
            #expect(try browser.wait().contains("You can close this window"))
            let tokens = try signIn.finish(answer, pending, session: "ada")
            #expect(tokens.refresh != nil)
        }
    }
}

/// A stand-in that runs beside the test, with a user who says yes.
final class OAuthEmulator: Sendable {
    static let isThere =
        Neighbour.has("python3")
        && FileManager.default.isExecutableFile(atPath: Neighbour.root.appending(path: "tools/emulators/run").path)

    let name: OAuthProvider.Name
    let url: String
    let client: Client
    private let provider: OAuthProvider
    // It is only kept, so that it ends with the test.
    private let neighbour: Guarded<Kept>

    private struct Kept: @unchecked Sendable { let neighbour: Neighbour }

    init(_ name: OAuthProvider.Name) throws {
        self.name = name
        let started = try Neighbour(["tools/emulators/run", name.rawValue])
        neighbour = Guarded(Kept(neighbour: started))
        url = started.url
        let address = try Address(started.url + "/")
        provider = try name == .google ? .google(at: address) : .microsoft(at: address)
        var options = Client.Options()
        options.allowed = [
            try Allowance("127.0.0.1:\(address.origin.port)"), try Allowance("127.0.0.0/8"), try Allowance("localhost"),
        ]
        client = Client(options)
        try control("PUT", "consent", #"{"mode":"allow"}"#)
    }

    func app(secret: String? = "emulated-secret") -> OAuthApp {
        OAuthApp(provider, clientID: "emulated-client", clientSecret: secret.map { Secret($0) })
    }

    func signIn(secret: String? = "emulated-secret") -> SignIn {
        SignIn(app(secret: secret), client, now: Moment.now)
    }

    func transport(_ keeper: TokenKeeper) -> AuthorizedTransport {
        AuthorizedTransport(client, app(secret: name == .google ? "emulated-secret" : nil), keeper, now: Moment.now) {
            _ in
        }
    }

    var redirect: String { "http://\(provider.loopbackHost):40000\(provider.loopbackPath)" }

    func calendarList() throws -> Request {
        Request(
            "GET", try Address(url + (name == .google ? "/calendar/v3/users/me/calendarList" : "/v1.0/me/calendars")))
    }

    /// Where the browser of a user who says yes is sent back to.
    func browse(_ address: String) throws -> String {
        var request = Request("GET", try Address(address))
        request.followsRedirects = false
        let response = try client.send(request)
        return try #require(response.header("Location"), "\(response.status)")
    }

    /// As a browser, all the way.
    func follow(_ address: String) throws -> String {
        let response = try client.send(Request("GET", try Address(browse(address))))
        return String(decoding: response.body, as: UTF8.self)
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

    private func journal() throws -> [[String: Any]] {
        let body = try JSONSerialization.jsonObject(with: Data(try control("GET", "requests")))
        return try #require(body as? [[String: Any]] ?? (body as? [String: Any])?["requests"] as? [[String: Any]])
    }

    func tokenRequests() throws -> Int { try journal().count { ($0["operation"] as? String) == "oauth.token" } }

    func allRequests() throws -> Int { try journal().count }
}
