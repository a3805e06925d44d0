import Foundation
import HTTP
import Machine
import Secrets
import Testing

@testable import Providers

/// From the browser that is sent away to the tokens.
@Suite struct SignInTests {
    private func query(_ address: String) throws -> [String: String] {
        try #require(FormText.read(String(address.drop { $0 != "?" }.dropFirst())))
    }

    // MARK: Sending away

    @Test func `G28 Google is asked for the least, with PKCE, a state and consent`() throws {
        let bench = try OAuthBench([(200, "")])
        let (address, pending) = bench.begin()
        #expect(address.hasPrefix("https://accounts.google.com/o/oauth2/v2/auth?"))
        let fields = try query(address)
        #expect(fields["response_type"] == "code" && fields["client_id"] == "client-1")
        #expect(fields["redirect_uri"] == "http://127.0.0.1:40000/google")
        #expect(fields["scope"] == OAuthBench.scopes.joined(separator: " "))
        #expect(fields["access_type"] == "offline" && fields["prompt"] == "consent")
        #expect(fields["code_challenge_method"] == "S256")
        #expect(fields["code_challenge"] == pending.challenge)
        #expect(fields["code_challenge"] != pending.verifier.reveal { $0 })
        #expect(fields["state"] == pending.state.reveal { $0 })
        #expect(!address.contains("app-secret"))
        let (wide, _) = bench.begin([.contacts, .calendars])
        #expect(try query(wide)["scope"]?.hasSuffix(" " + OAuthBench.root + "contacts.readonly") == true)
    }

    @Test func `G28 Microsoft is asked for the least, and for what renews access`() throws {
        let bench = try OAuthBench(.microsoft, [(200, "")])
        let (address, _) = bench.begin([.calendars, .contacts])
        #expect(address.hasPrefix("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?"))
        let fields = try query(address)
        #expect(fields["scope"] == "offline_access User.Read Calendars.Read Contacts.Read")
        #expect(fields["redirect_uri"] == "http://localhost:40000/microsoft")
        #expect(fields["response_mode"] == "query" && fields["prompt"] == "select_account")
        let provider = try OAuthProvider.microsoft(tenant: "brandt.example")
        let named = SignIn(OAuthApp(provider, clientID: "c"), bench.script, now: bench.now)
            .begin([.calendars], redirect: bench.redirect, session: "ada", login: "ada@brandt.example").address
        #expect(named.hasPrefix("https://login.microsoftonline.com/brandt.example/"))
        #expect(try query(named)["login_hint"] == "ada@brandt.example")
        #expect(try query(named)["prompt"] == nil)
        for tenant in ["", "a/b", "..", "a?b", "ä"] {
            #expect(throws: HTTPError.self) { try OAuthProvider.microsoft(tenant: tenant) }
        }
    }

