import CCurl
import Glibc
import Secrets

/// One request to one server, and what came back.
final class Transfer {
    struct Order {
        var method: String
        var address: Address
        var headers: [Header]
        var body: [UInt8]
        var identity: Identity
        var budget: Budget
        var isRepeatable: Bool
        var limits: Limits
        var guardian: Guard
    }

    let easy: UnsafeMutableRawPointer
    let order: Order
    var origin: Origin { order.address.origin }

    private(set) var bodyBytes = 0
    private(set) var headerBytes = 0
    private var body: [UInt8] = []
    private var status = 0
    private var headers: [Header] = []
    /// The empty line behind the headers was seen.
    private var hasHeaders = false
    private var isTooLarge = false
    private var refused: InternetAddress?
    private var wasOpened = false
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init(_ order: Order, _ options: Client.Options) throws(HTTPError) {
        guard order.budget.milliseconds > 0 else { throw Failure.timedOut(order.address.origin.host, order.limits) }
        guard let easy = curl_easy_init() else { preconditionFailure("libcurl has no memory") }
        self.easy = easy
        self.order = order
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        setLimits()
        setTrust(options)
        setRequest(options)
        setIdentity()
        setReceivers()
    }

    deinit {
        Library.quietly { curl_easy_cleanup(easy) }
        for list in lists { curl_slist_free_all(list) }
        words.deallocate()
    }

    var milliseconds: Int64 { size(CURLINFO_TOTAL_TIME_T) / 1_000 }

    /// The address at the other end, once there was one.
    var connectedTo: InternetAddress? {
        var text: UnsafePointer<CChar>?
        guard curl_get_text(easy, CURLINFO_PRIMARY_IP, &text) == CURLE_OK, let text else { return nil }
        return InternetAddress(String(cString: text))
    }

    func response(_ code: CURLcode) throws(HTTPError) -> Response {
        guard code == CURLE_OK, !isTooLarge, hasHeaders else {
            throw Failure(
                code: code, words: String(cString: words), isTooLarge: isTooLarge,
                refused: wasOpened ? nil : refused, isConnected: size(CURLINFO_PRETRANSFER_TIME_T) > 0,
                verification: long(CURLINFO_SSL_VERIFYRESULT)
            ).error(order)
        }
        var response = Response(status: status, headers: headers, body: body, address: order.address)
        response.isLengthKnown = isLengthKnown(response)
        return response
    }

    private func isLengthKnown(_ response: Response) -> Bool {
        if order.method == "HEAD" || [204, 304].contains(status) || long(CURLINFO_HTTP_VERSION) >= CURL_HTTP_VERSION_2_0
        {
            return true
        }
        if response.header("Transfer-Encoding")?.lowercased().contains("chunked") == true { return true }
        return response.header("Content-Length") != nil
    }

    // What is asked for.

