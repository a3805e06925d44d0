/// Why something was not handed to the handler.
public enum WireFault: Sendable, Equatable, CaseIterable {
    /// The target is no path with a query: bad percent coding, control characters, no UTF-8, dot segments, another form.
    case target
    /// A method that nothing here has.
    case method
    /// A header that is none, that stands twice where it must stand once, or that must be there and is not.
    case header
    /// A body whose length is said in two ways, or in a way that is not understood.
    case framing
    case tooManyFields
    case tooLarge
    /// It took too long to ask, or to take the answer. The connection is closed without a word.
    case late
    /// More connections than the limit. They are closed, or wait at the door.
    case full
    /// Whoever should have answered forgot to.
    case unanswered
    /// The answer could not be sent as it was: a line break in a header, or a status that is none.
    case faultyReply

    public var status: Int {
        switch self {
        case .target, .header, .framing: 400
        case .method: 405
        case .tooManyFields: 431
        case .tooLarge: 413
        case .late: 408
        case .full: 503
        case .unanswered, .faultyReply: 500
        }
    }

    /// One sentence for whoever asked.
    public var sentence: String {
        switch self {
        case .target: "the address is not well formed"
        case .method: "the method is not known here"
        case .header: "a header is missing, not well formed, or stands more than once"
        case .framing: "the length of the body is not clear"
        case .tooManyFields: "there are too many headers or parameters"
        case .tooLarge: "the body is too large"
        case .late: "it took too long"
        case .full: "there are too many connections"
        case .unanswered: "there was no answer"
        case .faultyReply: "the answer could not be sent"
        }
    }

    public var plainReply: Reply {
        Reply(
            status, headers: [.init("Content-Type", "text/plain; charset=utf-8"), .init("Cache-Control", "no-store")],
            body: Array((sentence + "\n").utf8))
    }
}
