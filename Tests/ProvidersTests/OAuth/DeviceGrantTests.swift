import Entries
import HTTP
import Machine
import Secrets
import Testing

@testable import Providers

/// A sign-in without a browser: pending, slower, declined, over.
@Suite struct DeviceGrantTests {
    private static let begun = #"""
        {"user_code":"ABCD-EFGH","device_code":"device-canary","verification_uri":"https://microsoft.com/devicelogin",
        "expires_in":900,"interval":5,"message":"…"}
        """#

    private static func error(_ code: String) -> (Int, String) { (400, #"{"error":"\#(code)","error_codes":[70016]}"#) }

    private static let tokens = (200, OAuthScript.tokens(["scope": "Calendars.Read User.Read"]))

    @Test func `G54 it waits as long as it is told, and then has access`() throws {
        let bench = try OAuthBench(
            .microsoft,
            [(200, Self.begun), Self.error("authorization_pending"), Self.error("slow_down"), (503, ""), Self.tokens])
        let grant = try bench.signIn.beginDevice([.calendars])
        #expect(grant.userCode == "ABCD-EFGH" && grant.page == "https://microsoft.com/devicelogin")
        #expect(grant.expires == bench.now() + 900_000)
        #expect(!"\(grant)".contains("device-canary"))
        var waits: [Int64] = []
        let tokens = try bench.signIn.waitForDevice(grant) {
            waits.append($0)
            bench.advance(seconds: $0 / 1_000)
        }
        #expect(waits == [5_000, 5_000, 10_000, 20_000])
        #expect(tokens.access == Secret("access-1"))
        #expect(bench.script.requests[0].address.text.hasSuffix("/common/oauth2/v2.0/devicecode"))
        #expect(bench.script.forms[0] == ["scope": "offline_access User.Read Calendars.Read", "client_id": "client-1"])
        #expect(
            bench.script.forms[4] == [
                "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "device-canary",
                "client_id": "client-1",
            ])
    }

    @Test(arguments: [
        ("authorization_declined", OAuthFailure.Kind.declined), ("access_denied", .declined),
        ("expired_token", .badAnswer), ("code_expired", .badAnswer), ("bad_verification_code", .badAnswer),
        ("invalid_client", .badApp),
    ])
    func `G54 what ends it is told`(_ code: String, _ kind: OAuthFailure.Kind) throws {
        let bench = try OAuthBench(.microsoft, [(200, Self.begun), Self.error(code)])
        let grant = try bench.signIn.beginDevice([.calendars])
        let failure = oauthFailure { _ = try bench.signIn.waitForDevice(grant) { _ in } }
        #expect(failure?.code == code)
        #expect(failure?.kind == kind)
        #expect(failure?.remedy.contains("daybook connect microsoft") == true)
        #expect(bench.script.requests.count == 2)
    }

    @Test func `G54 it ends when its time is over, whatever is answered`() throws {
        let bench = try OAuthBench(.microsoft, [(200, Self.begun), (500, "")])
        let grant = try bench.signIn.beginDevice([.calendars])
        var waited: Int64 = 0
        let failure = oauthFailure {
            _ = try bench.signIn.waitForDevice(grant) {
                waited += $0
                bench.advance(seconds: $0 / 1_000)
            }
        }
        #expect(failure?.code == "expired_token")
        #expect((900_000...960_000).contains(waited))
        #expect(bench.script.requests.count < 25, "who is too busy is asked less often")
    }

    @Test func `G54 the waiting can be ended from outside`() throws {
        struct Stopped: Error {}
        let bench = try OAuthBench(.microsoft, [(200, Self.begun), Self.error("authorization_pending")])
        let grant = try bench.signIn.beginDevice([.calendars])
        #expect(throws: Stopped.self) { try bench.signIn.waitForDevice(grant) { _ in throw Stopped() } }
    }

    @Test func `calendars that were not granted are noticed here too`() throws {
        let bench = try OAuthBench(
            .microsoft, [(200, Self.begun), (200, OAuthScript.tokens(["scope": "User.Read"]))])
        let grant = try bench.signIn.beginDevice([.calendars])
        #expect(oauthFailure { _ = try bench.signIn.waitForDevice(grant) { _ in } }?.code == "scope_missing")
    }

    @Test func `Google gives no access to calendars in this way`() throws {
        let bench = try OAuthBench([(200, Self.begun)])
        let failure = oauthFailure { _ = try bench.signIn.beginDevice([.calendars]) }
        #expect(failure?.code == "no_device_flow")
        #expect(bench.script.requests.isEmpty)
    }

    @Test(arguments: [
        "{}", #"{"user_code":"A","device_code":"d"}"#,
        #"{"user_code":"","device_code":"d","verification_uri":"https://x"}"#,
        #"{"user_code":"A\u001b[2J","device_code":"d","verification_uri":"https://x"}"#,
        #"{"user_code":"A","device_code":"","verification_uri":"https://x"}"#,
    ])
    func `an answer that cannot be shown to a person is refused`(_ body: String) throws {
        let bench = try OAuthBench(.microsoft, [(200, body)])
        #expect(oauthFailure { _ = try bench.signIn.beginDevice([.calendars]) }?.code == "malformed")
    }

    @Test func `odd numbers of seconds do no harm`() throws {
        for numbers in [(-5, -5), (0, 0), (Int64.max, Int64.max), (Int64.min, Int64.min)] as [(Int64, Int64)] {
            let body = """
                {"user_code":"A","device_code":"d","verification_uri":"https://x","expires_in":\(numbers.0),
                "interval":\(numbers.1)}
                """
            let bench = try OAuthBench(.microsoft, [(200, body)])
            let grant = try bench.signIn.beginDevice([.calendars])
            #expect((1_000...60_000).contains(grant.intervalMilliseconds))
            #expect(grant.expires > bench.now() && grant.expires <= bench.now() + 3_600_000)
        }
    }
}
