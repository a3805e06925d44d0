import CCurl
import Glibc
import Secrets

/// One exchange with one server: a libcurl handle, what it is to send, and what has come in.
final class Transfer {
    let easy: OpaquePointer
    let errand: Errand
    private let options: Client.Options
    private let addressGuard: AddressGuard
    private(set) var headers: [Header] = []
    private(set) var body: [UInt8] = []
    private var status = 0
    private var headerBytes = 0
    private var hasHeadersEnded = false
    private var packedBytes = 0
    private var failure: HTTPError?
    private var list: UnsafeMutablePointer<curl_slist>?
    private var resolved: UnsafeMutablePointer<curl_slist>?

    init(_ easy: OpaquePointer, _ errand: Errand, _ client: Client) {
        self.easy = easy
        self.errand = errand
        options = client.options
        addressGuard = client.addressGuard
    }

    var handle: UnsafeMutableRawPointer { UnsafeMutableRawPointer(easy) }

    private var host: String { errand.address.origin.host }

    func close() {
        curl_slist_free_all(list)
        curl_slist_free_all(resolved)
        list = nil
        resolved = nil
    }

    // MARK: Setting up

    /// Why it cannot be sent; nil when it can.
    func prepare() -> HTTPError? {
        guard addressGuard.allows(errand.address.origin) else {
            return HTTPError(
                .forbiddenAddress,
                "Port \(errand.address.origin.port) of \(host) is not asked: calendars are served at 80, 443, 5232 and 8443. "
                    + "The owner of this Daybook can allow others.")
        }
        _ = curl_set_string(handle, CURLOPT_URL, errand.address.text)
        _ = curl_set_string(handle, CURLOPT_USERAGENT, options.userAgent)
        prepareConnection()
        prepareCallbacks()
        prepareHeaders()
        prepareBody()
        prepareLogin()
        return nil
    }