    private func setLimits() {
        let limits = order.limits
        let left = max(1, order.budget.milliseconds)
        set(CURLOPT_TIMEOUT_MS, Int(left))
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(Int64(limits.connectSeconds) * 1_000, left)))
        set(CURLOPT_LOW_SPEED_LIMIT, limits.slowBytesPerSecond)
        set(CURLOPT_LOW_SPEED_TIME, limits.slowSeconds)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOSIGNAL, 1)
    }

    private func setTrust(_ options: Client.Options) {
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        // Neither from the environment nor from anywhere else: a proxy would see all that goes out.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // The folder of the system's certificates stays in force beside the file.
        if let authorities = options.authorities { set(CURLOPT_CAINFO, authorities) }
        if let found = options.resolve?(bareHost, origin.port) {
            setList(CURLOPT_RESOLVE, ["\(bareHost):\(origin.port):\(found.joined(separator: ","))"])
        }
    }

    private var bareHost: String {
        origin.host.hasPrefix("[") ? String(origin.host.dropFirst().dropLast()) : origin.host
    }

    private func setRequest(_ options: Client.Options) {
        set(CURLOPT_URL, order.address.text)
        set(CURLOPT_USERAGENT, options.userAgent)
        set(CURLOPT_ACCEPT_ENCODING, "gzip")
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        if origin.isSecure { set(CURLOPT_PIPEWAIT, 1) }
        // On a connection that was kept, libcurl sends again what got no answer.
        if !order.isRepeatable { set(CURLOPT_FRESH_CONNECT, 1) }
        if !order.body.isEmpty || ["POST", "PUT"].contains(order.method) {
            set(CURLOPT_POSTFIELDSIZE, order.body.count)
            _ = order.body.withUnsafeBytes {
                curl_set_pointer(
                    easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress ?? .init(words)))
            }
        }
        switch order.method {
        case "HEAD": set(CURLOPT_NOBODY, 1)
        case "GET" where order.body.isEmpty: set(CURLOPT_HTTPGET, 1)
        default: set(CURLOPT_CUSTOMREQUEST, order.method)
        }
        // Neither is asked for by anybody here; libcurl adds them of itself.
        var lines = ["Expect:"]
        if !order.headers.contains(where: { $0.name.lowercased() == "content-type" }) { lines.append("Content-Type:") }
        if case .bearer(let token) = order.identity { token.reveal { lines.append("Authorization: Bearer " + $0) } }
        for header in order.headers { lines.append(Self.line(header)) }
        setList(CURLOPT_HTTPHEADER, lines)
    }

    /// Control characters have no place in a header: behind a line's end there would be another header.
    private static func line(_ header: Header) -> String {
        let value = String(decoding: header.value.utf8.filter { $0 >= 32 && $0 != 127 }, as: UTF8.self)
        return value.isEmpty ? header.name + ";" : "\(header.name): \(value)"
    }

    private func setIdentity() {
        switch order.identity {
        case .nobody, .bearer: break
        case .basic(let login, let password): setPassword(login, password, curl_basic)
        case .digest(let login, let password): setPassword(login, password, curl_digest)
        }
    }

    private func setPassword(_ login: String, _ password: Secret, _ scheme: Int) {
        set(CURLOPT_HTTPAUTH, scheme)
        set(CURLOPT_USERNAME, login)
        password.reveal { set(CURLOPT_PASSWORD, $0) }
    }

    private func setReceivers() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        curl_set_pointer(easy, CURLOPT_ERRORBUFFER, words)
        curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        curl_set_receiver(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                .receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
        }
        curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        curl_set_receiver(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                .receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
        }
        curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        curl_set_socket_opener(easy) { context, _, address in
            guard let context, let address else { return CURL_SOCKET_BAD }
            return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().open(address)
        }
    }

    // What comes back.

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bodyBytes += bytes.count
        if bodyBytes > order.budget.bodyBytes || isUnpackedTooFar {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    private var isUnpackedTooFar: Bool {
        guard bodyBytes > 1 << 20 else { return false }
        let packed = Int(clamping: size(CURLINFO_SIZE_DOWNLOAD_T))
        return bodyBytes / max(1, order.limits.packingRatio) > packed
    }

    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        if headerBytes > order.budget.headerBytes {
            isTooLarge = true
            return false
        }
        let line = Self.text(bytes)
        if line.hasPrefix("HTTP/"), !hasHeaders || status < 200 || bodyBytes == 0 {
            // Of several answers to one request (100, or a first 401) the last one counts.
            status = line.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) } ?? 0
            headers = []
            hasHeaders = false
        } else if line.isEmpty {
            hasHeaders = status >= 200
        } else if !hasHeaders, let colon = line.firstIndex(of: ":") {
            let value = AddressParser.trimmed(String(line[line.index(after: colon)...]))
            headers.append(Header(String(line[..<colon]), value))
        }
        return true
    }

    /// UTF-8 if it is, else byte by byte as the older rule has it.
    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        var line = bytes[...]
        while let last = line.last, last == 10 || last == 13 { line.removeLast() }
        return String(validating: line, as: UTF8.self)
            ?? String(String.UnicodeScalarView(line.map { Unicode.Scalar($0) }))
    }

    private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        guard let place = InternetAddress(socket: address) else { return CURL_SOCKET_BAD }
        guard order.guardian.allows(place, for: origin) else {
            refused = place
            return CURL_SOCKET_BAD
        }
        wasOpened = true
        return socket(
            address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
    }

    // Libcurl's options, which it has no reason to refuse.

    private func set(_ option: CURLoption, _ value: Int) {
        let code = curl_set_long(easy, option, value)
        precondition(code == CURLE_OK, "libcurl cannot do what is needed of it")
    }

    private func set(_ option: CURLoption, _ value: String) {
        let code = curl_set_text(easy, option, value)
        precondition(code == CURLE_OK, "libcurl cannot do what is needed of it")
    }

    private func setList(_ option: CURLoption, _ lines: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) }
        guard let list else { return }
        lists.append(list)
        curl_set_list(easy, option, list)
    }

    private func long(_ info: CURLINFO) -> Int {
        var value = 0
        return curl_get_long(easy, info, &value) == CURLE_OK ? value : 0
    }

    private func size(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        return curl_get_size(easy, info, &value) == CURLE_OK ? Int64(value) : 0
    }
}