    /// The example of RFC 7636, appendix B.
    @Test func `G28 the challenge is the hash of the verifier`() {
        #expect(
            PendingGrant.challenge(Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
                == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test func `T1 state and verifier are new each time, and have 256 bits`() throws {
        let bench = try OAuthBench([(200, "")])
        let grants = (0..<50).map { _ in bench.begin().pending }
        let states = grants.map { $0.state.reveal { $0 } }
        let verifiers = grants.map { $0.verifier.reveal { $0 } }
        #expect(Set(states + verifiers).count == 100)
        for text in states + verifiers {
            #expect(text.count == 43)
            #expect([UInt8](base64URL: text)?.count == 32)
        }
    }

    // MARK: Coming back

    @Test func `A05 the code is redeemed with the verifier, and the tokens are read`() throws {
        let scope = OAuthBench.scopes.joined(separator: " ")
        let bench = try OAuthBench([
            (200, OAuthScript.tokens(["scope": scope, "refresh_token_expires_in": 604_799]))
        ])
        let (_, pending) = bench.begin()
        let tokens = try bench.signIn.finish(bench.answer(pending), pending, session: "ada")
        let request = try #require(bench.script.requests.first)
        #expect(request.method == "POST" && request.address.text == "https://oauth2.googleapis.com/token")
        #expect(!request.followsRedirects && !request.isRepeatable)
        #expect(request.credentials == nil)
        #expect(
            request.form == [
                "grant_type": "authorization_code", "code": "4/0Acode", "redirect_uri": bench.redirect,
                "code_verifier": pending.verifier.reveal { $0 }, "client_id": "client-1",
                "client_secret": "app-secret",
            ])
        let now = bench.now()
        #expect(tokens.access == Secret("access-1") && tokens.refresh == Secret("refresh-1"))
        #expect(tokens.issued == now && tokens.granted == now && tokens.expires == now + 3_599_000)
        #expect(tokens.grantExpires == now + 604_799_000, "an app that is being tested")
        #expect(tokens.scopes == OAuthBench.scopes)
        #expect(tokens.allows(.calendars, at: bench.app.provider) && !tokens.allows(.contacts, at: bench.app.provider))
    }

    @Test(arguments: ["ADDRESS", "  ADDRESS \n", "QUERY", "?QUERY", "ADDRESS#fragment", "ADD\nRESS"])
    func `A05 the answer may be pasted, in whole or in part`(_ form: String) throws {
        let bench = try OAuthBench([(200, OAuthScript.tokens())])
        let (_, pending) = bench.begin()
        let address = bench.answer(pending)
        let query = String(address.drop { $0 != "?" }.dropFirst())
        let half = address.index(address.startIndex, offsetBy: 60)
        let text = form.replacing("ADDRESS", with: address).replacing("QUERY", with: query)
            .replacing("ADD\nRESS", with: address[..<half] + "\n" + address[half...])
        _ = try bench.signIn.finish(text, pending, session: "ada")
        #expect(bench.script.forms.first?["code"] == "4/0Acode")
    }

    static let foreign: [(what: String, code: String)] = [
        ("another state", "other_state"), ("no state", "other_state"), ("an empty state", "other_state"),
        ("a state twice", "unreadable_answer"), ("another session", "other_session"), ("too late", "expired"),
        ("long before", "expired"), ("another provider", "other_provider"), ("another path", "other_address"),
        ("another port", "other_address"), ("another host", "other_address"), ("over TLS", "other_address"),
        ("another issuer", "other_issuer"), ("no code", "no_code"), ("an empty code", "no_code"),
        ("only a code", "unreadable_answer"), ("nothing", "unreadable_answer"),
        ("a broken escape", "unreadable_answer"),
        ("far too long", "unreadable_answer"), ("an error with another state", "other_state"),
    ]

    @Test(arguments: foreign.map(\.what))
    func `T1 an answer that belongs to no sign-in of the one who brings it is refused, and nothing is sent`(
        _ what: String
    ) throws {
        let bench = try OAuthBench([(200, OAuthScript.tokens())])
        let other = try OAuthBench(.microsoft, [(200, OAuthScript.tokens())])
        var (_, pending) = bench.begin()
        var answer = bench.answer(pending)
        var session = "ada"
        let state = "state=" + pending.state.reveal { $0 }
        switch what {
        case "another state": answer = bench.answer(bench.begin().pending)
        case "no state": answer = bench.redirect + "?code=1"
        case "an empty state": answer = bench.redirect + "?code=1&state="
        case "a state twice": answer += "&state=x"
        case "another session": session = "grace"
        case "too late": bench.advance(seconds: 600)
        case "long before": bench.advance(seconds: -601)
        case "another provider":
            pending = other.begin().pending
            answer = other.answer(pending)
        case "another path": answer = answer.replacing("/google", with: "/microsoft")
        case "another port": answer = answer.replacing(":40000", with: ":40001")
        case "another host": answer = answer.replacing("127.0.0.1", with: "127.0.0.2")
        case "over TLS": answer = answer.replacing("http:", with: "https:")
        case "another issuer": answer += "&iss=https%3A%2F%2Faccounts.evil.example"
        case "no code": answer = bench.answer(pending, "scope=a")
        case "an empty code": answer = bench.answer(pending, "code=")
        case "only a code": answer = "4/0Acode"
        case "nothing": answer = " "
        case "a broken escape": answer += "&a=%2"
        case "far too long": answer += "&a=" + String(repeating: "a", count: 20_000)
        default: answer = bench.redirect + "?error=access_denied&state=x"
        }
        let failure = try #require(
            oauthFailure { _ = try bench.signIn.finish(answer, pending, session: session) })
        #expect(failure.code == Self.foreign.first { $0.what == what }?.code, "\(failure)")
        #expect(failure.kind == .badAnswer)
        #expect(failure.remedy.contains("daybook connect google"))
        #expect(!failure.description.contains("4/0Acode"))
        #expect(!failure.description.contains(state.dropFirst(6)))
        #expect(bench.script.requests.isEmpty)
    }