    private func prepareConnection() {
        let limits = errand.request.limits
        _ = curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
        _ = curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        _ = curl_set_string(handle, CURLOPT_PROXY, "")
        _ = curl_set_string(handle, CURLOPT_ACCEPT_ENCODING, "gzip, deflate")
        _ = curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        _ = curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
        _ = curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
        _ = curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let authorities = options.authorities { _ = curl_set_string(handle, CURLOPT_CAINFO, authorities) }
        _ = curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, limits.connectSeconds)
        _ = curl_set_long(handle, CURLOPT_TIMEOUT_MS, errand.millisecondsLeft)
        _ = curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, limits.slowBytesPerSecond)
        _ = curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, limits.slowSeconds)
        _ = curl_set_long(handle, CURLOPT_PATH_AS_IS, 1)
        for entry in options.resolved { resolved = curl_slist_append(resolved, entry) }
        if let resolved { _ = curl_set_pointer(handle, CURLOPT_RESOLVE, resolved) }
    }

    private func prepareCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = curl_set_bytes_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let context else { return 0 }
            return Transfer.of(context).take(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        _ = curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        _ = curl_set_bytes_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let context else { return 0 }
            return Transfer.of(context).takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        _ = curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        _ = curl_set_socket_callback(handle, CURLOPT_OPENSOCKETFUNCTION) { context, _, address in
            guard let context, let address else { return CURL_SOCKET_BAD }
            return Transfer.of(context).open(address)
        }
        _ = curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, context)
    }

    private static func of(_ context: UnsafeMutableRawPointer) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    private func prepareHeaders() {
        // Nobody waits for a word before a body is sent.
        var lines = ["Expect:"]
        for header in errand.request.headers where Self.isPlain(header) {
            lines.append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        for line in lines { list = curl_slist_append(list, line) }
        _ = curl_set_pointer(handle, CURLOPT_HTTPHEADER, list)
    }

    /// A line break would begin another header.
    private static func isPlain(_ header: Header) -> Bool {
        (header.name + header.value).utf8.allSatisfy { $0 >= 32 && $0 != 127 }
    }

    private func prepareBody() {
        let method = errand.method
        if method == "HEAD" { _ = curl_set_long(handle, CURLOPT_NOBODY, 1) }
        if !errand.body.isEmpty || method == "POST" {
            _ = curl_set_large(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(errand.body.count))
            errand.body.withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) { text in
                    _ = curl_set_pointer(
                        handle, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: text.baseAddress))
                }
            }
        }
        if method != "GET", method != "HEAD" { _ = curl_set_string(handle, CURLOPT_CUSTOMREQUEST, method) }
    }

    private func prepareLogin() {
        guard let credentials = errand.credentials, let scheme = errand.scheme else { return }
        switch (credentials.kind, scheme) {
        case (.password(let login, let secret), .basic), (.password(let login, let secret), .digest):
            let way = scheme == .basic ? Self.basic : Self.digest
            _ = curl_set_long(handle, CURLOPT_HTTPAUTH, way)
            _ = curl_set_string(handle, CURLOPT_USERNAME, login)
            secret.reveal { _ = curl_set_string(handle, CURLOPT_PASSWORD, $0) }
        case (.bearer(let secret), _):
            secret.reveal { token in
                guard token.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return }
                list = curl_slist_append(list, "Authorization: Bearer \(token)")
            }
            _ = curl_set_pointer(handle, CURLOPT_HTTPHEADER, list)
        default: return
        }
    }

    /// As the headers of curl have them: one bit each.
    private static let basic = 1 << 0
    private static let digest = 1 << 1

    // MARK: Coming in

    /// What is connected to is looked at here, whatever a name led to before.
    private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let bytes = withUnsafePointer(to: &address.pointee.addr) { IPForm.bytes($0) }
        guard let bytes, addressGuard.allows(errand.address.origin, at: bytes) else {
            failure = HTTPError(
                .forbiddenAddress,
                "\(host) lies in a network that is not public, and was not asked. If it is a server of your own, allow it: "
                    + "daybook settings set allowed-hosts \(host) --home-wide")
            return CURL_SOCKET_BAD
        }
        let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return socket(address.pointee.family, kind, address.pointee.protocol)
    }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        let limits = errand.request.limits
        guard body.count + bytes.count <= errand.bytesLeft else {
            failure = HTTPError(
                .tooLarge,
                "The answer of \(host) is larger than \(limits.bodyBytes >> 10) KiB, and was not read further.")
            return 0
        }
        var packed: curl_off_t = 0
        _ = curl_get_large(handle, CURLINFO_SIZE_DOWNLOAD_T, &packed)
        let unpacked = body.count + bytes.count
        if unpacked > 1 << 20, packed > 0, unpacked / limits.packingRatio > Int(packed) {
            failure = HTTPError(
                .tooLarge, "The answer of \(host) unpacks to far more than was sent, and was not read further.")
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        headerBytes += bytes.count
        guard headerBytes <= errand.request.limits.headerBytes else {
            failure = HTTPError(.tooLarge, "\(host) sends headers without end.")
            return 0
        }
        let line = String(decoding: bytes, as: UTF8.self).trimmedLine
        if line.isEmpty { hasHeadersEnded = true }
        if line.hasPrefix("HTTP/") {
            hasHeadersEnded = false
            // What came before was an answer on the way: a 100, or the question of a way of logging in.
            headers = []
            body = []
        } else if let colon = line.firstIndex(of: ":") {
            headers.append(Header(String(line[..<colon]), String(line[line.index(after: colon)...]).trimmedLine))
        }
        return bytes.count
    }

    // MARK: What came of it

    func error(_ code: CURLcode) -> HTTPError? {
        if let failure { return failure }
        if code == CURLE_OK { return hasHeadersEnded ? nil : HTTPError(.cutOff, "\(host) broke off in the middle.") }
        let limits = errand.request.limits
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            return HTTPError(.unresolved, "There is no server called \(host), or names cannot be looked up now.")
        case CURLE_COULDNT_CONNECT:
            return HTTPError(.unreachable, "\(errand.address.origin) cannot be reached.")
        case CURLE_OPERATION_TIMEDOUT:
            let isSlow = errand.millisecondsLeft > 1
            return isSlow && !body.isEmpty
                ? HTTPError(.tooSlow, "\(host) sends so slowly that it was given up.")
                : HTTPError(
                    .timedOut,
                    "\(host) did not answer in time (\(limits.connectSeconds) seconds to connect, "
                        + "\(limits.totalSeconds) in all).")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM:
            return HTTPError(
                .untrusted,
                "\(host) could not prove who it is (its certificate is not trusted, has ended, or is for another name), or "
                    + "speaks no TLS that is safe. A certificate of your own is given with --authorities FILE.")
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_HTTP2_STREAM:
            return HTTPError(.cutOff, "\(host) broke off in the middle.")
        case CURLE_UNSUPPORTED_PROTOCOL:
            return HTTPError(.badAddress, "Only http and https addresses are opened.")
        case CURLE_BAD_CONTENT_ENCODING:
            return HTTPError(.malformed, "The answer of \(host) cannot be unpacked.")
        default:
            return HTTPError(.malformed, "\(host) did not answer as a web server does (\(code.rawValue)).")
        }
    }

    func response(_ address: Address) -> Response {
        var code = 0
        _ = curl_get_long(handle, CURLINFO_RESPONSE_CODE, &code)
        var response = Response(status: code, headers: headers, body: body, address: address)
        let version = versionOfAnswer
        let isChunked = response.header("Transfer-Encoding")?.lowercased().contains("chunked") == true
        response.isLengthKnown = version >= 20 || isChunked || response.header("Content-Length") != nil
        return response
    }

    /// Ten times the version of HTTP: 11, 20.
    private var versionOfAnswer: Int {
        var version = 0
        _ = curl_get_long(handle, CURLINFO_HTTP_VERSION, &version)
        return version == Int(CURL_HTTP_VERSION_2_0) || version == Int(CURL_HTTP_VERSION_3) ? 20 : 11
    }
}

extension String {
    /// Without blanks and line ends around it.
    fileprivate var trimmedLine: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\n" || $0 == "\r\n" }
        var rest = drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }
}
