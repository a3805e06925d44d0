/// Why a request got no answer. What the server said with a status is a `Response` and no error.
public struct HTTPError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// The text is no address that Daybook would open.
        case badAddress = "bad_address"
        /// The guard does not let it be opened: a private network, the machine itself, a forbidden port.
        case forbiddenAddress = "forbidden_address"
        case unresolved, unreachable
        /// The other side could not prove who it is, or speaks too old a TLS.
        case untrusted
        case timedOut = "timed_out"
        case tooSlow = "too_slow"
        /// The body or the headers are larger than allowed, or unpack to far more than they were.
        case tooLarge = "too_large"
        case cutOff = "cut_off"
        case tooManyRedirects = "too_many_redirects"
        /// From https to http, or to something that is neither.
        case badRedirect = "bad_redirect"
        case malformed
        /// What was to be shown with it does not hold any more, so it was not sent.
        case unauthorized
        case interrupted
    }

    /// What the owner of a home could do about it, for those who know how that is told them.
    public enum Remedy: Sendable, Equatable {
        /// To name this host, or host and port, among those that may be opened.
        case allow(String)
        /// To name the certificate of the server among those to be trusted.
        case trust
        /// To use the address without encryption, where that is meant.
        case plain(String)
    }

    public let kind: Kind
    /// In words for a person: what was tried, on which server, and what came of it. No path, query or answer in it.
    public let message: String
    /// How many times the request was sent until it was given up.
    public var attempts = 1
    /// How long the last of them took.
    public var milliseconds: Int64 = 0
    public let remedy: Remedy?

    public init(_ kind: Kind, _ message: String, _ remedy: Remedy? = nil) {
        self.kind = kind
        self.message = message
        self.remedy = remedy
    }

    public var description: String { message }

    /// Nobody answered: the host may be down, or a wrong one.
    public var isSilence: Bool { [.unresolved, .unreachable, .timedOut, .tooSlow].contains(kind) }

    /// Trying again may help.
    public var isTransient: Bool {
        switch kind {
        case .unresolved, .unreachable, .timedOut, .tooSlow, .cutOff, .malformed: true
        case .badAddress, .forbiddenAddress, .untrusted, .tooLarge, .tooManyRedirects, .badRedirect, .unauthorized,
            .interrupted:
            false
        }
    }
}
