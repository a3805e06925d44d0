import CCurl

/// Why a transfer brought no answer, in libcurl's words and ours.
struct Failure {
    let code: CURLcode
    /// Libcurl's own; never shown, for they may hold what a server said.
    let words: String
    let isTooLarge: Bool
    /// The address that was not opened, when no other one was.
    let refused: InternetAddress?
    let isConnected: Bool
    let verification: Int

    func error(_ order: Transfer.Order) -> HTTPError {
        let origin = order.address.origin
        let host = origin.host
        // Libcurl's own limits: 300 KB of headers, and 100 KB for one.
        let isBeyondLibrary = words.contains("Too large response headers") || code == CURLE_OUT_OF_MEMORY
        if isTooLarge || isBeyondLibrary {
            return HTTPError(.tooLarge, "The answer of \(host) is larger than is allowed, and was not read to its end.")
        }
        if let refused { return Guard.refusal(of: refused, for: origin) }
        switch code {
        case CURLE_URL_MALFORMAT: return HTTPError(.badAddress, "The address at \(host) cannot be opened.")
        case CURLE_COULDNT_RESOLVE_HOST:
            return HTTPError(
                .unresolved, "There is no server named \(host), or the names of servers cannot be looked up now.")
        case CURLE_COULDNT_CONNECT:
            return HTTPError(
                .unreachable, "\(host) does not answer at port \(origin.port). It may be down, or elsewhere.")
        case CURLE_OPERATION_TIMEDOUT: return timeout(order)
        case CURLE_SSL_CACERT_BADFILE:
            return HTTPError(.untrusted, "The file of certificates that \(host) is to be proven with cannot be read.")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR:
            return distrust(origin)
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_OK:
            return HTTPError(.cutOff, "The connection to \(host) was cut before the answer was complete.")
        default: return HTTPError(.malformed, "\(host) answered something that is no proper HTTP.")
        }
    }

    static func timedOut(_ host: String, _ limits: Limits) -> HTTPError {
        HTTPError(.timedOut, "\(host) did not answer in full within \(limits.totalSeconds) seconds.")
    }

    private func timeout(_ order: Transfer.Order) -> HTTPError {
        let host = order.address.origin.host
        if !isConnected { return HTTPError(.timedOut, "\(host) could not be reached in time.") }
        if words.contains("too slow") {
            return HTTPError(.tooSlow, "\(host) sends so slowly that it was given up.")
        }
        return Self.timedOut(host, order.limits)
    }

    private func distrust(_ origin: Origin) -> HTTPError {
        let host = origin.host
        let lower = words.lowercased()
        if lower.contains("reset") || lower.contains("syscall") || lower.contains("unexpected eof") {
            return HTTPError(.cutOff, "The connection to \(host) was cut before it was secured.")
        }
        if lower.contains("wrong version number") || lower.contains("http request") {
            let plain = Origin(scheme: "http", host: host, port: origin.port)
            return HTTPError(
                .untrusted, "\(origin.place) does not speak TLS, without which it is not read.", .plain("\(plain)/"))
        }
        let reason =
            switch verification {
            case 9, 10: "its certificate is not valid today (expired, or not valid yet)"
            case 18, 19: "its certificate is signed by itself. The owner of this Daybook can name it as one to trust"
            case 20, 21: "nobody known here vouches for its certificate"
            default:
                if lower.contains("version") || lower.contains("protocol") || lower.contains("cipher") {
                    "it speaks only a TLS older than 1.2, or none"
                } else if lower.contains("match") {
                    "its certificate is for another name"
                } else {
                    "no secure connection came about"
                }
            }
        return HTTPError(
            .untrusted, "\(host) could not prove who it is: \(reason).",
            (18...21).contains(verification) ? .trust : nil)
    }
}
