import HTTP
import Secrets
import Testing

@Suite struct SecrecyTests {
    /// Each stands in one place from which it must not come back.
    static let canaries = [
        "CanaryPath", "CanaryQuery", "CanaryLogin", "CanaryPassword", "CanaryHeader", "CanaryBody", "CanaryAnswer",
    ]

    @Test(arguments: [
        "/answer?status=401", "/cut?at=3", "/cut?framing=head&at=20", "/reset", "/not-http", "/flood?kind=headers",
        "/bomb?megabytes=3", "/redirect?to=self", "/redirect?to=ftp://CanaryAnswer/",
        "/redirect?to=http://10.0.0.1/CanaryAnswer",
        "/redirect?to=http://127.0.0.1:22/CanaryAnswer", "/redirect?to=http://joe:CanaryAnswer@127.0.0.1/",
        "/drip?milliseconds=1000", "/wrong?by=5", "/answer?body=CanaryAnswer&header=Content-Encoding:gzip",
        "/answer?body=CanaryAnswer&header=Transfer-Encoding:CanaryAnswer",
    ])
    func `G108 an error names the server, and nothing that may let one in`(path: String) throws {
        let hostile = try Hostile.shared()
        let query = path.contains("?") ? "&key=CanaryQuery" : "?key=CanaryQuery"
        var request = Request(
            "REPORT", try hostile.address(path + query), headers: [Header("X-Secret", "CanaryHeader")],
            body: Array("CanaryBody".utf8))
        request.credentials = Credentials(
            .password(login: "CanaryLogin", Secret("CanaryPassword")), for: request.address.origin)
        request.limits.slowSeconds = 1
        request.limits.bodyBytes = 1 << 20
        let outcome = try hostile.client().send([request])[0]
        guard let error = outcome.failure else {
            #expect(path == "/answer?status=401")
            return
        }
        var dumped = ""
        dump(error, to: &dumped)
        for text in [error.message, "\(error)", dumped, "\(outcome)"] {
            for canary in Self.canaries { #expect(!text.contains(canary), "\(text)") }
        }
        #expect(error.message.contains("127.0.0.1") || error.message.contains("10.0.0.1"))
    }

    @Test func `G108 a request does not show what it is sent with`() throws {
        var request = Request("GET", try Address("https://example.com/CanaryPath?CanaryQuery"))
        request.credentials = Credentials(
            .password(login: "joe", Secret("CanaryPassword")), for: request.address.origin)
        #expect(!"\(request.address) \(request.credentials as Any)".contains("Canary"))
    }
}
