import CCurl

/// The one client through which all that Daybook asks elsewhere goes out.
///
/// It connects to public addresses and to those that were allowed, proves who the other side is, follows redirects itself
/// (libcurl would drop the body of a PROPFIND), shows credentials to nobody they are not for, and stops at its limits.
/// Connections are kept and used again. It belongs to one thread at a time.
public final class Client: Transport {
    public struct Options: Sendable {
        /// Hosts (`nas.lan`, `nas.lan:5232`), addresses and networks (`192.168.1.0/24`) of one's own that may be asked.
        public var allowed: [String] = []
        /// A file of certificates that are trusted beside those of the system.
        public var authorities: String?
        public var userAgent = "Daybook"
        /// As `host:port:address`: answers that are given without asking anybody, for tests.
        public var resolved: [String] = []
        public var parallelTransfers = 16
        public var connectionsPerHost = 6
        /// Looked at while waiting; true ends everything.
        public var isInterrupted: @Sendable () -> Bool = { false }

        public init() {}
    }

    let options: Options
    let addressGuard: AddressGuard
    private let multi: OpaquePointer?
    private var idle: [OpaquePointer] = []
    /// The way of logging in that worked with a server.
    var schemes: [Origin: Scheme] = [:]

    public init(_ options: Options = Options()) {
        Library.require()
        self.options = options
        addressGuard = AddressGuard(allowed: options.allowed)
        multi = OpaquePointer(curl_multi_init())
        _ = curl_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, options.connectionsPerHost)
        _ = curl_multi_set_long(handle, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    }

    deinit {
        for easy in idle { curl_easy_cleanup(UnsafeMutableRawPointer(easy)) }
        curl_multi_cleanup(handle)
    }

    private var handle: UnsafeMutableRawPointer? { multi.map { UnsafeMutableRawPointer($0) } }

    // MARK: Sending

    public func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        var outcomes = [Result<Response, HTTPError>?](repeating: nil, count: requests.count)
        var waiting = requests.enumerated().map { Errand($0.offset, $0.element, self) }[...]
        var running: [Transfer] = []
        while !waiting.isEmpty || !running.isEmpty {
            while running.count < options.parallelTransfers, let errand = waiting.popFirst() {
                switch start(errand) {
                case .success(let transfer): running.append(transfer)
                case .failure(let error): outcomes[errand.number] = .failure(error)
                }
            }
            if running.isEmpty { continue }
            for (transfer, code) in wait(for: running) {
                running.removeAll { $0 === transfer }
                finish(transfer)
                switch transfer.errand.outcome(of: transfer, code, self) {
                case .done(let outcome): outcomes[transfer.errand.number] = outcome
                case .again: waiting = [transfer.errand] + waiting
                }
            }
            if options.isInterrupted() {
                for transfer in running { finish(transfer) }
                running = []
                waiting = []
            }
        }
        let interrupted = HTTPError(.interrupted, "It was stopped before the answer was there.")
        return outcomes.map { $0 ?? .failure(interrupted) }
    }

    private func start(_ errand: Errand) -> Result<Transfer, HTTPError> {
        let easy: OpaquePointer
        if let kept = idle.popLast() {
            easy = kept
            curl_easy_reset(UnsafeMutableRawPointer(easy))
        } else {
            guard let new = curl_easy_init() else {
                return .failure(HTTPError(.malformed, "There is no memory for another request."))
            }
            easy = OpaquePointer(new)
        }
        let transfer = Transfer(easy, errand, self)
        if let error = transfer.prepare() {
            idle.append(easy)
            return .failure(error)
        }
        curl_multi_add_handle(handle, transfer.handle)
        return .success(transfer)
    }

    private func finish(_ transfer: Transfer) {
        curl_multi_remove_handle(handle, transfer.handle)
        transfer.close()
        idle.append(transfer.easy)
    }

    private static let pollMilliseconds: Int32 = 200

    /// Those that ended; at least one, or none when it is time to look around.
    private func wait(for running: [Transfer]) -> [(Transfer, CURLcode)] {
        var count: Int32 = 0
        curl_multi_perform(handle, &count)
        if Int(count) == running.count {
            curl_multi_poll(handle, nil, 0, Self.pollMilliseconds, nil)
            curl_multi_perform(handle, &count)
        }
        var ended: [(Transfer, CURLcode)] = []
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = curl_message_result(message)
            if let transfer = running.first(where: { $0.handle == easy }) { ended.append((transfer, code)) }
        }
        return ended
    }
}

/// libcurl itself, set up once.
enum Library {
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    static func require() { precondition(isReady, "libcurl cannot be used") }
}
