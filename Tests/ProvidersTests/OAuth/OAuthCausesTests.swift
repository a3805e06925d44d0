import Entries
import HTTP
import Testing

@testable import Providers

/// Every code of a provider has a cause in words, and one thing that mends it.
@Suite struct OAuthCausesTests {
    private static let codes = OAuthCauses.known.map(\.code)

    @Test(arguments: codes) func `L68 a code is told with its cause and the command that mends it`(
        _ code: String
    ) throws {
        for step in OAuthCauses.Step.allCases {
            for name in OAuthProvider.Name.allCases {
                let failure = OAuthCauses.failure([code], at: step, name)
                #expect(failure.code == code)
                #expect(failure.message.hasSuffix(".") && !failure.message.contains("@"))
                #expect(failure.remedy.contains("daybook "))
                #expect(failure.kind != .needsReconnect || step == .renewal)
            }
        }
    }

    @Test func `no code stands for two things at one step`() {
        var seen: Set<String> = []
        for (code, steps) in OAuthCauses.known {
            // What is said of a code at one step may come before what is said of it at all steps.
            if steps.count == OAuthCauses.Step.allCases.count { continue }
            for step in steps { #expect(seen.insert("\(code) \(step)").inserted, "\(code) at \(step)") }
        }
    }

    static let rows: [(codes: String, step: OAuthCauses.Step, kind: OAuthFailure.Kind, says: String, does: String)] = [
        ("invalid_grant", .renewal, .needsReconnect, "revoked or has expired", "daybook connect"),
        ("invalid_grant", .exchange, .badAnswer, "redeemed already", "within ten minutes"),
        ("invalid_grant/invalid_rapt invalid_grant", .renewal, .needsReconnect, "from time to time", "daybook connect"),
        ("access_denied", .answer, .declined, "declined", "daybook connect"),
        ("admin_policy_enforced", .answer, .needsAdministrator, "organization", "administrator"),
        ("admin_policy_enforced", .renewal, .needsAdministrator, "organization", "administrator"),
        ("invalid_client", .renewal, .badApp, "its id or its secret", "--client-id"),
        ("invalid_client", .exchange, .badApp, "its id or its secret", "--client-id"),
        ("redirect_uri_mismatch", .exchange, .badApp, "not registered", "desktops"),
        ("AADSTS50011 invalid_request", .answer, .badApp, "not registered", "desktops"),
        ("AADSTS65001 invalid_grant", .renewal, .needsReconnect, "consent", "daybook connect"),
        ("AADSTS65004 access_denied", .answer, .declined, "declined", "daybook connect"),
        ("AADSTS90094 access_denied", .answer, .needsAdministrator, "administrator", "administrator"),
        ("AADSTS53003 invalid_grant", .device, .needsAdministrator, "typed elsewhere", "browser"),
        ("AADSTS53003 interaction_required", .renewal, .needsAdministrator, "conditional access", "administrator"),
        ("AADSTS50076 interaction_required", .renewal, .needsReconnect, "second factor", "daybook connect"),
        ("interaction_required", .renewal, .needsReconnect, "sign in again", "daybook connect"),
        ("AADSTS700082 invalid_grant", .renewal, .needsReconnect, "too long", "daybook connect"),
        ("AADSTS50173 invalid_grant", .renewal, .needsReconnect, "password", "daybook connect"),
        ("AADSTS7000215 invalid_client", .exchange, .badApp, "secret", "--client-secret-file"),
        ("AADSTS7000218 invalid_client", .device, .badApp, "has a secret", "public client flows"),
        ("AADSTS700016 unauthorized_client", .exchange, .badApp, "id of the app", "--client-id"),
        ("AADSTS50194 invalid_request", .answer, .badApp, "tenant", "--tenant"),
        ("AADSTS999999 invalid_grant", .renewal, .needsReconnect, "revoked or has expired", "daybook connect"),
        ("server_error", .answer, .transient, "at the moment", "daybook sync"),
        ("something_new", .renewal, .needsReconnect, "something_new", "daybook connect"),
        ("something_new", .answer, .declined, "something_new", "daybook connect"),
    ]

    @Test(arguments: rows.indices) func `L68 the most telling code decides, and the step does`(_ index: Int) {
        let row = Self.rows[index]
        let failure = OAuthCauses.failure(row.codes.split(separator: " ").map(String.init), at: row.step, .microsoft)
        #expect(failure.kind == row.kind, "\(failure)")
        #expect(failure.message.contains(row.says), "\(failure)")
        #expect(failure.remedy.contains(row.does), "\(failure)")
    }

    @Test func `T25 a code that could do harm where it is shown is not shown`() {
        let failure = OAuthCauses.failure(
            ["\u{1b}[31m<b>\n" + String(repeating: "x", count: 500)], at: .answer, .google)
        #expect(failure.code.utf8.allSatisfy { (0x21...0x7e).contains($0) })
        #expect(failure.description.count < 300)
        #expect(!failure.description.contains("\u{1b}") && !failure.description.contains("<"))
    }

    // MARK: As they come

    static let answers: [(status: Int, body: String, code: String, kind: OAuthFailure.Kind)] = [
        (400, #"{"error":"invalid_grant","error_description":"Bad Request"}"#, "invalid_grant", .needsReconnect),
        (
            400, #"{"error":"invalid_grant","error_subtype":"invalid_rapt"}"#, "invalid_grant/invalid_rapt",
            .needsReconnect
        ),
        (
            400, #"{"error":"invalid_grant","error_codes":[50173],"suberror":"bad_token"}"#, "AADSTS50173",
            .needsReconnect
        ),
        (400, #"{"error":"invalid_grant","error_description":"AADSTS700082: It…"}"#, "AADSTS700082", .needsReconnect),
        (401, #"{"error":"invalid_client"}"#, "invalid_client", .badApp),
        (400, "", "status_400", .transient), (500, #"{"error":"invalid_grant"}"#, "invalid_grant", .transient),
        (503, "<html>", "status_503", .transient),
        (429, #"{"error":"rate_limit_exceeded"}"#, "rate_limit_exceeded", .transient),
        (400, #"{"error":"internal_failure"}"#, "internal_failure", .transient),
        (302, "", "status_302", .transient), (404, #"{"error":5}"#, "status_404", .transient),
    ]

    @Test(arguments: answers.indices) func `L68 an answer that hands out nothing is told apart`(_ index: Int) throws {
        let row = Self.answers[index]
        let bench = try OAuthBench([(row.status, row.body)])
        let failure = try #require(oauthFailure { _ = try bench.signIn.renew(bench.tokens()) })
        #expect(failure.code == row.code)
        #expect(failure.kind == row.kind)
    }

    @Test func `a provider that cannot be reached, and one that asks for time, are told so`() throws {
        let network = HTTPError(.unreachable, "oauth2.googleapis.com cannot be reached.")
        let bench = try OAuthBench(.google, OAuthScript { _, _ in .failure(network) })
        let failure = try #require(oauthFailure { _ = try bench.signIn.renew(bench.tokens()) })
        #expect(failure.kind == .transient && failure.network == network)
        #expect(failure.message.contains("cannot be reached"))
        let busy = try OAuthBench(
            .google,
            OAuthScript { request, _ in
                .success(
                    Response(status: 429, headers: [Header("Retry-After", "7")], body: [], address: request.address))
            })
        let asked = try #require(oauthFailure { _ = try busy.signIn.renew(busy.tokens()) })
        #expect(asked.retryAfterMilliseconds == 7_000)
        #expect(ReadingFailure(asked).errorClass == .transient)
        #expect(ReadingFailure(asked).retryAfterMilliseconds == 7_000)
        let over = OAuthCauses.failure(["invalid_grant"], at: .renewal, .google)
        #expect(ReadingFailure(over).errorClass == .auth)
        #expect(ReadingFailure(over).message.contains("daybook connect google"))
    }
}