    @Test func `T1 an answer within the ten minutes, from the right issuer, is taken`() throws {
        let bench = try OAuthBench([(200, OAuthScript.tokens())])
        let (_, pending) = bench.begin()
        bench.advance(seconds: 599)
        let answer = bench.answer(pending) + "&iss=https%3A%2F%2Faccounts.google.com"
        _ = try bench.signIn.finish(answer, pending, session: "ada")
    }

    // MARK: What was granted

    static let partial: [(name: OAuthProvider.Name, scope: String, isEnough: Bool)] = [
        (.google, "ROOTcalendar.events.readonly ROOTcalendar.calendarlist.readonly", true),
        (.google, "openid ROOTcalendar.readonly", true), (.google, "ROOTcalendar", true),
        (.google, "ROOTcalendar.events.readonly", false), (.google, "ROOTcalendar.calendarlist.readonly", false),
        (.google, "ROOTcontacts.readonly", false), (.google, "", false),
        (.microsoft, "Calendars.Read User.Read", true),
        (.microsoft, "https://graph.microsoft.com/calendars.read", true),
        (.microsoft, "Calendars.ReadWrite", true), (.microsoft, "User.Read", false),
        (.microsoft, "Calendars.ReadBasic", false),
    ]

    @Test(arguments: partial.indices) func `G29 a box for the calendars that was not ticked is noticed`(
        _ index: Int
    ) throws {
        let (name, scope, isEnough) = Self.partial[index]
        let granted = scope.replacing("ROOT", with: OAuthBench.root)
        let bench = try OAuthBench(name, [(200, OAuthScript.tokens(["scope": granted]))])
        let (_, pending) = bench.begin()
        let failure = oauthFailure { _ = try bench.signIn.finish(bench.answer(pending), pending, session: "ada") }
        #expect((failure == nil) == isEnough)
        if let failure {
            #expect(failure.code == "scope_missing" && failure.kind == .declined)
            #expect(failure.description.contains("not ticked") && failure.description.contains("daybook connect"))
        }
    }

    @Test func `G29 contacts that were not granted are no failure, and are told`() throws {
        let scope = OAuthBench.scopes.joined(separator: " ")
        let bench = try OAuthBench([(200, OAuthScript.tokens(["scope": scope]))])
        let (_, pending) = bench.begin([.calendars, .contacts])
        let tokens = try bench.signIn.finish(bench.answer(pending), pending, session: "ada")
        #expect(!tokens.allows(.contacts, at: bench.app.provider))
    }

    @Test func `access that cannot be renewed is not taken for a connection`() throws {
        let bench = try OAuthBench([(200, OAuthScript.tokens(["refresh_token": NSNull()]))])
        let (_, pending) = bench.begin()
        let failure = oauthFailure { _ = try bench.signIn.finish(bench.answer(pending), pending, session: "ada") }
        #expect(failure?.code == "no_refresh_token")
    }

