import Entries
import Foundation
import HTTP
import Machine
import Secrets
import Testing

@testable import Providers

/// Renewing access: once, kept before it is used, and not at all when it is over.
@Suite(.timeLimit(.minutes(1))) struct AuthorizedTransportTests {
    private static let calendar = "https://www.googleapis.com/calendar/v3/users/me/calendarList"
    private struct Killed: Error {}

    /// What a calendar answers to the tokens it knows, and the door to those who renew.
    private static func server(
        accepts good: @escaping @Sendable (String?) -> Bool = { $0 == "access-1" },
        renewal: @escaping @Sendable (Int) -> (Int, String) = { number in
            (200, OAuthScript.tokens(["access_token": "access-\(number)", "refresh_token": "refresh-\(number)"]))
        }
    ) -> OAuthScript {
        let renewals = Guarded(0)
        return OAuthScript { request, _ in
            func answer(_ status: Int, _ body: String) -> OAuthScript.Answer {
                .success(Response(status: status, headers: [], body: Array(body.utf8), address: request.address))
            }
            if request.address.path == "/token" || request.address.path.hasSuffix("/token") {
                let (status, body) = renewal(
                    renewals.with {
                        $0 += 1
                        return $0
                    })
                return answer(status, body)
            }
            return good(request.bearer) ? answer(200, "[]") : answer(401, "")
        }
    }

    /// A connection with its tokens, and what was kept of them.
    private final class Line {
        let bench: OAuthBench
        let keeper: TokenKeeper
        var kept: [TokenSet] = []
        var keeping: (TokenSet) throws -> Void = { _ in }
        private(set) lazy var transport = AuthorizedTransport(
            bench.script, bench.app, keeper, now: bench.now,
            keep: { [unowned self] tokens in
                try keeping(tokens)
                kept.append(tokens)
            })

        convenience init(_ script: OAuthScript, expiresIn seconds: Int64 = 3_600) throws {
            try self.init(.google, script, expiresIn: seconds)
        }

        init(_ name: OAuthProvider.Name, _ script: OAuthScript, expiresIn seconds: Int64 = 3_600) throws {
            bench = try OAuthBench(name, script)
            keeper = TokenKeeper(bench.tokens(expiresIn: seconds))
        }

        func get(_ address: String = AuthorizedTransportTests.calendar, count: Int = 1) throws -> [Int] {
            let request = Request("GET", try Address(address))
            return try transport.send(Array(repeating: request, count: count)).map { try $0.get().status }
        }

        var renewals: Int { bench.script.requests.count { $0.address.path == "/token" } }
    }

    @Test func `T2 access goes along to the provider's own servers and to nobody else`() throws {
        let line = try Line(Self.server { _ in true })
        let elsewhere = Request("GET", try Address("https://feeds.example/a.ics"))
        let own = Request("GET", try Address(Self.calendar))
        let outcomes = line.transport.send([elsewhere, own, elsewhere])
        #expect(outcomes.count == 3)
        let sent = line.bench.script.requests
        #expect(sent.map(\.bearer) == [nil, "access-0", nil])
        let credentials = try #require(sent[1].credentials)
        #expect(credentials.isFor(Origin(scheme: "https", host: "people.googleapis.com", port: 443)))
        #expect(!credentials.isFor(Origin(scheme: "https", host: "feeds.example", port: 443)))
        #expect(!credentials.isFor(Origin(scheme: "http", host: "www.googleapis.com", port: 80)))
    }

    @Test(arguments: [(301, 0), (300, 1), (60, 1), (0, 1), (-5_000, 1)] as [(Int64, Int)])
    func `A07 access is renewed five minutes before its end`(_ left: Int64, _ renewals: Int) throws {
        let line = try Line(Self.server { _ in true })
        line.bench.advance(seconds: 3_600 - left)
        #expect(try line.get() == [200])
        #expect(line.renewals == renewals)
        #expect(line.kept.count == renewals)
        #expect(line.bench.script.requests.last?.bearer == "access-\(renewals)")
        #expect(try line.get() == [200])
        #expect(line.renewals == renewals)
    }

    @Test func `A07 access that is short-lived is not renewed with each request`() throws {
        let line = try Line(Self.server { _ in true }, expiresIn: 60)
        #expect(try line.get() == [200])
        line.bench.advance(seconds: 53)
        #expect(try line.get() == [200])
        #expect(line.renewals == 0)
        line.bench.advance(seconds: 1)
        #expect(try line.get() == [200])
        #expect(line.renewals == 1)
    }

    @Test func `G17 a refusal leads to one renewal and one more try, for all that were refused`() throws {
        let line = try Line(Self.server())
        #expect(try line.get(count: 6) == Array(repeating: 200, count: 6))
        #expect(line.renewals == 1)
        let sent = line.bench.script.requests
        #expect(sent.count == 13)
        #expect(sent.prefix(6).allSatisfy { $0.bearer == "access-0" })
        #expect(sent.suffix(6).allSatisfy { $0.bearer == "access-1" })
        #expect(sent[6].form["refresh_token"] == "refresh-0" && sent[6].form["grant_type"] == "refresh_token")
        #expect(sent[6].isRepeatable && sent[6].credentials == nil)
    }

    @Test func `G17 a server that refuses new access too is not asked for ever`() throws {
        let line = try Line(Self.server { _ in false })
        for _ in 0..<20 { #expect(try line.get() == [401]) }
        #expect(line.renewals == 1)
        #expect(line.bench.script.requests.count == 22)
        #expect(line.transport.failure == nil)
        line.bench.advance(seconds: 61)
        #expect(try line.get() == [401])
        #expect(line.renewals == 2)
    }

    // MARK: Many at once

    @Test(arguments: [true, false]) func `T2 fifty at once lead to one renewal`(_ isExpired: Bool) throws {
        let line = try Line(Self.server())
        if isExpired { line.bench.advance(seconds: 3_600) }
        let (bench, keeper, kept) = (line.bench, line.keeper, Guarded(0))
        let start = Guarded(0)
        let threads = try (0..<50).map { _ in
            try Background { () -> [Int] in
                let transport = AuthorizedTransport(bench.script, bench.app, keeper, now: bench.now) { _ in
                    kept.with { $0 += 1 }
                }
                start.with { $0 += 1 }
                start.wait { $0 >= 50 ? () : nil } as Void
                let request = Request("GET", try Address(Self.calendar))
                return try transport.send([request, request]).map { try $0.get().status }
            }
        }
        for thread in threads { #expect(try thread.wait() == [200, 200]) }
        #expect(line.renewals == 1)
        #expect(kept.with { $0 } == 1)
        #expect(keeper.tokens.access == Secret("access-1") && keeper.tokens.refresh == Secret("refresh-1"))
    }

    @Test func `T2 those who waited for a renewal take its outcome, also where it failed`() throws {
        let waiting = Guarded(0)
        let line = try Line(
            Self.server(renewal: { _ in
                // Nobody is answered before all are waiting.
                waiting.wait { $0 >= 20 ? () : nil } as Void
                return (503, "")
            }))
        line.bench.advance(seconds: 3_600)
        let (bench, keeper) = (line.bench, line.keeper)
        let threads = try (0..<20).map { _ in
            try Background { () -> Int in
                let transport = AuthorizedTransport(bench.script, bench.app, keeper, now: bench.now) { _ in }
                let request = Request("GET", try Address(Self.calendar))
                waiting.with { $0 += 1 }
                return try transport.send([request])[0].get().status
            }
        }
        for thread in threads { #expect(try thread.wait() == 503) }
        #expect((1..<20).contains(line.renewals))
        #expect(bench.script.requests.count == line.renewals, "nothing was sent without access")
    }

    // MARK: Kept before it is used

    @Test func `T2 new access is kept before anything is sent with it`() throws {
        let line = try Line(Self.server())
        line.keeping = { [unowned line] tokens in
            #expect(tokens.access == Secret("access-1"))
            #expect(!line.bench.script.requests.contains { $0.bearer == "access-1" })
            #expect(line.keeper.tokens.access == Secret("access-0"), "the old is not let go yet")
        }
        #expect(try line.get() == [200])
        #expect(line.kept.count == 1)
    }

    @Test func `G53 a kill between the answer and the keeping does not lose the account`() throws {
        let line = try Line(.microsoft, Self.server { _ in true })
        line.bench.advance(seconds: 3_600)
        line.keeping = { _ in throw Killed() }
        let request = Request("GET", try Address("https://graph.microsoft.com/v1.0/me/calendars"))
        let outcome = line.transport.send([request])[0]
        #expect(throws: HTTPError.self) { try outcome.get() }
        #expect(line.transport.keepingError is Killed)
        #expect(!line.bench.script.requests.contains { $0.address.origin.host == "graph.microsoft.com" })
        // What was kept is the old; with it everything goes on.
        let again = AuthorizedTransport(
            line.bench.script, line.bench.app, TokenKeeper(line.bench.tokens(expiresIn: -1)), now: line.bench.now
        ) { _ in }
        #expect(try again.send([request])[0].get().status == 200)
        #expect(line.bench.script.forms.count { $0["refresh_token"] == "refresh-0" } == 2)
    }

    @Test func `T2 access that could not be kept is not asked for once more, but kept the next time`() throws {
        let line = try Line(Self.server { _ in true })
        line.bench.advance(seconds: 3_600)
        line.keeping = { _ in throw Killed() }
        #expect(throws: HTTPError.self) { try line.get() }
        #expect(throws: HTTPError.self) { try line.get() }
        #expect(line.renewals == 1)
        line.keeping = { _ in }
        #expect(try line.get() == [200])
        #expect(line.renewals == 1)
        #expect(line.kept.map(\.access) == [Secret("access-1")])
        #expect(line.transport.keepingError == nil)
    }

    @Test func `what is not said in a renewal stays as it was`() throws {
        let line = try Line(
            Self.server(
                accepts: { _ in true }, renewal: { _ in (200, #"{"access_token":"access-1","expires_in":3599}"#) }))
        line.bench.advance(seconds: 3_600)
        let granted = line.keeper.tokens.granted
        #expect(try line.get() == [200])
        let tokens = try #require(line.kept.first)
        #expect(tokens.refresh == Secret("refresh-0") && tokens.scopes == OAuthBench.scopes)
        #expect(tokens.granted == granted && tokens.issued == line.bench.now())
    }

    // MARK: The end

    @Test func `G18 access that is over is asked for once, and then nothing is sent any more`() throws {
        let line = try Line(
            Self.server(
                accepts: { _ in false },
                renewal: { _ in (400, #"{"error":"invalid_grant","error_description":"Token has been expired"}"#) }))
        for _ in 0..<20 { #expect(try line.get(count: 3) == [401, 401, 401]) }
        #expect(line.renewals == 1)
        #expect(line.bench.script.requests.count == 4)
        let failure = try #require(line.transport.failure)
        #expect(failure.kind == .needsReconnect && failure.code == "invalid_grant")
        #expect(failure.description.contains("daybook connect google"))
        #expect(line.kept.isEmpty && line.keeper.tokens.refresh == Secret("refresh-0"), "nothing is thrown away")
        // What goes elsewhere is not held up.
        #expect(try line.get("https://feeds.example/a.ics") == [401])
        #expect(line.bench.script.requests.count == 5)
    }

    @Test func `A07 access that cannot be renewed at the moment is used as long as it is good`() throws {
        let line = try Line(Self.server(accepts: { _ in true }, renewal: { _ in (503, "") }))
        line.bench.advance(seconds: 3_500)
        #expect(try line.get() == [200])
        #expect(line.renewals == 1)
        line.bench.advance(seconds: 100)
        #expect(try line.get() == [503])
        #expect(line.transport.failure == nil)
    }

    @Test func `an error of the network is handed on as it is`() throws {
        let network = HTTPError(.unresolved, "oauth2.googleapis.com is not known.")
        let line = try Line(
            OAuthScript { request, _ in
                request.address.path == "/token"
                    ? .failure(network)
                    : .success(Response(status: 200, headers: [], body: [], address: request.address))
            })
        line.bench.advance(seconds: 3_600)
        #expect(throws: network) { try line.get() }
        #expect(line.transport.failure == nil)
    }

    @Test func `without anything to renew it with, access ends with itself`() throws {
        let script = Self.server { _ in true }
        let bench = try OAuthBench(.google, script)
        let transport = AuthorizedTransport(
            script, bench.app, TokenKeeper(bench.tokens(refresh: nil)), now: bench.now
        ) { _ in }
        let request = Request("GET", try Address(Self.calendar))
        #expect(try transport.send([request])[0].get().status == 200)
        bench.advance(seconds: 3_600)
        #expect(try transport.send([request])[0].get().status == 401)
        #expect(transport.failure?.code == "no_refresh_token")
    }
}
