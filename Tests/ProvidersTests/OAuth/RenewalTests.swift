import Entries
import HTTP
import Secrets
import Testing

@testable import Providers

/// Renewal at its worst: refusals that nothing cures, doors that fail in passing, tokens that cannot be kept.
final class RenewalTests: @unchecked Sendable {
    private struct Full: Error {}

    private var now: Int64 = 1_800_000_000_000
    private let grantor: Grantor
    private var kept: [TokenSet] = []
    private var isFull = false
    private var door: (Request) throws -> Response = {
        $0.answer(200, #"{"access_token":"two","refresh_token":"r2","expires_in":3600}"#)
    }
    private var accepts: (String?) -> Bool = { _ in true }
    private lazy var provider = ScriptedTransport { [unowned self] request in
        if request.address.path == "/token" { return try door(request) }
        return request.answer(accepts(request.bearer) ? 200 : 401)
    }

    init() throws { grantor = try Grantor(.google, clientID: "id", clientSecret: Secret("secret")) }

    private func transport(lasting seconds: Int64 = 3_600) -> AuthorizedTransport {
        let tokens = TokenSet(
            access: Secret("one"), refresh: Secret("r1"), expires: now + seconds * 1_000, scopes: ["x"], granted: now,
            issued: now)
        return AuthorizedTransport(
            grantor, provider, tokens: tokens, now: { [unowned self] in now },
            store: { [unowned self] in
                if isFull { throw Full() }
                kept.append($0)
            })
    }

    private func ask(_ transport: AuthorizedTransport) throws -> Result<Response, HTTPError> {
        transport.send([Request("GET", try Address("https://www.googleapis.com/calendar/v3/x"))])[0]
    }

    private func status(_ transport: AuthorizedTransport) throws -> Int { try ask(transport).get().status }

    private var renewals: Int { provider.requests.count { $0.address.path == "/token" } }

    @Test func `G17 a provider that refuses every token is not asked for a new one each time`() throws {
        accepts = { _ in false }
        let transport = transport()
        for _ in 0..<20 { #expect(try status(transport) == 401) }
        #expect(renewals == 1)
        #expect(provider.requests.count == 22)
        #expect(transport.refusal == nil)
        now += 61_000
        #expect(try status(transport) == 401)
        #expect(renewals == 2)
    }

    @Test func `A07 a token that is short-lived is not renewed with each request`() throws {
        let transport = transport(lasting: 60)
        now += 53_000
        #expect(try status(transport) == 200)
        #expect(renewals == 0)
        now += 2_000
        for _ in 0..<3 { #expect(try status(transport) == 200) }
        #expect(renewals == 1)
        #expect(kept.map(\.issued) == [now])
    }

    @Test func `A07 a token that cannot be renewed at the moment is used as long as it holds`() throws {
        door = { $0.answer(503) }
        let transport = transport()
        now += 3_400_000
        #expect(try status(transport) == 200)
        #expect(renewals == 1)
        now += 200_000
        guard case .failure(let error) = try ask(transport) else {
            Issue.record("it was sent with a token that is over")
            return
        }
        #expect(error.isTransient && ReadingFailure(error).errorClass == .transient)
        #expect(transport.refusal == nil)
    }

    static let passing: [(status: Int, body: String)] = [
        (503, ""), (500, #"{"error":"invalid_grant"}"#), (429, #"{"error":"invalid_client"}"#),
        (400, #"{"error":"internal_failure"}"#), (400, #"{"error":"temporarily_unavailable"}"#), (200, "<html>"),
        (200, "{}"), (400, ""),
    ]

    @Test(arguments: passing.indices) func `A07 a door that fails in passing costs nobody the connection`(
        _ index: Int
    ) throws {
        let (answer, body) = Self.passing[index]
        door = { $0.answer(answer, body) }
        let transport = transport(lasting: 0)
        for _ in 0..<10 {
            guard case .failure(let error) = try ask(transport) else {
                Issue.record("it was sent")
                return
            }
            #expect(error.kind != .unauthorized && ReadingFailure(error).errorClass != .auth)
        }
        #expect(renewals == 1, "whoever waited does not try it once more")
        #expect(transport.refusal == nil)
        door = { $0.answer(200, #"{"access_token":"two","expires_in":3600}"#) }
        now += 5_000
        #expect(try status(transport) == 200)
        #expect(kept.map { $0.refresh?.reveal { $0 } } == ["r1"], "what is not said stays")
    }

    @Test func `G53 T2 a token that could not be kept is not asked for again, and kept the next time`() throws {
        isFull = true
        let transport = transport(lasting: 0)
        for _ in 0..<3 {
            guard case .failure(let error) = try ask(transport) else {
                Issue.record("it was used")
                return
            }
            #expect(ReadingFailure(error).errorClass == .transient, "a full disk is no refusal")
        }
        #expect(renewals == 1)
        isFull = false
        #expect(try status(transport) == 200)
        #expect(renewals == 1)
        #expect(kept.map { $0.refresh?.reveal { $0 } } == ["r2"])
        #expect(provider.requests.map(\.bearer) == [nil, "two"])
    }

    // MARK: What is answered

    @Test(arguments: [
        #""3600""#, "3600.7", "9223372036854775807", "-9223372036854775808", "1e300", "[]", "null", #""""#, "true",
    ])
    func `odd lengths of time do no harm`(_ number: String) throws {
        let scopes = grantor.scopes(people: false).joined(separator: " ")
        let body = """
            {"access_token":"a","refresh_token":"r","expires_in":\(number),"refresh_token_expires_in":\(number),
            "scope":"\(scopes)"}
            """
        door = { $0.answer(200, body) }
        let desk = TokenDesk(grantor, provider, now: { [now] in now })
        let request = GrantRequest(scopes: [], redirect: "http://127.0.0.1/", isForPeople: false, now: now, .system)
        let tokens = try desk.tokens(for: "code", request)
        #expect((now + 60_000...now + 86_400_000).contains(tokens.expires))
        #expect(tokens.grantExpires.map { (now...now + 3_650 * 86_400_000).contains($0) } != false)
    }

    @Test func `A05 a code that is not taken came too late; a grant that is not renewed is gone`() throws {
        door = { $0.answer(400, #"{"error":"invalid_grant"}"#) }
        let desk = TokenDesk(grantor, provider, now: { [now] in now })
        let request = GrantRequest(scopes: [], redirect: "http://127.0.0.1/", isForPeople: false, now: now, .system)
        #expect(throws: GrantFailure(.expired, code: "invalid_grant")) { try desk.tokens(for: "code", request) }
        let tokens = TokenSet(access: Secret("a"), refresh: Secret("r"), expires: now, scopes: [], granted: now)
        #expect(throws: GrantFailure(.revoked, code: "invalid_grant")) { try desk.renewed(tokens) }
        #expect(provider.requests.map(\.isRepeatable) == [false, true])
    }

    @Test(arguments: ["invalid_grant", "expired_token", "code_expired", "bad_verification_code"])
    func `A07 nobody waits for an answer while a token is renewed, so a lost one is a grant that is over`(
        _ word: String
    ) throws {
        door = { $0.answer(400, #"{"error":"\#(word)"}"#) }
        let desk = TokenDesk(grantor, provider, now: { [now] in now })
        let tokens = TokenSet(access: Secret("a"), refresh: Secret("r"), expires: now, scopes: [], granted: now)
        #expect(throws: GrantFailure(.revoked, code: word)) { try desk.renewed(tokens) }
    }

    @Test(arguments: [
        ("invalid_grant", ErrorClass.auth), ("invalid_client", .auth), ("unauthorized_client", .auth),
        ("access_denied", .auth), ("interaction_required", .auth), ("consent_required", .auth),
        ("login_required", .auth),
        ("weird", .transient), ("server_error", .transient),
    ])
    func `A07 only words that are known end a grant`(_ word: String, _ errorClass: ErrorClass) {
        #expect(GrantFailure(error: word).errorClass == errorClass)
    }

    @Test func `a grant is taken back where the provider can be told`() throws {
        let instant = now
        let clock: @Sendable () -> Int64 = { instant }
        let tokens = TokenSet(access: Secret("a"), refresh: Secret("r"), expires: now, scopes: [], granted: now)
        let google = ScriptedTransport { $0.answer(200, "{}") }
        let isTaken = try TokenDesk(grantor, google, now: clock).revoke(tokens)
        #expect(isTaken)
        #expect(google.requests.first?.address.text == "https://oauth2.googleapis.com/revoke")
        #expect(FormText.decode(google.requests.first?.text ?? "")["token"] == "r")
        let over = ScriptedTransport { $0.answer(400, #"{"error":"invalid_token"}"#) }
        let wasTaken = try TokenDesk(grantor, over, now: clock).revoke(tokens)
        #expect(wasTaken)
        let busy = ScriptedTransport { $0.answer(503) }
        #expect(throws: ReadingFailure.self) { try TokenDesk(grantor, busy, now: clock).revoke(tokens) }
        let microsoft = try Grantor(.microsoft, clientID: "id", clientSecret: nil)
        let canBe = try TokenDesk(microsoft, google, now: clock).revoke(tokens)
        #expect(!canBe)
    }

    @Test func `T1 an answer that names another issuer is refused`() throws {
        let request = GrantRequest(scopes: [], redirect: "http://127.0.0.1/", isForPeople: false, now: now, .system)
        let answer = "http://127.0.0.1/?code=c&state=\(request.state)&iss="
        #expect(try request.code(in: answer + "https%3A%2F%2Faccounts.google.com", of: grantor) == "c")
        for issuer in ["https%3A%2F%2Fevil.example", "https%3A%2F%2Faccounts.google.com.evil.example", ""] {
            #expect(throws: GrantFailure(.otherState)) { try request.code(in: answer + issuer, of: grantor) }
        }
        let microsoft = try Grantor(.microsoft, clientID: "id", clientSecret: nil)
        let tenant = "https%3A%2F%2Flogin.microsoftonline.com%2F9188040d-6c67-4c5b-b112-36a304b66dad%2Fv2.0"
        #expect(try request.code(in: answer + tenant, of: microsoft) == "c")
        #expect(throws: GrantFailure(.otherState)) { try request.code(in: answer + tenant, of: grantor) }
    }

    @Test(arguments: [
        ("AADSTS50194", GrantFailure.Cause.wrongTenant), ("AADSTS7000222", .wrongClient), ("AADSTS50133", .revoked),
        ("AADSTS90093", .blockedByAdmin), ("AADSTS53002", .blockedByAdmin), ("AADSTS54005", .expired),
        ("AADSTS90033", .busy), ("AADSTS50074", .needsPerson),
    ])
    func `pain 2 what Microsoft says in numbers has a cause`(_ code: String, _ cause: GrantFailure.Cause) {
        let failure = GrantFailure(error: "invalid_grant", detail: "\(code): Words of Microsoft.")
        #expect(failure.cause == cause && failure.code == code)
        #expect(!failure.description.contains("Words"))
    }
}