    static let odd: [(body: String, isRead: Bool)] = [
        (#"{"access_token":"a","refresh_token":"r","expires_in":"3600","token_type":"bearer"}"#, true),
        (#"{"access_token":"a","refresh_token":"r","expires_in":3600.7}"#, true),
        (#"{"access_token":"a","refresh_token":"r"}"#, true),
        (#"{"access_token":"a","refresh_token":"r","expires_in":9223372036854775807}"#, true),
        (#"{"access_token":"a","refresh_token":"r","expires_in":-9223372036854775808}"#, true),
        (#"{"access_token":"a","refresh_token":"r","expires_in":1e300,"refresh_token_expires_in":1e18}"#, true),
        (#"{"access_token":"a","refresh_token":"r","expires_in":[],"scope":5,"error_codes":"x"}"#, true),
        (#"{"access_token":"","refresh_token":"r"}"#, false), (#"{"access_token":5}"#, false), (#"{}"#, false),
        (#"{"access_token":"a","refresh_token":"r","token_type":"mac"}"#, false), ("[]", false), ("", false),
        ("<html>", false), ("null", false), ("{", false), ("\u{0}\u{ff}", false),
    ]

    @Test(arguments: odd.map(\.body)) func `what is odd in an answer does no harm`(_ body: String) throws {
        let bench = try OAuthBench([(200, body)])
        let (_, pending) = bench.begin()
        let isRead = try #require(Self.odd.first { $0.body == body }).isRead
        do {
            let tokens = try bench.signIn.finish(bench.answer(pending), pending, session: "ada")
            #expect(isRead)
            #expect((tokens.issued...(tokens.issued + 7 * 86_400_000)).contains(tokens.expires))
            #expect(tokens.grantExpires == nil)
        } catch {
            #expect(!isRead)
            #expect(error.kind == .transient && error.code == "malformed")
        }
    }

    // MARK: Keeping and ending

    @Test func `T4 tokens and a sign-in on its way are kept as secrets, and print nothing`() throws {
        let bench = try OAuthBench([(200, "")])
        let (_, pending) = bench.begin([.contacts, .calendars])
        let again = try #require(PendingGrant(pending.encoded()))
        #expect(again.state == pending.state && again.verifier == pending.verifier)
        #expect(again.redirect == pending.redirect && again.parts == pending.parts)
        #expect(again.created == pending.created && again.session == "ada" && again.provider == .google)
        let tokens = bench.tokens()
        let kept = try #require(TokenSet(tokens.encoded()))
        #expect(kept.access == tokens.access && kept.refresh == tokens.refresh && kept.scopes == tokens.scopes)
        #expect(kept.expires == tokens.expires && kept.granted == tokens.granted && kept.grantExpires == nil)
        for text in ["\(pending)", "\(tokens)", String(reflecting: tokens), String(reflecting: pending)] {
            for secret in ["access-0", "refresh-0", pending.state.reveal { $0 }, pending.verifier.reveal { $0 }] {
                #expect(!text.contains(secret))
            }
        }
        for bad in ["", "{}", "[]", "x"] {
            #expect(TokenSet(Secret(bad)) == nil)
            #expect(PendingGrant(Secret(bad)) == nil)
        }
    }

    @Test func `access is revoked where the provider can be told`() throws {
        let bench = try OAuthBench([(200, "{}"), (400, #"{"error":"invalid_token"}"#), (503, "")])
        #expect(try bench.signIn.revoke(bench.tokens()))
        #expect(bench.script.requests[0].address.text == "https://oauth2.googleapis.com/revoke")
        #expect(bench.script.forms[0] == ["token": "refresh-0"])
        #expect(try bench.signIn.revoke(bench.tokens()), "it was over already")
        #expect(oauthFailure { try bench.signIn.revoke(bench.tokens()) }?.kind == .transient)
        let other = try OAuthBench(.microsoft, [(200, "{}")])
        #expect(try !other.signIn.revoke(other.tokens()))
        #expect(other.script.requests.isEmpty)
    }

    @Test func `T2 access is shown to the provider's own servers alone`() throws {
        let google = try OAuthProvider.google()
        for host in ["www.googleapis.com", "people.googleapis.com", "calendar.googleapis.com"] {
            #expect(google.isOwn(Origin(scheme: "https", host: host, port: 443)), "\(host)")
        }
        let microsoft = try OAuthProvider.microsoft()
        #expect(microsoft.isOwn(Origin(scheme: "https", host: "graph.microsoft.com", port: 443)))
        for (scheme, host, port) in [
            ("http", "www.googleapis.com", 80), ("https", "www.googleapis.com", 8443), ("https", "googleapis.com", 443),
            ("https", "evilgoogleapis.com", 443), ("https", "www.googleapis.com.evil.example", 443),
            ("https", "accounts.google.com", 443), ("https", "graph.microsoft.com.evil.example", 443),
            ("http", "graph.microsoft.com", 80), ("https", "127.0.0.1", 443),
        ] {
            let origin = Origin(scheme: scheme, host: host, port: port)
            #expect(!google.isOwn(origin) && !microsoft.isOwn(origin), "\(origin)")
        }
        let emulated = try OAuthProvider.google(at: Address("http://127.0.0.1:5260/"))
        #expect(emulated.isOwn(Origin(scheme: "http", host: "127.0.0.1", port: 5260)))
        #expect(!emulated.isOwn(Origin(scheme: "http", host: "127.0.0.1", port: 5261)))
        #expect(!emulated.isOwn(Origin(scheme: "https", host: "www.googleapis.com", port: 443)))
    }
}
