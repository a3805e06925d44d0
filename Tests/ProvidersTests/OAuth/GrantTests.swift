import Entries
import HTTP
import Secrets
import Testing

@testable import Providers

/// Grants: what is asked, what an answer must be, and what each refusal means.
struct GrantTests {
    private let now: Int64 = 1_800_000_000_000
    private let google: Grantor
    private let microsoft: Grantor
    private let request: GrantRequest

    init() throws {
        google = try Grantor(.google, clientID: "id.example", clientSecret: Secret("CLIENT-SECRET"))
        microsoft = try Grantor(.microsoft, clientID: "id", clientSecret: nil, tenant: "organizations")
        request = GrantRequest(
            scopes: google.scopes(people: false), redirect: "http://127.0.0.1:5000", isForPeople: false, now: now,
            .system)
    }

    private func parameters(_ page: String) -> [String: String] {
        FormText.decode(String(page.split(separator: "?", maxSplits: 1)[1]))
    }

    @Test func `G28 T1 the page asks with PKCE, a state and the least that is needed`() throws {
        let asked = parameters(request.page(of: google))
        #expect(asked["code_challenge"] == SHA256.hash(Array(request.verifier.utf8)).bytes.base64URL)
        #expect(asked["code_challenge_method"] == "S256")
        #expect((43...128).contains(request.verifier.count))
        #expect(asked["state"] == request.state)
        #expect(request.state.count == 43)
        #expect((asked["access_type"], asked["prompt"]) == ("offline", "consent"))
        let scopes = asked["scope"]?.split(separator: " ").map { $0.split(separator: "/").last ?? "" }
        #expect(scopes == ["calendar.events.readonly", "calendar.calendarlist.readonly"])
        #expect(!request.page(of: google).contains(request.verifier))
        #expect(
            request.page(of: microsoft).hasPrefix(
                "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?"))
    }

    @Test func `A05 the address to which the browser was sent holds the code`() throws {
        let answer = "http://127.0.0.1:5000/?state=\(request.state)&code=4%2F0Ab-c&scope=x#"
        #expect(try request.code(in: answer) == "4/0Ab-c")
        #expect(try request.code(in: "state=\(request.state)&code=abc") == "abc")
    }

    @Test(arguments: [
        ("http://127.0.0.1:5000/?state=other&code=abc", GrantFailure.Cause.otherState),
        ("http://127.0.0.1:5000/?code=abc", .noAnswer), ("http://127.0.0.1:5000/?state=STATE", .noAnswer),
        ("nonsense", .noAnswer), ("", .noAnswer), ("http://127.0.0.1:5000/?error=access_denied&state=STATE", .denied),
        ("http://127.0.0.1:5000/?state=STATE&state=x&error=admin_policy_enforced", .blockedByAdmin),
        // The right state, at another address than the browser was to be sent to.
        ("http://127.0.0.1/?state=STATE&code=abc", .otherState),
        ("http://127.0.0.1:5001/?state=STATE&code=abc", .otherState),
        ("https://127.0.0.1:5000/?state=STATE&code=abc", .otherState),
        ("http://localhost:5000/?state=STATE&code=abc", .otherState),
        ("http://evil.example:5000/?state=STATE&code=abc", .otherState),
        ("http://127.0.0.1.evil.example:5000/?state=STATE&code=abc", .otherState),
        ("http://127.0.0.1:5000/other?state=STATE&code=abc", .otherState),
        ("http://127.0.0.1:5000//?state=STATE&code=abc", .otherState),
        ("http://127.0.0.1:5000@evil.example/?state=STATE&code=abc", .noAnswer),
        ("127.0.0.1:5000/?state=STATE&code=abc", .noAnswer), ("ftp://127.0.0.1:5000/?state=STATE&code=abc", .noAnswer),
        ("?state=STATE&code=abc", .noAnswer), ("http://127.0.0.1:5000/#state=STATE&code=abc", .noAnswer),
    ])
    func `G28 T1 an answer to another question is refused`(_ answer: String, _ cause: GrantFailure.Cause) {
        let answer = answer.split(separator: "STATE", omittingEmptySubsequences: false).joined(separator: request.state)
        #expect(throws: GrantFailure.self) { try request.code(in: answer) }
        do { _ = try request.code(in: answer) } catch { #expect(error.cause == cause) }
    }

    @Test func `A05 a grant waits ten minutes`() {
        #expect(!request.isOver(at: now + 600_000))
        #expect(request.isOver(at: now + 600_001))
        #expect(request.isOver(at: now - 1))
    }

    @Test func `G29 a box that was unticked is noticed`() throws {
        let transport = ScriptedTransport {
            $0.answer(200, #"{"access_token":"a","refresh_token":"r","expires_in":3599,"scope":"openid"}"#)
        }
        let desk = TokenDesk(google, transport, now: { [now] in now })
        do {
            _ = try desk.tokens(for: "code", request)
            Issue.record("it was taken")
        } catch let failure as GrantFailure {
            #expect(failure.cause == .scopesMissing)
        }
    }

    @Test func `A05 a code is exchanged with the verifier, and the tokens say when they end`() throws {
        let scope = google.scopes(people: false).joined(separator: " ")
        let transport = ScriptedTransport {
            $0.answer(
                200,
                #"{"access_token":"a","refresh_token":"r","expires_in":3599,"refresh_token_expires_in":604799,"scope":"\#(scope)"}"#
            )
        }
        let tokens = try TokenDesk(google, transport, now: { [now] in now }).tokens(for: "CODE", request)
        let sent = FormText.decode(try #require(transport.requests.first).text)
        #expect(sent["code_verifier"] == request.verifier)
        #expect(sent["client_secret"] == "CLIENT-SECRET")
        #expect(transport.requests.first?.followsRedirects == false)
        #expect(tokens.expires == now + 3_599_000)
        #expect(tokens.grantExpires == now + 604_799_000)
        #expect(try TokenSet(sealedForm: tokens.sealedForm()) == tokens)
    }

    @Test(
        arguments: [
            ("invalid_grant", nil, nil, GrantFailure.Cause.revoked),
            ("invalid_grant", nil, "invalid_rapt", .needsPerson),
            ("invalid_grant", "AADSTS700082: expired", nil, .revoked), ("invalid_client", nil, nil, .wrongClient),
            ("interaction_required", "AADSTS50076: MFA", nil, .needsPerson), ("access_denied", nil, nil, .denied),
            ("unauthorized_client", "AADSTS700016: not found", nil, .wrongClient),
            ("invalid_grant", "AADSTS65001: no consent", nil, .needsPerson),
            ("access_denied", "AADSTS53003: policy", nil, .blockedByAdmin),
            ("admin_policy_enforced", nil, nil, .blockedByAdmin), ("redirect_uri_mismatch", nil, nil, .wrongRedirect),
            ("authorization_pending", nil, nil, .pending), ("slow_down", nil, nil, .slowDown),
            ("expired_token", nil, nil, .expired),
            ("something_new", nil, nil, .unknown), ("temporarily_unavailable", nil, nil, .busy),
        ] as [(String, String?, String?, GrantFailure.Cause)])
    func `pain 2 each refusal has a cause and says what mends it`(
        _ error: String, _ detail: String?, _ subtype: String?, _ cause: GrantFailure.Cause
    ) {
        let failure = GrantFailure(error: error, detail: detail, subtype: subtype)
        #expect(failure.cause == cause)
        #expect(failure.description.count > 20)
        #expect(!failure.description.contains("MFA"))
    }

    // MARK: Devices

    private let device = TokenDesk.Device(
        code: "d", userCode: "ABCD", page: "https://microsoft.example/devicelogin", intervalSeconds: 5, expires: .max)

    @Test(arguments: [
        ("authorization_pending", GrantFailure.Cause.pending), ("slow_down", .slowDown),
        ("authorization_declined", .denied),
        ("expired_token", .expired), ("bad_verification_code", .expired),
    ])
    func `G54 a device waits, slows down, or hears no`(_ error: String, _ cause: GrantFailure.Cause) throws {
        let transport = ScriptedTransport { $0.answer(400, #"{"error":"\#(error)"}"#) }
        do {
            _ = try TokenDesk(microsoft, transport, now: { [now] in now }).tokens(for: device, isForPeople: false)
        } catch let failure as GrantFailure {
            #expect(failure.cause == cause)
        }
    }

    @Test func `G54 Google has no grants for devices that know calendars, and that is said`() throws {
        let desk = TokenDesk(google, ScriptedTransport { $0.answer(500) }, now: { [now] in now })
        #expect(throws: GrantFailure(.noDevices)) { try desk.device([]) }
    }
}

/// Requests that carry a token, and its renewal.
final class AuthorizedTests {
    private var now: Int64 = 1_800_000_000_000
    private let grantor: Grantor
    private var kept: [TokenSet] = []
    /// Tokens that the provider takes.
    private var valid = "one"
    private var answer: (Request) -> Response = { $0.answer(500) }

    init() throws {
        grantor = try Grantor(.google, clientID: "id", clientSecret: Secret("secret"))
        answer = { [unowned self] in
            valid = "two"
            return $0.answer(200, #"{"access_token":"two","refresh_token":"r2","expires_in":3600}"#)
        }
    }

    private func provider() -> ScriptedTransport {
        ScriptedTransport { [unowned self] request in
            if request.address.path == "/token" { return answer(request) }
            return request.answer(request.bearer == valid ? 200 : 401)
        }
    }

    private func transport(_ inner: ScriptedTransport, expires: Int64 = 3_600_000) -> AuthorizedTransport {
        let tokens = TokenSet(
            access: Secret("one"), refresh: Secret("r1"), expires: now + expires, scopes: ["x"], granted: now)
        return AuthorizedTransport(
            grantor, inner, tokens: tokens, now: { [now] in now }, store: { [unowned self] in kept.append($0) })
    }

    private func request(_ url: String = "https://www.googleapis.com/calendar/v3/x") throws -> Request {
        Request("GET", try Address(url))
    }

    @Test func `A07 a token is renewed five minutes before its end`() throws {
        let provider = provider()
        let early = transport(provider, expires: 301_000)
        _ = early.send([try request()])
        #expect(kept.isEmpty)
        let late = transport(provider, expires: 299_000)
        #expect(try late.send([try request()])[0].get().status == 200)
        #expect(kept.map { $0.refresh?.reveal { $0 } } == ["r2"])
    }

    @Test func `G17 T2 many requests that are refused at once share one renewal, and are made once more`() throws {
        valid = "two"
        let provider = provider()
        let outcomes = transport(provider).send(try (0..<50).map { _ in try request() })
        #expect(try outcomes.allSatisfy { try $0.get().status == 200 })
        #expect(provider.requests.count { $0.address.path == "/token" } == 1)
    }

    @Test func `G17 what is refused with a new token is refused`() throws {
        valid = "none"
        answer = { $0.answer(200, #"{"access_token":"two","expires_in":3600}"#) }
        let provider = provider()
        #expect(try transport(provider).send([try request()])[0].get().status == 401)
        #expect(provider.requests.count == 3)
    }

    @Test func `G18 L49 a grant that is gone ends all requests at once, without a storm`() throws {
        valid = "none"
        answer = {
            $0.answer(400, #"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#)
        }
        let provider = provider()
        let transport = transport(provider)
        for _ in 0..<5 {
            for outcome in transport.send([try request(), try request()]) {
                guard case .failure(let error) = outcome else {
                    Issue.record("it was answered")
                    return
                }
                #expect(error.kind == .unauthorized)
                #expect(ReadingFailure(error).errorClass == .auth)
            }
        }
        #expect(provider.requests.count { $0.address.path == "/token" } == 1)
        #expect(transport.refusal?.cause == .revoked)
    }

    @Test func `G53 T2 a new token is kept before it is used, and what cannot be kept is not used`() throws {
        struct Full: Error {}
        let provider = provider()
        let tokens = TokenSet(access: Secret("one"), refresh: Secret("r1"), expires: now, scopes: [], granted: now)
        let transport = AuthorizedTransport(
            grantor, provider, tokens: tokens, now: { [now] in now }, store: { _ in throw Full() })
        guard case .failure = transport.send([try request()])[0] else {
            Issue.record("it was sent")
            return
        }
        #expect(provider.requests.map(\.address.path) == ["/token"])
    }

    @Test func `T10 G33 the token goes to nobody but the provider`() throws {
        let inner = ScriptedTransport { $0.answer(200) }
        _ = transport(inner).send([try request("https://evil.example/delta"), try request()])
        #expect(inner.requests.map(\.bearer) == [nil, "one"])
    }
}
